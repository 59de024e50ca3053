/**
 * Takes server-sent events out of a stream of bytes, however it is cut into pieces (the "Server-sent
 * events" section of the HTML standard). One difference: an event that the stream's end leaves without
 * its blank line is not thrown away, because agents in the field end like that.
 *
 * @module
 */

/** One event. */
export interface ServerSentEvent {
  /** Its type; `message` if it names none. */
  readonly type: string;
  /** Its data; several lines of data are joined with `\n`. */
  readonly data: string;
}

const LINE_END = /\r\n?|\n/g;

/**
 * Reads one stream; the caller limits its size.
 *
 * @example
 * ```ts
 * import { EventStream } from "./event_stream.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const stream = new EventStream();
 * const bytes = new TextEncoder().encode("data: ü\r\n\r\ndata: [DONE]");
 * assertEquals(stream.push(bytes.subarray(0, 7)), []);
 * assertEquals(stream.push(bytes.subarray(7)), [{ type: "message", data: "ü" }]);
 * assertEquals(stream.end(), [{ type: "message", data: "[DONE]" }]);
 * ```
 */
export class EventStream {
  readonly #decoder = new TextDecoder();
  /** The line that has not ended yet. */
  #line = "";
  /** The last piece ended with CR, so that LF at the start of the next belongs to it. */
  #afterCr = false;
  #type = "";
  #data: string[] = [];

  /**
   * Takes the next piece.
   *
   * @param piece Bytes, cut anywhere.
   * @returns The events that it completes.
   */
  push(piece: Uint8Array): ServerSentEvent[] {
    return this.#take(this.#decoder.decode(piece, { stream: true }));
  }

  /**
   * Takes the end.
   *
   * @returns The event that it completes, if one was under way.
   */
  end(): ServerSentEvent[] {
    return this.#take(this.#decoder.decode() + "\n\n");
  }

  #take(text: string): ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    if (text === "") return events;
    let from = this.#afterCr && text.startsWith("\n") ? 1 : 0;
    this.#afterCr = text.endsWith("\r");
    // Only the new text is searched, so a long line costs no more than many short ones.
    for (const { index, 0: mark } of text.matchAll(LINE_END)) {
      if (index < from) continue;
      const event = this.#endLine(this.#line + text.slice(from, index));
      if (event) events.push(event);
      this.#line = "";
      from = index + mark.length;
    }
    this.#line += text.slice(from);
    return events;
  }

  #endLine(line: string): ServerSentEvent | undefined {
    if (line === "") return this.#endEvent();
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") this.#data.push(value);
    if (name === "event") this.#type = value;
    return undefined;
  }

  #endEvent(): ServerSentEvent | undefined {
    const event = { type: this.#type || "message", data: this.#data.join("\n") };
    const any = this.#data.length > 0;
    this.#type = "";
    this.#data = [];
    return any ? event : undefined;
  }
}
