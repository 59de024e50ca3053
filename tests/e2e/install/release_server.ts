/**
 * A folder of a release on loopback, as the installer downloads it, with what may go wrong on the way.
 *
 * @module
 */
import { createServer, type Server, type ServerResponse } from "node:http";
import { formatSums } from "../../../lib/release/sums.ts";

/** What a release of the tests has: file contents by name. */
export type Files = Record<string, Uint8Array<ArrayBuffer>>;

/** What the server does to a file instead of giving it out as it is. */
export type Mishap = (response: ServerResponse, whole: Uint8Array) => void;

/** A server. Dispose of it. */
export class ReleaseServer implements AsyncDisposable {
  /** The files that were asked for, in order. */
  readonly asked: string[] = [];
  readonly #server: Server;

  private constructor(files: Files, mishaps: Record<string, Mishap>) {
    this.#server = createServer((request, response) => {
      const name = request.url!.slice(1);
      this.asked.push(name);
      const file = files[name];
      if (file === undefined) failing(404)(response, new Uint8Array());
      else if (mishaps[name]) mishaps[name](response, file);
      else response.end(file);
    });
  }

  /**
   * Starts one on a port of its own.
   *
   * @param files What it gives out.
   * @param mishaps What goes wrong, by file.
   */
  static async start(files: Files, mishaps: Record<string, Mishap> = {}): Promise<ReleaseServer> {
    const server = new ReleaseServer(files, mishaps);
    await new Promise<void>((resolve) => server.#server.listen(0, "127.0.0.1", resolve));
    return server;
  }

  /** What the installer is given as MESH_BASE_URL. */
  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}

/** The connection breaks in the middle of the file. */
export const cutOff: Mishap = (response, whole) => {
  response.writeHead(200, { "content-length": whole.length });
  response.write(whole.slice(0, whole.length >> 1), () => response.destroy());
};

/** The file begins and does not go on. */
export const stalled: Mishap = (response, whole) => {
  response.writeHead(200, { "content-length": whole.length });
  response.write(whole.slice(0, 10));
};

/** A proxy kept half of the file and believes that this is all. */
export const halved: Mishap = (response, whole) => {
  response.end(whole.slice(0, whole.length >> 1));
};

/** One byte is another one. */
export const changed: Mishap = (response, whole) => {
  const other = whole.slice();
  other[other.length - 2]! ^= 1;
  response.end(other);
};

/** Something else comes, with a good status. */
export function instead(text: string): Mishap {
  return (response) => {
    response.end(text);
  };
}

/** The server fails. */
export function failing(status: number): Mishap {
  return (response) => {
    response.writeHead(status).end("sorry");
  };
}

/**
 * Adds the list of sums.
 *
 * @param files The files of a release.
 * @returns The files with `SHA256SUMS`.
 */
export async function withSums(files: Files): Promise<Files> {
  const sums = new Map<string, string>();
  for (const [name, bytes] of Object.entries(files)) {
    sums.set(name, new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex());
  }
  return { ...files, SHA256SUMS: bytesOf(formatSums(sums)) };
}

/**
 * A program that does no more than the installer asks of it.
 *
 * @param version What it answers to `--version`.
 * @returns A shell script.
 */
export function fakeProgram(version: string): Uint8Array<ArrayBuffer> {
  return bytesOf(`#!/bin/sh\n# openclaw-agent-mesh\necho '${version}'\n`);
}

/** The UTF-8 of a text. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
