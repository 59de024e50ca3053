/**
 * What a service is to run, whatever service manager runs it.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { GATEWAY, OCG, UP } from "../run/run_file.ts";

/** Whose service it is: one user's, or the whole machine's. */
export type ServiceScope = "user" | "system";

/** A service. */
export interface ServiceSpec {
  /** Its name, as {@linkcode checkServiceName} allows it. */
  readonly name: string;
  /** Whose it is. */
  readonly scope: ServiceScope;
  /** This program: an absolute path, and what has to come before its arguments. */
  readonly program: readonly string[];
  /** The command that it runs, such as `["up"]`, without `--state-dir`. */
  readonly command: readonly string[];
  /** The state directory, an absolute path. */
  readonly stateDir: string;
  /** Where the owner's programs are found. */
  readonly path: string;
  /** Further folders that the owner's programs write to; only a system service needs to be told. */
  readonly writable: readonly string[];
  /** Who runs it; a system service needs one. */
  readonly user?: string | undefined;
}

/** What this program is called, and hence its service if nobody says otherwise. */
export const DEFAULT_SERVICE = "mesh";

/** The first line of what is ours in a file that a service manager reads. */
export const MARK = "Written by: mesh service install";

/**
 * Checks the name of a service, which becomes part of a file's name.
 *
 * @param name What was typed.
 * @returns The name.
 * @throws {MeshError} `usage` if it is not made of letters, digits, `-` and `_`.
 *
 * @example
 * ```ts
 * import { checkServiceName } from "./service_spec.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(checkServiceName("mesh-home"), "mesh-home");
 * assertThrows(() => checkServiceName("../mesh"));
 * ```
 */
export function checkServiceName(name: string): string {
  if (/^[A-Za-z][\w-]{0,59}$/.test(name)) return name;
  throw new MeshError("usage", `"${name}" is not a name for a service`, {
    hint: "a letter, then letters, digits, - and _, such as: --name mesh-home",
  });
}

/**
 * Checks that everything in a service can stand in a line of a file.
 *
 * @param spec The service.
 * @throws {MeshError} `usage` if a path has a line break or another control character in it.
 */
export function checkServiceSpec(spec: ServiceSpec): void {
  const { program, command, stateDir, path, writable, user = "" } = spec;
  for (const text of [...program, ...command, stateDir, path, ...writable, user]) {
    // deno-lint-ignore no-control-regex -- these are what is looked for
    if (!/[\u0000-\u001f\u007f]/.test(text)) continue;
    throw new MeshError("usage", `A service cannot be told ${JSON.stringify(text)}`, {
      hint: "use a path without control characters",
    });
  }
}

/** The commands that run a daemon, and what each is announced as while it listens. */
const DAEMONS: readonly (readonly [words: readonly string[], name: string])[] = [
  [["up"], UP],
  [["serve"], "serve"],
  [["ogp", "start"], GATEWAY],
  [["ocg", "start"], OCG],
];

/**
 * What the daemon of a command is announced as.
 *
 * @param command The command.
 * @returns The name.
 * @throws {MeshError} `usage` if the command runs no daemon.
 *
 * @example
 * ```ts
 * import { daemonOf } from "./service_spec.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(daemonOf(["ogp", "start", "--port", "18900"]), "ogp");
 * assertThrows(() => daemonOf(["scan"]));
 * ```
 */
export function daemonOf(command: readonly string[]): string {
  const found = DAEMONS.find(([words]) => words.every((word, i) => command[i] === word));
  if (found) return found[1];
  throw new MeshError("usage", `"mesh ${command.join(" ")}" runs no daemon`, {
    hint: `one of: ${DAEMONS.map(([words]) => words.join(" ")).join(", ")}`,
  });
}
