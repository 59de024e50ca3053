/**
 * Input from files and stdin, under a limit.
 *
 * @module
 */
import { MeshError, messageOf } from "../lib/error.ts";

/** Most bytes read of a file that was carried here; the server's limit for a body. */
const CARRIED_LIMIT = 256 * 1024;

/**
 * Reads a signed document that was carried by hand.
 *
 * @param file A path, or `-` for stdin.
 * @returns Its bytes.
 * @throws {MeshError} `not_found`, `too_large`, `io`.
 */
export async function carried(file: string): Promise<Uint8Array> {
  return await readInput(file, CARRIED_LIMIT);
}

/**
 * Reads a file or stdin.
 *
 * @param file A path, or `-` for stdin.
 * @param limit Most bytes.
 * @returns The bytes.
 * @throws {MeshError} `not_found`, `too_large`, `io`.
 */
export async function readInput(file: string, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    const stream = file === "-" ? Deno.stdin.readable : (await Deno.open(file)).readable;
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > limit) throw new MeshError("too_large", `"${file}" is larger than ${limit} bytes`);
      chunks.push(chunk as Uint8Array<ArrayBuffer>);
    }
  } catch (error) {
    throw readError(file, error);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

/**
 * Names the flag that takes what is refused for its age only.
 *
 * @param error What was thrown.
 * @param command The command that would take it.
 * @throws The error, with the hint where it fits.
 */
export function hintAtAge(error: unknown, command: string): never {
  if (error instanceof MeshError && error.code === "stale_timestamp") {
    throw new MeshError(error.code, error.message, {
      cause: error,
      hint: `if you trust its way here: ${command}`,
    });
  }
  throw error;
}

function readError(file: string, error: unknown): unknown {
  if (error instanceof MeshError) return error;
  if (error instanceof Deno.errors.NotFound) {
    return new MeshError("not_found", `There is no file "${file}"`);
  }
  return new MeshError("io", `Cannot read "${file}": ${messageOf(error)}`, { cause: error });
}
