/**
 * Processes that do a part of a measurement, so that it is not done at the cost of the other parts: they
 * take a JSON document a line from standard input and answer each with one on standard output.
 *
 * @module
 */
import { linesOf, start, type Started } from "./processes.ts";

/** A helper process. */
export class Helper implements AsyncDisposable {
  readonly #started: Started;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;

  /**
   * Starts one.
   *
   * @param script Its file in this folder.
   */
  constructor(script: string) {
    const url = new URL(script, import.meta.url).href;
    const command = [Deno.execPath(), "run", "--quiet", "-A", url];
    this.#started = start(command, { stdin: "piped", stderr: "inherit" });
    this.#input = this.#started.child.stdin.getWriter();
  }

  /**
   * Has something done.
   *
   * @param task What to do.
   * @returns The answer.
   */
  async ask<Answer>(task: unknown): Promise<Answer> {
    await this.#input.write(new TextEncoder().encode(JSON.stringify(task) + "\n"));
    const { value } = await this.#started.lines.next();
    if (value === undefined) throw new Error("A helper process ended without an answer");
    return JSON.parse(value);
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#started.child.status;
  }
}

/**
 * Does tasks until standard input ends: what a helper process is.
 *
 * @param work Does a task.
 */
export async function doTasks<Task>(work: (task: Task) => unknown): Promise<void> {
  for await (const line of linesOf(Deno.stdin.readable)) {
    const answer = JSON.stringify(await work(JSON.parse(line)));
    let bytes = new TextEncoder().encode(answer + "\n");
    while (bytes.length > 0) bytes = bytes.subarray(Deno.stdout.writeSync(bytes));
  }
}
