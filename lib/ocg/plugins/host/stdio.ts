/**
 * The host's way to the gateway is its standard input and output. Plugins print and read there as well, so
 * both are taken away from them first: what they print goes to the error output, and nobody types.
 *
 * @module
 */
import process from "node:process";
import { Readable } from "node:stream";
import { type FromHost, Lines } from "./wire.ts";

/** The way to the gateway. */
export interface Wire {
  /**
   * Says something.
   *
   * @param line What.
   */
  say(line: FromHost): void;
  /**
   * Begins to listen.
   *
   * @param onLine Told of each line.
   * @param onEnd Told when the gateway is gone.
   */
  listen(onLine: (line: string) => void, onEnd: () => void): void;
}

/**
 * Takes standard input and output for the gateway. To be called before anything of a plugin is loaded.
 *
 * @returns The way to the gateway.
 */
export function takeStdio(): Wire {
  const { stdin, stdout, stderr } = process;
  const write = stdout.write.bind(stdout);
  // Whoever does not read any more is gone; the end of the input tells.
  stdout.on("error", () => {});
  stderr.on("error", () => {});
  stdout.write = stderr.write.bind(stderr) as typeof stdout.write;
  const elsewhere = (...args: unknown[]) => globalThis.console.error(...args);
  Object.assign(globalThis.console, { log: elsewhere, info: elsewhere, debug: elsewhere });
  const silent = Object.assign(new Readable({ read() {} }), { isTTY: false, fd: 0 });
  Object.defineProperty(process, "stdin", { value: silent, configurable: true });
  return {
    say: (line) => void write(JSON.stringify(line) + "\n"),
    listen(onLine, onEnd) {
      const lines = new Lines(onLine);
      stdin.setEncoding("utf8");
      stdin.on("data", (piece: string) => lines.push(piece));
      stdin.on("end", onEnd);
      stdin.on("close", onEnd);
      stdin.on("error", onEnd);
    },
  };
}
