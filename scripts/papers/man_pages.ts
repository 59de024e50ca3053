/**
 * The man pages: one for the program, one for each of its commands with everything below it, and one for
 * the configuration.
 *
 * @module
 */
import { type CommandPaper, withAllBelow } from "./command_tree.ts";
import { COMMON_FLAGS, presetWords } from "./common_flags.ts";
import type { Papers } from "./papers.ts";
import { bold, definitions, plain, prose, verbatim } from "./troff.ts";

const FILES: readonly (readonly [string, string])[] = [
  ["~/.openclaw/agent-mesh", "The state directory, unless said otherwise; its owner's alone."],
  ["config.json, ocg.json", "In it: the configuration. See mesh-config(5)."],
  ["run/", "In it: what runs right now, and logs."],
];

/**
 * Writes the pages.
 *
 * @param papers What there is to tell.
 * @returns Their texts by file name.
 */
export function manPages(papers: Papers): Record<string, string> {
  const { tree } = papers;
  const pages: Record<string, string> = {
    "mesh.1": overview(papers),
    "mesh-config.5": configuration(papers),
  };
  for (const command of tree.commands) {
    pages[`${command.words.join("-")}.1`] = commandPage(command, papers);
  }
  return pages;
}

function page(name: string, section: number, brief: string, { version }: Papers): string[] {
  return [
    `.\\" Written by scripts/papers/main.ts; what is changed here is lost.`,
    `.TH ${plain(name.toUpperCase())} ${section} "" "mesh ${version}" "mesh"`,
    ".SH NAME",
    `${plain(name)} \\- ${prose(lower(brief))}`,
  ];
}

function overview(papers: Papers): string {
  const { tree, exits, variables } = papers;
  return joined([
    ...page("mesh", 1, tree.brief, papers),
    ".SH SYNOPSIS",
    `${bold("mesh")} ${plain("<command> [flags] [arguments]")}`,
    ".SH DESCRIPTION",
    ...paragraphs(tree),
    ...examples(tree),
    ".SH COMMANDS",
    "Each has a page of its own, such as",
    `${bold("mesh-init")}(1).`,
    ...definitions(tree.commands.map(({ words, brief }) => [words.slice(1).join(" "), brief])),
    ".SH FLAGS OF ALL COMMANDS",
    ...definitions(COMMON_FLAGS),
    ".SH EXIT STATUS",
    ...definitions(exits.map(({ exit, meaning }) => [String(exit), meaning])),
    ".SH ENVIRONMENT",
    ...definitions(variables.map(({ name, what }) => [name, what])),
    ".SH FILES",
    ...definitions(FILES),
    ".SH SEE ALSO",
    ...seeAlso([
      ...tree.commands.map(({ words }) => [words.join("-"), 1] as const),
      ["mesh-config", 5],
    ]),
  ]);
}

function commandPage(command: CommandPaper, papers: Papers): string {
  const name = command.words.join("-");
  const isGroup = command.commands.length > 0;
  const below = withAllBelow(command).filter(({ commands }) => commands.length === 0);
  return joined([
    ...page(name, 1, command.brief, papers),
    ".SH SYNOPSIS",
    ...(isGroup
      ? below.flatMap((one, i) => [...(i > 0 ? [".br"] : []), synopsis(one)])
      : [synopsis(command)]),
    ".SH DESCRIPTION",
    ...paragraphs(command),
    ...(isGroup ? examples(command) : details(command)),
    ...(isGroup ? [".SH COMMANDS"] : []),
    ...(isGroup
      ? below.flatMap((one) => [
        `.SS ${plain(one.words.join(" "))}`,
        synopsis(one),
        ".PP",
        ...paragraphs(one),
        ...details(one),
      ])
      : []),
    ".SH SEE ALSO",
    ...seeAlso([["mesh", 1], ...(name === "mesh-config" ? [["mesh-config", 5] as const] : [])]),
  ]);
}

/** Other pages, in one sentence. */
function seeAlso(pages: readonly (readonly [name: string, section: number])[]): string[] {
  return pages.map(([name, section], i) =>
    `${bold(name)}(${section})${i < pages.length - 1 ? "," : ""}`
  );
}

function configuration(papers: Papers): string {
  const sections = papers.sections.flatMap(({ name, file, keys }) => [
    `.SS ${plain(`${name} (${file})`)}`,
    ...keys.flatMap(({ key, type, preset, doc }) => [
      ".TP",
      `${bold(key)} ${plain(`(${type}${preset === undefined ? "" : `; ${preset}`})`)}`,
      prose(doc),
    ]),
  ]);
  return joined([
    ...page("mesh-config", 5, "the configuration of mesh", papers),
    ".SH DESCRIPTION",
    prose(
      "`config.json` in the state directory has a section for each surface. `ocg.json` beside it has what " +
        "is about chat channels; its keys are here with `ocg` before them, as `mesh config` takes them. " +
        "Behind the type of a key is its default, if it has one.",
    ),
    ".SH KEYS",
    ...sections,
    ".SH SEE ALSO",
    `${bold("mesh-config")}(1)`,
  ]);
}

function synopsis({ words, arguments: args, flags }: CommandPaper): string {
  const rest = [...args.map(({ usage }) => usage), ...(flags.length > 0 ? ["[flags]"] : [])];
  return `${bold(words.join(" "))}${rest.length > 0 ? ` ${plain(rest.join(" "))}` : ""}`;
}

function paragraphs({ paragraphs }: CommandPaper): string[] {
  return paragraphs.flatMap((text, i) => [...(i > 0 ? [".PP"] : []), prose(text)]);
}

function details(command: CommandPaper): string[] {
  const args = command.arguments.map(({ usage, brief }) => [usage, brief] as const);
  const flags = command.flags.map((flag) => [flag.usage, flag.brief + presetWords(flag)] as const);
  return [...definitions([...args, ...flags]), ...examples(command)];
}

function examples({ examples }: CommandPaper): string[] {
  if (examples.length === 0) return [];
  const lines = examples.flatMap(({ command, what }) => what ? [`# ${what}`, command] : [command]);
  return [".PP", examples.length === 1 ? "Example:" : "Examples:", ...verbatim(lines)];
}

function lower(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function joined(lines: readonly string[]): string {
  return lines.join("\n") + "\n";
}
