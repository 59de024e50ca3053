/**
 * A state directory of a test.
 *
 * @module
 */

/** A folder that goes with the test. */
export interface Folder extends AsyncDisposable {
  readonly root: string;
  /** Where a daemon's log is. */
  log(daemon: string): string;
  /** Writes a daemon's log, or one that was set aside. */
  write(name: string, lines: readonly string[]): Promise<void>;
}

export async function folder(): Promise<Folder> {
  const root = await Deno.makeTempDir();
  await Deno.mkdir(`${root}/run`, { mode: 0o700 });
  return {
    root,
    log: (daemon) => `${root}/run/${daemon}.log`,
    write: (name, lines) =>
      Deno.writeTextFile(`${root}/run/${name}`, lines.map((line) => `${line}\n`).join("")),
    [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
  };
}

/** A line of a log, at a second of 2026-01-01. */
export function line(second: number, message: string, more: Record<string, unknown> = {}): string {
  const time = new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();
  return JSON.stringify({ time, level: "info", category: "test", message, ...more });
}
