/**
 * The tree of commands as papers need it: what each is for, what it takes, and examples of it.
 *
 * @module
 */
import type { Application } from "@stricli/core";
import type { MeshContext } from "../../commands/define.ts";

/** A flag. */
export interface FlagPaper {
  /** As it is typed, such as `--port <port>` or `--start/--no-start`. */
  readonly usage: string;
  /** What it is for. */
  readonly brief: string;
  /** What counts if it is not given; nothing for what is off or not there then. */
  readonly preset?: string | undefined;
}

/** An argument. */
export interface ArgumentPaper {
  /** As it is written, such as `<peer>` or `[<word>...]`. */
  readonly usage: string;
  /** What it is. */
  readonly brief: string;
}

/** A command line, and what it does. */
export interface ExamplePaper {
  /** The command line. */
  readonly command: string;
  /** What it does. */
  readonly what: string;
}

/** A command, or a group of them. */
export interface CommandPaper {
  /** The words that lead to it, such as `["mesh", "ogp", "start"]`. */
  readonly words: readonly string[];
  /** One line. */
  readonly brief: string;
  /** More, in paragraphs. */
  readonly paragraphs: readonly string[];
  /** At least one for a command. */
  readonly examples: readonly ExamplePaper[];
  /** What it takes by name. */
  readonly flags: readonly FlagPaper[];
  /** What it takes by place. */
  readonly arguments: readonly ArgumentPaper[];
  /** The commands of a group; none for a command. */
  readonly commands: readonly CommandPaper[];
}

/** What the parser's objects show of themselves. */
interface Target {
  readonly brief: string;
  readonly fullDescription?: string;
  readonly getAllEntries?: () => readonly {
    readonly name: Readonly<Record<"convert-camel-to-kebab", string>>;
    readonly hidden: boolean;
    readonly target: Target;
  }[];
  readonly parameters?: Parameters;
}

interface Parameters {
  readonly flags?: Readonly<Record<string, Flag>>;
  readonly aliases?: Readonly<Record<string, string>>;
  readonly positional?: {
    readonly parameters?: readonly Positional[];
    readonly parameter?: Positional;
  };
}

interface Flag {
  readonly kind: string;
  readonly brief: string;
  readonly hidden?: boolean;
  readonly placeholder?: string;
  readonly default?: unknown;
  readonly withNegated?: boolean;
  readonly variadic?: unknown;
  readonly values?: readonly string[];
}

interface Positional {
  readonly brief: string;
  readonly placeholder?: string;
  readonly optional?: boolean;
}

/** Flags that all commands take are explained once. */
const COMMON: ReadonlySet<string> = new Set(["json", "stateDir"]);

/**
 * Walks the tree.
 *
 * @param app The command line.
 * @returns The program, with its commands below it; what is hidden is left out.
 */
export function commandTree(app: Application<MeshContext>): CommandPaper {
  return paperOf(app.root as unknown as Target, ["mesh"]);
}

/**
 * All commands and groups of a part of the tree.
 *
 * @param paper The part.
 * @returns It and everything below it, in order.
 */
export function withAllBelow(paper: CommandPaper): CommandPaper[] {
  return [paper, ...paper.commands.flatMap(withAllBelow)];
}

function paperOf(target: Target, words: readonly string[]): CommandPaper {
  const { paragraphs, examples } = readHelp(target.fullDescription ?? `${target.brief}.`);
  const { flags = {}, aliases = {}, positional } = target.parameters ?? {};
  const short = new Map(Object.entries(aliases).map(([letter, name]) => [name, letter]));
  return {
    words,
    brief: target.brief,
    paragraphs,
    examples,
    flags: Object.entries(flags)
      .filter(([name, { hidden }]) => !hidden && !COMMON.has(name))
      .map(([name, flag]) => flagPaper(name, flag, short.get(name))),
    arguments: argumentPapers(positional),
    commands: (target.getAllEntries?.() ?? []).filter(({ hidden }) => !hidden)
      .map(({ name, target }) => paperOf(target, [...words, name["convert-camel-to-kebab"]])),
  };
}

function flagPaper(name: string, flag: Flag, letter: string | undefined): FlagPaper {
  const long = `--${kebab(name)}`;
  const negated = flag.kind === "boolean" && flag.withNegated !== false && flag.default === true
    ? `${long}/--no-${kebab(name)}`
    : long;
  const value = flag.kind === "boolean" || flag.kind === "counter"
    ? ""
    : ` <${flag.placeholder ?? flag.values?.join("|") ?? "value"}>`;
  const off = flag.default === undefined || flag.default === false;
  return {
    usage: (letter === undefined ? "" : `-${letter}, `) + negated + value +
      (flag.variadic ? " ..." : ""),
    brief: flag.brief,
    preset: off ? undefined : flag.kind === "boolean" ? "yes" : String(flag.default),
  };
}

function argumentPapers(positional: Parameters["positional"]): ArgumentPaper[] {
  const { parameters = [], parameter } = positional ?? {};
  const single = parameters.map(({ placeholder = "arg", optional, brief }) => ({
    usage: optional ? `[<${placeholder}>]` : `<${placeholder}>`,
    brief,
  }));
  if (!parameter) return single;
  const { placeholder = "arg", brief } = parameter;
  return [...single, { usage: `[<${placeholder}>...]`, brief }];
}

/** Takes apart what the help of a command is put together of. */
function readHelp(text: string): Pick<CommandPaper, "paragraphs" | "examples"> {
  const paragraphs: string[] = [];
  const examples: ExamplePaper[] = [];
  for (const block of text.split("\n\n")) {
    if (!block.startsWith("EXAMPLES\n")) {
      paragraphs.push(block.replaceAll("\n", " "));
      continue;
    }
    for (const line of block.split("\n").slice(1)) {
      const [command = "", what = ""] = line.trim().split(/\s+# /);
      examples.push({ command, what });
    }
  }
  return { paragraphs, examples };
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
