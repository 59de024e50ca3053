/**
 * What is known of a program that gives a port of this machine a public URL: how it is called, how its
 * output is read, how it is installed.
 *
 * @module
 */

/** The programs that are known. */
export type TunnelMethod = "cloudflared" | "ngrok" | "tailscale";

/** What a line of a tunnel program's output tells. */
export type Reading =
  /** The public URL. */
  | { readonly kind: "url"; readonly url: string }
  /** The way to it is open. */
  | { readonly kind: "connected" }
  /** Something that only the owner can do, and that the program waits for. */
  | { readonly kind: "ask"; readonly text: string }
  | Trouble;

/** Something that went wrong, and may be why the program ends. */
export interface Trouble {
  /** Always `trouble`. */
  readonly kind: "trouble";
  /** The program's own words, on one line. */
  readonly text: string;
  /** What helps, if that is known. */
  readonly hint?: string;
  /** Whether asking again soon makes it worse. */
  readonly limited?: boolean;
}

/** Reads the output of one run, line by line; `undefined` for a line that tells nothing. */
export type LineReader = (line: string) => Reading | undefined;

/** The operating systems that installing is explained for. */
export type System = "linux" | "darwin" | "windows";

/** A tunnel program. */
export interface TunnelProgram {
  /** Its name on the `PATH`, and the value of `--method`. */
  readonly method: TunnelMethod;
  /** How it is installed. */
  readonly install: Readonly<Record<System, string>>;
  /** Whether it says when the way to its URL is open. */
  readonly saysConnected: boolean;
  /**
   * Its command line, without its name.
   *
   * @param target The local URL that it is to expose.
   * @param emptyFile A configuration file with nothing in it.
   */
  arguments(target: string, emptyFile: string): string[];
  /** A reader for one run of it. */
  reader(): LineReader;
}
