/**
 * How a command is declared: what it takes, what its help says, and where its action is loaded from when
 * it runs. Declarations are light, so that forty of them cost nothing at start.
 *
 * @module
 */
import {
  buildCommand,
  type Command,
  type CommandContext,
  type StricliProcess,
} from "@stricli/core";
import { exitCodeOf } from "../lib/error.ts";
import { COMMON_FLAGS, type CommonFlags } from "./flags.ts";
import { prepareState } from "./prepare_state.ts";
import type { Terminal } from "./terminal.ts";

/** What a command's action gets to work with. */
export interface MeshContext extends CommandContext {
  /** Streams, environment and exit code, as the parser knows them. */
  readonly process: StricliProcess;
  /** The terminal, in text mode until the flags are known. */
  readonly terminal: Terminal;
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** How a command line may go on; the last word is unfinished. */
  readonly propose: (words: readonly string[]) => Promise<readonly Proposal[]>;
}

/** One way to go on. */
export interface Proposal {
  /** The word. */
  readonly completion: string;
  /** What it means. */
  readonly brief: string;
}

/** What an action is called with, beside its flags and arguments. */
export interface ActionContext {
  /** The terminal, in the mode that the flags ask for. */
  readonly terminal: Terminal;
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** How a command line may go on; the last word is unfinished. */
  readonly propose: (words: readonly string[]) => Promise<readonly Proposal[]>;
}

/** An action: returns its exit code, or nothing for 0; throws for a failure. */
export type Action<Flags extends CommonFlags, Args extends readonly (string | undefined)[]> = (
  context: ActionContext,
  flags: Flags,
  ...args: Args
) => Promise<number | void>;

/** A command's declaration. `flags` and `positional` have the parser's own shapes. */
export interface CommandDefinition<
  Flags extends CommonFlags,
  Args extends readonly (string | undefined)[],
> {
  /** One line for the list of commands. */
  readonly brief: string;
  /** What else a reader should know, in paragraphs. */
  readonly description?: string;
  /** Command lines with what they do; at least one. */
  readonly examples: readonly (readonly [command: string, what: string])[];
  /** The command's own flags. */
  readonly flags?: Record<string, unknown>;
  /** One-letter names of flags. */
  readonly aliases?: Record<string, string>;
  /** The positional arguments. */
  readonly positional?: unknown;
  /** Whether it may look at a state directory whose layout is not known; only for what changes nothing. */
  readonly anyState?: boolean;
  /** Loads the action. */
  readonly action: () => Promise<{ default: Action<Flags, Args> }>;
}

/**
 * Builds a command out of its declaration: adds the common flags, the examples to the help, and the one
 * place where an action's failure becomes an exit code.
 *
 * @param definition The declaration.
 * @returns The command, for a route map.
 */
export function defineCommand<
  Flags extends CommonFlags,
  Args extends readonly (string | undefined)[] = [],
>(
  definition: CommandDefinition<Flags, Args>,
): Command<MeshContext> {
  const load = async () => {
    const { default: action } = await definition.action();
    return async function (this: MeshContext, flags: Flags, ...args: Args): Promise<void> {
      const terminal = this.terminal.withJson(flags.json);
      try {
        if (!definition.anyState) await prepareState({ terminal, env: this.env }, flags);
        const code = await action(
          { terminal, env: this.env, propose: this.propose },
          flags,
          ...args,
        );
        this.process.exitCode = code ?? 0;
      } catch (error) {
        terminal.fail(error);
        this.process.exitCode = exitCodeOf(error);
      } finally {
        terminal.endProgress();
      }
    };
  };
  // The parser's generic types cannot follow a declaration that is assembled here; what they would check
  // is checked by the commands' own `Flags` interfaces and by the tests that run each command.
  // deno-lint-ignore no-explicit-any
  return (buildCommand as any)({
    loader: load,
    parameters: {
      flags: { ...definition.flags, ...COMMON_FLAGS },
      aliases: definition.aliases ?? {},
      positional: definition.positional ?? { kind: "tuple", parameters: [] },
    },
    docs: {
      brief: definition.brief,
      fullDescription: helpText(definition),
      customUsage: [usageLine(definition)],
    },
  });
}

/** What the parser's own line would not tell: which arguments may be left out. */
function usageLine({ flags = {}, positional }: { flags?: unknown; positional?: unknown }): string {
  const required = Object.entries(flags as Record<string, Declared>)
    .filter(([, { optional, default: preset }]) => !optional && preset === undefined)
    .map(([name, { placeholder }]) => `--${kebab(name)} <${placeholder}>`);
  const { parameters = [], parameter } = (positional ?? {}) as DeclaredPositional;
  const given = parameters.map(({ placeholder, optional }) =>
    optional ? `[<${placeholder}>]` : `<${placeholder}>`
  );
  const many = parameter ? [`[<${parameter.placeholder}>...]`] : [];
  return [...required, ...given, ...many, "[flags]"].join(" ");
}

/** The parts of the parser's declarations that a usage line shows. */
interface Declared {
  readonly placeholder?: string;
  readonly optional?: boolean;
  readonly default?: unknown;
}

interface DeclaredPositional {
  readonly parameters?: readonly Declared[];
  readonly parameter?: Declared;
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function helpText(
  { brief, description, examples }: Pick<
    CommandDefinition<CommonFlags, []>,
    "brief" | "description" | "examples"
  >,
): string {
  const widest = Math.max(...examples.map(([command]) => command.length));
  const lines = examples.map(([command, what]) =>
    `  ${command.padEnd(widest)}  # ${what}`.trimEnd()
  );
  return [description ?? `${brief}.`, ["EXAMPLES", ...lines].join("\n")].join("\n\n");
}
