/**
 * What the gateway and a plugin's host say to each other: a JSON object a line, orders one way, answers and
 * news the other. These files run in a process of their own, by Node or Deno, without anything of ours
 * beside them, so they import nothing from elsewhere in this project.
 *
 * @module
 */

/** The plugin that a host is for. */
export interface PluginOrder {
  /** The folder of its package. */
  readonly folder: string;
  /** The folder of the package `openclaw` that it uses. */
  readonly openclaw: string;
  /** The channel that it brings, such as `qqbot`. */
  readonly channel: string;
  /** The account's name on our side. */
  readonly account: string;
  /** The account's settings, as the owner wrote them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Where the host and the plugin may keep files. */
  readonly state: string;
}

/** A text or file for a chat. */
export interface SendOrder {
  /** The chat, as messages name it. */
  readonly chat: string;
  /** The text. */
  readonly text?: string;
  /** Where a picture or file is. */
  readonly mediaUrl?: string;
  /** The message that it answers. */
  readonly replyTo?: string;
}

/** What a host can be told to do. */
export type Order =
  /** Load the plugin; answered with {@linkcode Opened}. The first order. */
  | { readonly do: "open"; readonly plugin: PluginOrder }
  /** Connect; answered as soon as it has begun, what follows is news. */
  | { readonly do: "start" }
  /** Say something; answered with the platform's id of it. */
  | { readonly do: "send"; readonly message: SendOrder }
  /** Begin a login by QR code; answered with {@linkcode LoginBegun}. */
  | { readonly do: "login" }
  /** Wait for its end; answered with {@linkcode LoginEnd}. */
  | { readonly do: "login_wait"; readonly session: string; readonly timeoutMs: number }
  /** Say that it is alive. */
  | { readonly do: "ping" }
  /** End. */
  | { readonly do: "stop" };

/** A line to the host: an order with a number, or the word on a message. */
export type ToHost =
  | (Order & { readonly id: number })
  | { readonly took: number; readonly ok: boolean };

/** What a plugin turned out to be. */
export interface Opened {
  /** The channel's name for people. */
  readonly label: string;
  /** Most UTF-16 units of a message. */
  readonly maxLength: number;
  /** Whether it can send media. */
  readonly media: boolean;
  /** Whether one logs in with a QR code. */
  readonly qrLogin: boolean;
}

/** A login that waits for somebody's phone. */
export interface LoginBegun {
  /** What the QR code says; absent if the platform gave none. */
  readonly qr?: string;
  /** What the plugin has to say about it. */
  readonly text: string;
  /** The name of the login. */
  readonly session: string;
}

/** How a login ended. */
export interface LoginEnd {
  /** Whether the account can be used now. */
  readonly connected: boolean;
  /** What the plugin has to say about it. */
  readonly text: string;
}

/** A person's message. */
export interface InboundMessage {
  /** The platform's id of it. */
  readonly id: string;
  /** The chat; {@linkcode SendOrder} takes it. */
  readonly chat: string;
  /** What kind of chat it is. */
  readonly kind: "direct" | "group" | "thread";
  /** Who wrote it. */
  readonly sender: { readonly id: string; readonly name: string };
  /** What was written. */
  readonly text: string;
  /** Whether it is meant for the bot. */
  readonly addressed: boolean;
  /** When it was written, in milliseconds since 1970. */
  readonly sentAt: number;
}

/** Why an order failed; `settings`: trying again does not help before the owner does something. */
export interface Failure {
  /** What kind of failure. */
  readonly kind: "settings" | "plugin" | "later";
  /** The reason. */
  readonly text: string;
}

/** What a host tells unasked. */
export type News =
  /** A message, to be answered by `took` with its number. */
  | { readonly say: "message"; readonly n: number; readonly message: InboundMessage }
  /** How the connection is; `ended` if the plugin gave up. */
  | {
    readonly say: "status";
    readonly state: "connecting" | "running" | "ended";
    readonly self?: string;
    readonly error?: string;
  }
  /** A line for the log. */
  | { readonly say: "log"; readonly text: string };

/** A line from the host. */
export type FromHost =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly failure: Failure }
  | News;

/** Most characters of a line; a longer one is none of ours. */
export const LONGEST_LINE = 1024 * 1024;

/** Most characters of a message's text; no platform's are as long. */
export const LONGEST_TEXT = 100_000;

/** Puts pieces of text together to lines, and drops those that are too long for any room. */
export class Lines {
  readonly #onLine: (line: string) => void;
  #begun: string[] = [];
  #length = 0;

  /**
   * Nothing has come yet.
   *
   * @param onLine Told of each line that is at most {@linkcode LONGEST_LINE} long, without its end.
   */
  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  /**
   * Takes the next piece.
   *
   * @param piece Any part of what is said.
   */
  push(piece: string): void {
    let from = 0;
    for (;;) {
      const end = piece.indexOf("\n", from);
      this.#keep(end < 0 ? piece.slice(from) : piece.slice(from, end));
      if (end < 0) return;
      const line = this.#length > LONGEST_LINE ? "" : this.#begun.join("");
      this.#begun = [];
      this.#length = 0;
      if (line.trim() !== "") this.#onLine(line);
      from = end + 1;
    }
  }

  #keep(piece: string): void {
    this.#length += piece.length;
    if (this.#length > LONGEST_LINE) this.#begun = [];
    else this.#begun.push(piece);
  }
}

/**
 * Reads a line as an object.
 *
 * @param line A line.
 * @returns Its fields, or `undefined` if it is no JSON object.
 */
export function readLine(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
