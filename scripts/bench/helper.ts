/**
 * Processes that do a part of a measurement, so that it is not done at the cost of the other parts: they
 * take a JSON document a line from standard input and answer each with one on standard output.
 *
 * @module
 */

/** A helper process. */
export class Helper implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #answers: AsyncIterator<string>;

  /**
   * Starts one.
   *
   * @param script Its file in this folder.
   * @param args Its arguments.
   */
  constructor(script: string, ...args: string[]) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", new URL(script, import.meta.url).href, ...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#answers = lines(this.#child.stdout);
  }

  /**
   * Asks for something.
   *
   * @param task What to do.
   * @returns The answer.
   */
  async ask<Answer>(task: unknown): Promise<Answer> {
    await this.#input.write(new TextEncoder().encode(JSON.stringify(task) + "\n"));
    const { value, done } = await this.#answers.next();
    if (done) throw new Error("A helper process of the benchmark ended before it answered");
    return JSON.parse(value);
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#child.status;
  }
}

/**
 * Answers tasks until standard input ends: what a helper process does.
 *
 * @param work Does a task.
 */
export async function answerTasks<Task>(work: (task: Task) => Promise<unknown>): Promise<void> {
  for (
    let tasks = lines(Deno.stdin.readable), next = await tasks.next();
    !next.done;
    next = await tasks.next()
  ) {
    const answer = JSON.stringify(await work(JSON.parse(next.value)));
    const bytes = new TextEncoder().encode(answer + "\n");
    for (let done = 0; done < bytes.length;) done += Deno.stdout.writeSync(bytes.subarray(done));
  }
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const [last = "", ...whole] = (rest + text).split("\n").reverse();
    yield* whole.reverse();
    rest = last;
  }
}
