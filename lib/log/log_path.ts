/**
 * Where the logs of a state directory are: `run/<daemon>.log`, and older ones beside it, `.1` the newest.
 *
 * @module
 */

/** A file of a daemon's log. */
export interface LogFileName {
  /** What the daemon runs as, such as `serve`. */
  readonly daemon: string;
  /** How often the file was set aside: 0 for the one that is written to. */
  readonly age: number;
  /** Where it is. */
  readonly path: string;
}

const NAME = /^([A-Za-z][\w-]{0,63})\.log(?:\.([1-9]\d?))?$/;

/**
 * The file that a daemon writes to.
 *
 * @param root The state directory.
 * @param daemon What it runs as.
 * @returns The path.
 */
export function logPath(root: string, daemon: string): string {
  return `${root}/run/${daemon}.log`;
}

/**
 * All logs of a state directory.
 *
 * @param root The state directory.
 * @returns The files, by daemon, the oldest first; none if nothing was ever logged.
 * @throws What the system says if the folder cannot be read.
 */
export async function listLogs(root: string): Promise<LogFileName[]> {
  const found: LogFileName[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(`${root}/run`)) {
      const [, daemon, age = "0"] = NAME.exec(name) ?? [];
      if (daemon === undefined || isDirectory) continue;
      found.push({ daemon, age: Number(age), path: `${root}/run/${name}` });
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return found.sort((a, b) => a.daemon < b.daemon ? -1 : a.daemon > b.daemon ? 1 : b.age - a.age);
}
