/**
 * JSON-RPC messages, one a line, over a program's standard input and output. Programs print other things
 * there, too: whatever is no message is passed over, and no line grows without end.
 *
 * @module
 */
import { AgentError } from "../../agent/agent_error.ts";

/** A JSON-RPC message. */
export type RpcMessage = Readonly<Record<string, unknown>>;

/** A program's streams. */
export interface ProgramStreams {
  /** What it reads. */
  readonly stdin: WritableStream<Uint8Array>;
  /** What it prints. */
  readonly stdout: ReadableStream<Uint8Array>;
}

/** Most bytes of a line: an agent may tell of a whole file that it changes. */
const LONGEST_LINE = 16 * 1024 * 1024;

const NEWLINE = 0x0a;

/** The messages that a program and we exchange. */
export class JsonLines {
  /** What the program asks and answers; breaks with an `AgentError` `too_large` at a line that is too long. */
  readonly readable: ReadableStream<RpcMessage>;
  /** What the program is told. */
  readonly writable: WritableStream<RpcMessage>;
  /** Told of what the program says without wanting an answer, before anything that it says later. */
  onNotification: (message: RpcMessage) => void = () => {};
  /** When the program last said anything, as `performance.now` tells it. */
  lastHeard: number = performance.now();
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  /** Ids of requests that the program has not answered. */
  readonly #asked = new Set<unknown>();
  #pieces: Uint8Array[] = [];
  #size = 0;

  /**
   * Nothing is read before somebody reads the messages.
   *
   * @param streams The program's streams; they are held until {@linkcode close}.
   * @param longestLine Most bytes of a line. Default 16 MiB.
   */
  constructor({ stdin, stdout }: ProgramStreams, readonly longestLine: number = LONGEST_LINE) {
    this.#reader = stdout.getReader();
    this.#writer = stdin.getWriter();
    this.#writer.closed.catch(() => {});
    this.readable = new ReadableStream({
      pull: (controller) => this.#pull(controller),
      cancel: () => this.#reader.cancel().catch(() => {}),
    }, { highWaterMark: 0 });
    this.writable = new WritableStream({ write: (message) => this.#write(message) });
  }

  /** Lets go of the streams; what is still printed goes nowhere. */
  async close(): Promise<void> {
    await Promise.all([
      this.#reader.cancel().catch(() => {}),
      this.#writer.abort().catch(() => {}),
    ]);
  }

  async #write(message: RpcMessage): Promise<void> {
    if ("method" in message && "id" in message) this.#asked.add(message.id);
    await this.#writer.write(new TextEncoder().encode(JSON.stringify(message) + "\n"));
  }

  async #pull(controller: ReadableStreamDefaultController<RpcMessage>): Promise<void> {
    let found = false;
    while (!found) {
      // A pipe that breaks is a pipe that ends.
      const { done, value } = await this.#reader.read().catch(() => ENDED);
      if (done) return controller.close();
      this.lastHeard = performance.now();
      for (const line of this.#linesWith(value)) {
        const message = messageIn(line);
        if (!message) continue;
        if ("method" in message && !("id" in message)) {
          this.onNotification(message);
        } else if (this.#isExpected(message)) {
          controller.enqueue(message);
          found = true;
        }
      }
    }
  }

  /** An answer to nothing would only be complained about. */
  #isExpected(message: RpcMessage): boolean {
    return "method" in message || this.#asked.delete(message.id);
  }

  *#linesWith(piece: Uint8Array): Generator<Uint8Array> {
    let rest = piece;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      this.#keep(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
      yield this.#line();
    }
    this.#keep(rest);
  }

  #keep(piece: Uint8Array): void {
    this.#size += piece.length;
    if (this.#size > this.longestLine) {
      const most = this.longestLine / 1024 / 1024;
      throw new AgentError("too_large", `The agent's program printed a line of over ${most} MiB`);
    }
    if (piece.length > 0) this.#pieces.push(piece);
  }

  #line(): Uint8Array {
    const line = new Uint8Array(this.#size);
    let at = 0;
    for (const piece of this.#pieces) {
      line.set(piece, at);
      at += piece.length;
    }
    this.#pieces = [];
    this.#size = 0;
    return line;
  }
}

const ENDED = { done: true, value: undefined } as const;

function messageIn(line: Uint8Array): RpcMessage | undefined {
  const text = new TextDecoder().decode(line).trim();
  if (!text.startsWith("{")) return undefined;
  try {
    const value = JSON.parse(text) as RpcMessage;
    return value.jsonrpc === "2.0" ? value : undefined;
  } catch {
    return undefined;
  }
}
