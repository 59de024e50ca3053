/**
 * The reference in Markdown: a page for each command with everything below it, and tables.
 *
 * @module
 */
import { type CommandPaper, withAllBelow } from "./command_tree.ts";
import { COMMON_FLAGS, presetWords } from "./common_flags.ts";
import type { Papers } from "./papers.ts";

const NOTE = "<!-- Written by scripts/papers/main.ts; what is changed here is lost. -->";

/**
 * Writes the pages.
 *
 * @param papers What there is to tell.
 * @returns Their texts by file name.
 */
export function markdownPages(papers: Papers): Record<string, string> {
  const pages: Record<string, string> = {
    "README.md": index(papers),
    "exit-codes.md": exitCodesPage(papers),
    "environment.md": environmentPage(papers),
    "configuration.md": configurationPage(papers),
  };
  for (const command of papers.tree.commands) pages[fileOf(command)] = commandPage(command);
  return pages;
}

function fileOf({ words }: CommandPaper): string {
  return `${words.join("-")}.md`;
}

function index({ tree, version }: Papers): string {
  return page(`Reference of mesh ${version}`, [
    "What each command takes, with examples. `mesh COMMAND --help` and the man pages say the same.",
    "",
    ...table(
      ["command", "what it does"],
      tree.commands.map((command) => [
        `[\`${command.words.join(" ")}\`](${fileOf(command)})`,
        cell(command.brief),
      ]),
    ),
    "",
    "## Flags of all commands",
    "",
    ...table(
      ["flag", "what for"],
      COMMON_FLAGS.map(([usage, brief]) => [code(usage), cell(brief)]),
    ),
    "",
    "## More",
    "",
    "- [Configuration](configuration.md): every key, with its default",
    "- [Environment](environment.md): every variable that is read",
    "- [Exit codes](exit-codes.md): what a script may rely on",
  ]);
}

function commandPage(command: CommandPaper): string {
  const below = withAllBelow(command);
  return page(command.words.join(" "), [
    ...body(command),
    ...(below.length === 1 ? [] : [
      "",
      ...table(
        ["command", "what it does"],
        below.slice(1).filter(({ commands }) => commands.length === 0).map(({ words, brief }) => [
          `[\`${words.join(" ")}\`](#${words.join("-")})`,
          cell(brief),
        ]),
      ),
      ...below.slice(1).flatMap((one) => ["", `## ${one.words.join(" ")}`, "", ...body(one)]),
    ]),
  ]);
}

function body(command: CommandPaper): string[] {
  const { words, paragraphs, arguments: args, flags, examples, commands } = command;
  const usage = [...words, ...args.map(({ usage }) => usage), ...(flags.length ? ["[flags]"] : [])];
  return [
    ...(commands.length > 0 ? [] : ["```sh", usage.join(" "), "```", ""]),
    ...paragraphs.flatMap((text, i) => [...(i > 0 ? [""] : []), prose(text)]),
    ...(args.length > 0
      ? [
        "",
        ...table(["argument", "what it is"], args.map((one) => [code(one.usage), cell(one.brief)])),
      ]
      : []),
    ...(flags.length > 0
      ? [
        "",
        ...table(
          ["flag", "what for"],
          flags.map((flag) => [code(flag.usage), cell(flag.brief + presetWords(flag))]),
        ),
      ]
      : []),
    ...(examples.length > 0
      ? [
        "",
        "```sh",
        ...examples.map(({ command, what }) => what ? `${command}  # ${what}` : command),
        "```",
      ]
      : []),
  ];
}

function exitCodesPage({ exits }: Papers): string {
  return page("Exit codes", [
    "Scripts may rely on them. With `--json`, a failure is a document with one of the names as its",
    "`error`.",
    "",
    ...table(
      ["exit code", "meaning", "names"],
      exits.map(({ exit, meaning, codes }) => [
        String(exit),
        cell(meaning),
        codes.map((name) => code(name)).join(", "),
      ]),
    ),
  ]);
}

function environmentPage({ variables }: Papers): string {
  return page("Environment", [
    "The variables that the program reads; the compiled one can read no others.",
    "",
    ...table(
      ["variable", "what it says"],
      variables.map(({ name, what }) => [code(name), cell(what)]),
    ),
  ]);
}

function configurationPage({ sections }: Papers): string {
  return page("Configuration", [
    "`config.json` in the state directory has a section for each surface. `ocg.json` beside it has what is",
    "about chat channels; its keys are here with `ocg` before them, as `mesh config` takes them.",
    "`mesh config show --effective` shows what counts right now, and where it comes from.",
    ...sections.flatMap(({ name, file, keys }) => [
      "",
      `## ${name}`,
      "",
      `In \`${file}\`.`,
      "",
      ...table(
        ["key", "type", "default", "what it says"],
        keys.map(({ key, type, preset, doc }) => [
          code(key),
          cell(type),
          preset === undefined ? "" : code(preset),
          cell(doc),
        ]),
      ),
    ]),
  ]);
}

function page(title: string, lines: readonly string[]): string {
  return [`# ${title}`, "", NOTE, "", ...lines].join("\n") + "\n";
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

function cell(text: string): string {
  return prose(text).replaceAll("|", "\\|");
}

/** Words in angle brackets would be taken for HTML. */
function prose(text: string): string {
  return text.split("`").map((part, i) =>
    i % 2 === 1 ? part : part.replaceAll("<", "&lt;").replaceAll("*", "\\*")
  ).join("`");
}
