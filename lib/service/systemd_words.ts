/**
 * Words as systemd reads them in unit files (systemd.syntax(7), systemd.service(5), "Command lines").
 *
 * @module
 */

/**
 * A word of a setting, such as a path: one word whatever is in it, and no specifier.
 *
 * @param text Any text without control characters.
 * @returns What stands in the file.
 *
 * @example
 * ```ts
 * import { settingWord } from "./systemd_words.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(settingWord("/srv/100% mesh"), '"/srv/100%% mesh"');
 * ```
 */
export function settingWord(text: string): string {
  const plain = text.replaceAll("%", "%%");
  if (/^[\w@%+=:,./-]+$/.test(plain)) return plain;
  return `"${plain.replace(/["\\]/g, "\\$&")}"`;
}

/**
 * A command line: the program, and arguments in which no variable is replaced.
 *
 * @param words The program's path and its arguments.
 * @returns What stands in the file.
 *
 * @example
 * ```ts
 * import { commandLine } from "./systemd_words.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(commandLine(["/opt/my mesh", "$HOME"]), '"/opt/my mesh" "$$HOME"');
 * ```
 */
export function commandLine([program = "", ...args]: readonly string[]): string {
  return [program, ...args.map((arg) => arg.replaceAll("$", "$$$$"))].map(settingWord).join(" ");
}
