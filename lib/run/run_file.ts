/**
 * What runs on a state directory right now: `run/<name>-<pid>-<random>.json`, locked by its process for as
 * long as it lives, so that a file left by a crash is told from one of a living daemon by the kernel, not
 * by a process number that may belong to somebody else by now, or, from another container, to somebody
 * else at the same time.
 *
 * @module
 */

/** What a gateway's daemon is announced as; the daemon of `mesh serve` is `serve`. */
export const GATEWAY = "ogp";

/** What the daemon of the chat channels is announced as. */
export const OCG = "ocg";

/** What a process of `mesh up` is announced as, beside each surface that it runs. */
export const UP = "up";

/** A running process. */
export interface Running {
  /** Its process id. */
  readonly pid: number;
  /** What it runs as, such as `serve`. */
  readonly name: string;
  /** The address that it listens on. */
  readonly host: string;
  /** The port that it listens on. */
  readonly port: number;
  /** Since when, ISO 8601. */
  readonly started_at: string;
  /** What of its command line it would be started again with. */
  readonly args?: readonly string[];
}

/**
 * Announces this process until it is told not to, or dies.
 *
 * @param root The state directory.
 * @param running What to tell.
 * @returns Takes the announcement back.
 */
export async function announce(root: string, running: Running): Promise<() => Promise<void>> {
  const folder = `${root}/run`;
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const text = new TextEncoder().encode(JSON.stringify(running, null, 2) + "\n");
  while (true) {
    const random = crypto.randomUUID().slice(0, 8);
    const path = `${folder}/${running.name}-${running.pid}-${random}.json`;
    const file = await Deno.open(path, { write: true, createNew: true, mode: 0o600 });
    const withdraw = async () => {
      await Deno.remove(path).catch(() => {});
      file.close();
    };
    try {
      await file.write(text);
      await file.lock(true);
      // Before it was locked, somebody who lists may have taken it for a dead process's and removed it.
      if (await isThere(path)) return withdraw;
      file.close();
    } catch (error) {
      await withdraw();
      throw error;
    }
  }
}

/**
 * Lists what runs, and removes what dead processes left.
 *
 * @param root The state directory.
 * @returns The living processes.
 */
export async function listRunning(root: string): Promise<Running[]> {
  const found: Running[] = [];
  for (const name of await namesIn(`${root}/run`)) {
    const path = `${root}/run/${name}`;
    try {
      using file = await Deno.open(path, { read: true, write: true });
      if (await file.tryLock(true)) await Deno.remove(path);
      else found.push(JSON.parse(await Deno.readTextFile(path)));
    } catch {
      // It ended, or began, between two of these lines.
    }
  }
  return found;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
    return names.filter((name) => name.endsWith(".json")).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
