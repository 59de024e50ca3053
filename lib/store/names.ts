/**
 * File names for ids. Ordinary ids (letters, digits, `_ - @` and inner dots) are their own names; of
 * everything else the UTF-8 bytes are written as `%XX`, so that no id can leave its folder, hide, or be
 * something special to an operating system, and two ids never share a name.
 *
 * On a file system that ignores case, ids that differ only in case do share a file: creating the second
 * then reports it as taken, and reading it finds the first.
 *
 * @module
 */

import { MeshError } from "../error.ts";

/** The longest name in bytes: with `.json` and the marks of a temporary file it stays below 255. */
export const NAME_LIMIT = 200;

const ORDINARY = /^[A-Za-z0-9_@-](?:[A-Za-z0-9_@.-]*[A-Za-z0-9_@-])?$/;
const ORDINARY_BYTE = /[A-Za-z0-9_@-]/;
const DOT = 0x2e;

/**
 * Names that Windows gives to devices, in any case and with any extension
 * (https://learn.microsoft.com/windows/win32/fileio/naming-a-file). The ones with superscript digits or
 * with a `$` are escaped anyway.
 */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;

function isOrdinary(text: string): boolean {
  return ORDINARY.test(text) && !DEVICE.test(text);
}

function escapeByte(byte: number): string {
  return "%" + byte.toString(16).toUpperCase().padStart(2, "0");
}

function shown(id: string): string {
  return id.length > 40 ? id.slice(0, 40) + "…" : id;
}

/**
 * The file name of an id, without an extension. Not escaped are `A-Z a-z 0-9 _ - @` and dots that are
 * neither first nor last; `~`, `%`, `+`, spaces and the rest are.
 *
 * @param id Any text that is not empty.
 * @returns The name: ASCII, at most {@link NAME_LIMIT} bytes, different for different ids.
 * @throws {MeshError} `malformed` for an empty id, one with half a surrogate pair, or one whose name
 * would be too long.
 *
 * @example
 * ```ts
 * import { encodeName } from "./names.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(encodeName("agent-0f.v2"), "agent-0f.v2");
 * assertEquals(encodeName("../key"), "%2E.%2Fkey");
 * assertEquals(encodeName("con"), "%63on");
 * ```
 */
export function encodeName(id: string): string {
  // Even the longest escape takes at most nine bytes per UTF-16 unit, and a name at least one.
  if (id.length > NAME_LIMIT) throw tooLong(id);
  if (isOrdinary(id)) return id;
  if (id === "") throw new MeshError("malformed", "An id is empty");
  if (!id.isWellFormed()) {
    throw new MeshError("malformed", `Id "${shown(id)}" is not well-formed Unicode`);
  }
  const bytes = new TextEncoder().encode(id);
  const device = DEVICE.test(id);
  let name = "";
  bytes.forEach((byte, index) => {
    const innerDot = byte === DOT && index > 0 && index < bytes.length - 1;
    const plain = innerDot || ORDINARY_BYTE.test(String.fromCharCode(byte));
    name += plain && !(device && index === 0) ? String.fromCharCode(byte) : escapeByte(byte);
  });
  if (name.length > NAME_LIMIT) throw tooLong(id);
  return name;
}

function tooLong(id: string): MeshError {
  return new MeshError("malformed", `Id "${shown(id)}" is too long for a file name`);
}

/**
 * The id that a file name stands for.
 *
 * @param name A file name without its extension.
 * @returns The id, or `undefined` if {@link encodeName} gives this name to no id.
 *
 * @example
 * ```ts
 * import { decodeName } from "./names.ts";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(decodeName("a%2Fb"), "a/b");
 * assertEquals(decodeName("a b"), undefined);
 * ```
 */
export function decodeName(name: string): string | undefined {
  if (name.length > NAME_LIMIT) return undefined;
  if (isOrdinary(name)) return name;
  if (!name.includes("%")) return undefined;
  try {
    const id = decodeURIComponent(name);
    return encodeName(id) === name ? id : undefined;
  } catch {
    return undefined;
  }
}
