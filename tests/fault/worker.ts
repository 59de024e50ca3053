/**
 * Real processes for the tests of this folder: small programs in `workers/` that say on stdout, a line at
 * a time, what they have done.
 *
 * @module
 */

/** A process that runs one of the programs. */
export interface Worker extends AsyncDisposable {
  /** The lines that it has written so far; a line that was cut off by its death is not among them. */
  readonly lines: readonly string[];
  /** Resolves when it has written so many lines, or has ended. */
  has(count: number): Promise<void>;
  /** Ends it without warning. */
  kill(): Promise<void>;
  /** Resolves to its exit code when it has ended and all that it wrote was read. */
  readonly ended: Promise<number>;
}

/**
 * Starts a program.
 *
 * @param name The file in `workers/`, without its extension.
 * @param args Its arguments.
 * @param flags Further flags of Deno.
 * @returns The process; `await using` kills it if it still runs.
 */
export function startWorker(name: string, args: string[], flags: string[] = []): Worker {
  const program = new URL(`./workers/${name}.ts`, import.meta.url).pathname;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--quiet", ...flags, program, ...args],
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const lines: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let over = false;
  const wake = () => {
    for (const waiter of waiting.splice(0)) {
      if (over || lines.length >= waiter.count) waiter.resolve();
      else waiting.push(waiter);
    }
  };
  const read = async () => {
    let rest = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      lines.push(...parts);
      wake();
    }
    const { code } = await child.status;
    over = true;
    wake();
    return code;
  };
  const ended = read();
  const kill = async () => {
    if (!over) {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended by itself just now.
      }
    }
    await ended;
  };
  return {
    lines,
    ended,
    kill,
    has: (count) =>
      new Promise((resolve) => {
        waiting.push({ count, resolve });
        wake();
      }),
    [Symbol.asyncDispose]: kill,
  };
}
