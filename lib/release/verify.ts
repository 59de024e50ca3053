/**
 * Whether a file is the one that was released: the list of sums has to be signed, and the file's sum has to
 * be on it.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { MeshError, messageOf } from "../error.ts";
import type { ReleaseKey } from "./key.ts";
import { checkSignature, parseSignature, SIGNATURE_LIMIT } from "./signature.ts";
import { parseSums, type Sums } from "./sums.ts";

/** What is read of a list of sums, at most, in bytes. */
const SUMS_LIMIT = 1_048_576;

const DOWNLOAD = "download it from the page of the release, into one folder with the rest";

/** Where things are, and who is trusted. */
export interface VerifyOptions {
  /** The path of the file to check. */
  readonly file: string;
  /** The path of the list of sums. */
  readonly sums: string;
  /** The path of its detached signature. */
  readonly signature: string;
  /** The key that has to have signed. */
  readonly key: ReleaseKey;
}

/** What is known of a file that is right. */
export interface Verdict {
  /** The name that it was released under. */
  readonly name: string;
  /** Its SHA-256 in 64 hex digits. */
  readonly sha256: string;
  /** Its size in bytes. */
  readonly size: number;
  /** The id of the key that signed. */
  readonly keyId: string;
  /** What the signer said about the release. */
  readonly comment: string;
}

/**
 * Checks a file.
 *
 * @param options Where things are, and who is trusted.
 * @returns What is known of the file, if all is right.
 * @throws {MeshError} `not_found` if something is not there; `malformed` or `too_large` if it is not what
 * it should be; `bad_signature` if the list is not signed by the key; `refused` if the file is not on it.
 */
export async function verifyRelease(options: VerifyOptions): Promise<Verdict> {
  const list = await readSmall(options.sums, SUMS_LIMIT, "the list of sums");
  const signed = parseSignature(
    await readSmall(options.signature, SIGNATURE_LIMIT, "its signature"),
  );
  checkSignature(list, signed, options.key);
  const { sha256, size } = await sumOf(options.file);
  const name = nameFor(baseName(options.file), sha256, parseSums(list));
  return { name, sha256, size, keyId: signed.keyId, comment: signed.trustedComment };
}

/** The name that a file with this sum was released under; the file itself may have got another one. */
function nameFor(name: string, sum: string, sums: Sums): string {
  const expected = sums.get(name);
  if (expected === sum) return name;
  const [other] = [...sums].filter(([, one]) => one === sum).map(([one]) => one);
  if (other !== undefined && expected === undefined) return other;
  if (other !== undefined) {
    throw new MeshError("refused", `"${name}" is really "${other}" of the same release`, {
      hint: "download it again",
    });
  }
  if (expected !== undefined) {
    throw new MeshError("refused", `"${name}" is not the file that was released: its sum differs`, {
      hint: "do not run it; download it again",
    });
  }
  throw new MeshError("refused", `"${name}" is no file of this release`, {
    hint: `take the list of the release that it comes from; this one has ${list([...sums.keys()])}`,
  });
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(", ");
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}

/**
 * The SHA-256 of a file of any size.
 *
 * @param path Its path.
 * @returns The sum in 64 hex digits, and the size in bytes.
 * @throws {MeshError} `not_found`, or `io` if it cannot be read.
 */
export async function sumOf(path: string): Promise<{ sha256: string; size: number }> {
  const hash = createHash("sha256");
  let size = 0;
  try {
    using file = await Deno.open(path, { read: true });
    const piece = new Uint8Array(1 << 18);
    for (let read = await file.read(piece); read !== null; read = await file.read(piece)) {
      hash.update(piece.subarray(0, read));
      size += read;
    }
  } catch (error) {
    throw readError(path, "the file", error);
  }
  return { sha256: hash.digest("hex"), size };
}

async function readSmall(path: string, limit: number, what: string): Promise<Uint8Array> {
  try {
    const { size, isFile } = await Deno.stat(path);
    if (isFile && size > limit) {
      throw new MeshError("too_large", `"${path}" is too large to be ${what}: ${size} bytes`, {
        hint: DOWNLOAD,
      });
    }
    return await Deno.readFile(path);
  } catch (error) {
    throw readError(path, what, error);
  }
}

function readError(path: string, what: string, error: unknown): MeshError {
  if (error instanceof MeshError) return error;
  if (error instanceof Deno.errors.NotFound) {
    return new MeshError("not_found", `There is no "${path}": ${what} is missing`, {
      hint: DOWNLOAD,
      cause: error,
    });
  }
  return new MeshError("io", `Cannot read "${path}": ${messageOf(error)}`, { cause: error });
}

function baseName(path: string): string {
  return path.slice(path.search(/[^/\\]*$/));
}
