/**
 * Folders of packages: made beside their place and put there whole, as the rest of the state is.
 *
 * @module
 */
import { PLUGINS } from "./places.ts";

const STAGING = ".staging-";

/** A package as npm installed it. */
export interface Manifest {
  /** Its exact version. */
  readonly version: string;
  /** What npm checked its contents against. */
  readonly integrity: string;
  /** The versions of Node that it runs on. */
  readonly engines?: string;
}

/**
 * Works in a folder that is gone afterwards, unless it was put somewhere.
 *
 * @param folder The folder to make it in.
 * @param work Gets the folder.
 * @returns What the work returns.
 */
export async function withStaging<T>(
  folder: string,
  work: (staging: string) => Promise<T>,
): Promise<T> {
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const staging = `${folder}/${STAGING}${crypto.randomUUID()}`;
  await Deno.mkdir(staging, { mode: 0o700 });
  try {
    return await work(staging);
  } finally {
    await dispose(staging);
  }
}

/**
 * Puts a folder where it belongs, in place of one that may be there.
 *
 * @param staging The folder.
 * @param target Its place.
 */
export async function place(staging: string, target: string): Promise<void> {
  const parent = target.slice(0, target.lastIndexOf("/"));
  await Deno.mkdir(parent, { recursive: true, mode: 0o700 });
  const old = `${parent}/${STAGING}${crypto.randomUUID()}`;
  const there = await moved(target, old);
  try {
    await Deno.rename(staging, target);
  } catch (error) {
    if (there) await Deno.rename(old, target);
    throw error;
  }
  if (there) await dispose(old);
}

/**
 * Removes a folder, if it is there.
 *
 * @param folder The folder.
 */
export async function dispose(folder: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/**
 * Removes what installations have left that were cut short.
 *
 * @param root The state directory.
 */
export async function sweepStaging(root: string): Promise<void> {
  const plugins = `${root}/${PLUGINS}`;
  const versions = (await names(`${plugins}/openclaw`)).map((name) =>
    `${plugins}/openclaw/${name}`
  );
  const folders = [plugins, `${plugins}/openclaw`, ...versions.map((one) => `${one}/packages`)];
  for (const folder of folders) {
    for (const name of await names(folder)) {
      if (name.startsWith(STAGING)) await dispose(`${folder}/${name}`);
    }
  }
}

/**
 * Reads what npm installed in a folder.
 *
 * @param folder The folder.
 * @param name The package.
 * @returns What it is, or `undefined` if it is not there.
 */
export async function readManifest(folder: string, name: string): Promise<Manifest | undefined> {
  const manifest = await json(`${folder}/node_modules/${name}/package.json`);
  const lock = await json(`${folder}/package-lock.json`);
  const { version, engines } = manifest as { version?: unknown; engines?: { node?: unknown } };
  const { packages = {} } = lock as { packages?: Record<string, { integrity?: unknown }> };
  const integrity = packages[`node_modules/${name}`]?.integrity;
  if (typeof version !== "string" || typeof integrity !== "string") return undefined;
  const node = engines?.node;
  return { version, integrity, ...(typeof node === "string" ? { engines: node } : {}) };
}

/**
 * Moves a folder, if it is there.
 *
 * @param from The folder.
 * @param to Its new place.
 * @returns Whether it was there.
 */
export async function moved(from: string, to: string): Promise<boolean> {
  try {
    await Deno.rename(from, to);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function names(folder: string): Promise<string[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function json(path: string): Promise<object> {
  try {
    const value: unknown = JSON.parse(await Deno.readTextFile(path));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
