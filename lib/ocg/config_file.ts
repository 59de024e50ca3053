/**
 * Where `ocg.json` is, and how it is read and changed: `OCG_CONFIG_PATH`, else the state directory, else
 * where the OpenClaw Channel Gateway has it.
 *
 * @module
 */
import { MeshError, messageOf } from "../error.ts";
import { openFileStore } from "../store/file_store.ts";
import { isAbsent } from "../store/io_error.ts";
import type { Store } from "../store/store.ts";
import { checkOcgConfig, type ParsedConfig, parseOcgConfig } from "./config.ts";

/** The environment: the value of a variable, `undefined` if it is not set. */
export type Environment = (name: string) => string | undefined;

/** A configuration that was read. */
export interface LoadedConfig extends ParsedConfig {
  /** The file that it is from, or that would be written. */
  readonly path: string;
  /** Whether that file is there. */
  readonly exists: boolean;
}

const NAME = "ocg.json";
/** Nobody writes as much; a file like that is another one. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Finds the file.
 *
 * @param root The state directory.
 * @param env The environment, for `OCG_CONFIG_PATH` and the home directory.
 * @returns Its path; that in the state directory if there is none anywhere.
 */
export async function findOcgConfig(root: string, env: Environment): Promise<string> {
  const named = env("OCG_CONFIG_PATH");
  if (named) return named;
  const own = `${root}/${NAME}`;
  const home = env("HOME") ?? env("USERPROFILE");
  if (await isThere(own) || !home) return own;
  const original = `${home}/.openclaw-channel-gateway/${NAME}`;
  return await isThere(original) ? original : own;
}

/**
 * Reads the file.
 *
 * @param root The state directory.
 * @param env The environment.
 * @returns The configuration; defaults if there is no file.
 * @throws {MeshError} `config_invalid`, or `io` if the file cannot be read.
 */
export async function readOcgConfig(root: string, env: Environment): Promise<LoadedConfig> {
  const path = await findOcgConfig(root, env);
  const text = await readText(path);
  if (text === undefined) return { ...parseOcgConfig("{}", path), path, exists: false };
  const { config, warnings } = parseOcgConfig(text, path);
  return { config, warnings: [...warnings, ...await openToOthers(path)], path, exists: true };
}

/**
 * Changes the file; what the change does not touch stays as it is, and nothing invalid is written.
 *
 * @param store The store of the state directory, for the lock.
 * @param root The state directory.
 * @param env The environment.
 * @param change Changes the file's value in place.
 * @returns The configuration as it is now.
 * @throws {MeshError} As {@linkcode readOcgConfig} does, and `disk_full`.
 */
export async function changeOcgConfig(
  store: Store,
  root: string,
  env: Environment,
  change: (file: Record<string, unknown>) => void,
): Promise<LoadedConfig> {
  return await store.withLock(NAME, async () => {
    const path = await findOcgConfig(root, env);
    const text = await readText(path) ?? "{}";
    parseOcgConfig(text, path);
    const file = JSON.parse(text.replace(/^\uFEFF/, "")) as Record<string, unknown>;
    change(file);
    const parsed = checkOcgConfig(file, path);
    const [, folder = "", name = path] = /^(.*)[/\\]([^/\\]+)$/.exec(path) ?? [];
    await openFileStore(folder || (name === path ? "." : "/")).writeFile(name, print(file));
    return { ...parsed, path, exists: true };
  });
}

function print(file: Record<string, unknown>): string {
  return JSON.stringify(file, null, 2) + "\n";
}

async function readText(path: string): Promise<string | undefined> {
  try {
    if ((await Deno.stat(path)).size > MAX_BYTES) {
      throw new MeshError("config_invalid", `${path} is larger than ${MAX_BYTES} bytes`);
    }
    return await Deno.readTextFile(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    if (error instanceof MeshError) throw error;
    throw new MeshError("io", `Cannot read "${path}": ${messageOf(error)}`, { cause: error });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch {
    return false;
  }
}

async function openToOthers(path: string): Promise<string[]> {
  const { mode } = await Deno.stat(path);
  if (Deno.build.os === "windows" || ((mode ?? 0) & 0o077) === 0) return [];
  return [`${path} may be read by others on this machine: chmod 600 ${path}`];
}
