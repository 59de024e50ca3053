/**
 * The processes of a run: whatever happens to it, none of them outlives it.
 *
 * @module
 */

/** A process that was started here. */
export interface Started {
  /** The process. */
  readonly child: Deno.ChildProcess;
  /** The lines that it writes to standard output. */
  readonly lines: AsyncIterator<string, void>;
}

const running = new Set<Deno.ChildProcess>();

/**
 * Starts a process whose standard output is read line by line.
 *
 * @param command The program and its arguments.
 * @param streams Whether it is given input, and whether its complaints are shown.
 * @returns The process.
 */
export function start(
  command: readonly string[],
  streams: { readonly stdin: "piped" | "null"; readonly stderr: "inherit" | "null" },
): Started {
  const [program = "", ...args] = command;
  const child = new Deno.Command(program, {
    args,
    env: { NO_COLOR: "1" },
    ...streams,
    stdout: "piped",
  }).spawn();
  running.add(child);
  child.status.then(() => running.delete(child));
  return { child, lines: linesOf(child.stdout) };
}

/** Kills all processes that still run, and waits until they are gone. */
export async function endAll(): Promise<void> {
  await Promise.all([...running].map(async (child) => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has just ended.
    }
    await child.status;
  }));
}

/**
 * Splits a stream into lines.
 *
 * @param stream UTF-8.
 * @returns The lines that are complete, without their line breaks.
 */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts;
  }
}
