/**
 * The names of the programs that this one takes the place of, as small programs of their own.
 *
 * @module
 */
import type { MarkedFile } from "../store/marked_file.ts";

/** A name, and what it stands for. */
export interface OldName {
  /** What is typed. */
  readonly name: string;
  /** The words after `mesh` that it stands for. */
  readonly words: readonly string[];
}

/** The names: OGP's own program, its companion, and the OpenClaw Channel Gateway. */
export const OLD_NAMES: readonly OldName[] = [
  { name: "ogp", words: ["ogp"] },
  { name: "ogp-install-skills", words: ["skills", "install"] },
  { name: "ocg", words: ["ocg"] },
];

/** What makes such a program ours. */
const MARK = "Written by: mesh link";

/**
 * The file of a name.
 *
 * @param folder The folder of programs.
 * @param name The name.
 * @param windows Whether it is a batch file.
 * @returns The file, ours by its mark.
 */
export function linkFile(folder: string, { name }: OldName, windows: boolean): MarkedFile {
  return {
    path: `${folder}/${name}${windows ? ".cmd" : ""}`,
    mark: MARK,
    mode: 0o755,
    ifForeign: "remove that program, or choose another folder: mesh link --dir DIR",
    ifRefused: "choose another folder: mesh link --dir DIR",
  };
}

/**
 * Writes a name as a shell script. A program that was moved is looked for on the path.
 *
 * @param name The name.
 * @param program This program's path, and what comes before its arguments.
 * @returns The script.
 *
 * @example
 * ```ts
 * import { linkScript } from "./old_names.ts";
 * import { assertStringIncludes } from "@std/assert";
 *
 * const script = linkScript({ name: "ogp", words: ["ogp"] }, ["/opt/it's/mesh"]);
 * assertStringIncludes(script, `\nset -- ogp "$@"\n`);
 * assertStringIncludes(script, `\n  exec '/opt/it'\\''s/mesh' "$@"\n`);
 * ```
 */
export function linkScript({ words }: OldName, program: readonly string[]): string {
  const line = words.join(" ");
  return [
    "#!/bin/sh",
    `# ${MARK}. The same as: mesh ${line}`,
    `set -- ${line} "$@"`,
    // The one flag that programs have and commands have not.
    `[ "$*" = "${line} --version" ] && set -- --version`,
    `if [ -x ${quoted(program[0] ?? "")} ]; then`,
    `  exec ${program.map(quoted).join(" ")} "$@"`,
    "fi",
    `exec mesh "$@"`,
  ].join("\n") + "\n";
}

/**
 * Writes a name as a batch file.
 *
 * @param name The name.
 * @param program This program's path, and what comes before its arguments.
 * @returns The batch file.
 */
export function linkBatch({ words }: OldName, program: readonly string[]): string {
  const command = program.map((word) => `"${word.replaceAll("%", "%%")}"`).join(" ");
  return [
    "@echo off",
    `rem ${MARK}. The same as: mesh ${words.join(" ")}`,
    'if "%~1"=="--version" goto version',
    `${command} ${words.join(" ")} %*`,
    "exit /b %errorlevel%",
    ":version",
    `${command} --version`,
  ].join("\r\n") + "\r\n";
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
