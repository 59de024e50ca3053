/**
 * How a daemon's events are said: a line each, or, with `--json`, a document a line.
 *
 * @module
 */
import { messageOf } from "../lib/error.ts";
import type { DaemonEvent, GatewayName } from "../server/daemon_event.ts";
import { type EventLog, logEvent } from "../server/log_events.ts";
import { ocgSentence } from "./ocg_words.ts";
import { handoverName, isNotice, thingOf } from "./queue/words.ts";
import { asciiJson, safeText, type Terminal } from "./terminal.ts";
import { agentName, ago, localTime } from "./text.ts";

/** Where a daemon listens: the first thing that it says. Scripts wait for it. */
export interface ListeningEvent {
  /** Always `listening`. */
  readonly kind: "listening";
  /** Always `true`. */
  readonly ok: true;
  /** The address that it is bound to. */
  readonly host: string;
  /** The port that it is bound to. */
  readonly port: number;
  /** What else scripts may want to know. */
  readonly [detail: string]: unknown;
}

/** How to say it. */
export interface TellerOptions {
  /** Whether each line says the day, too: a log is read later. */
  readonly dated?: boolean;
  /** Where all of it is logged as well. */
  readonly log?: EventLog | undefined;
  /** Whether it is logged only: nobody listens to the terminal. */
  readonly silent?: boolean;
}

/** Says what a daemon tells. */
export class Teller {
  readonly #terminal: Terminal;
  readonly #dated: boolean;
  readonly #log: EventLog | undefined;
  readonly #silent: boolean;
  #early: DaemonEvent[] | undefined = [];

  /**
   * Says nothing before {@link listening}: scripts take the first line for where the daemon listens.
   *
   * @param terminal Where to.
   * @param options How.
   */
  constructor(terminal: Terminal, { dated = false, log, silent = false }: TellerOptions = {}) {
    this.#terminal = terminal;
    this.#dated = dated;
    this.#log = log;
    this.#silent = silent;
  }

  /**
   * Says where the daemon listens, and then what happened while it started.
   *
   * @param where The event, for programs.
   * @param words The same for people.
   */
  listening(where: ListeningEvent, words: string): void {
    this.#print(where, words);
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const event of early) this.tell(event);
  }

  /**
   * Says what happened.
   *
   * @param event What.
   */
  tell(event: DaemonEvent): void {
    if (this.#early) {
      this.#early.push(event);
      return;
    }
    try {
      this.#print(event, sentence(event));
    } catch {
      // A log that cannot be written, such as on a full disk, is no reason to stop serving.
    }
  }

  /**
   * Says something that is no event, on stderr.
   *
   * @param text What.
   */
  note(text: string): void {
    this.#log?.log("info", "daemon", text);
    if (this.#silent) return;
    this.#terminal.note(this.#dated ? `${this.#time()} ${text}` : text);
  }

  #print(event: DaemonEvent | ListeningEvent, words: string): void {
    if (this.#log) logEvent(this.#log, event, words);
    if (this.#silent) return;
    if (this.#terminal.json) {
      const { error, ...rest } = { error: undefined, ...event };
      const told = error === undefined ? rest : { ...rest, error: messageOf(error) };
      this.#terminal.raw(asciiJson(JSON.stringify(told)) + "\n");
      return;
    }
    this.#terminal.line(`${this.#time()} ${safeText(words)}`);
  }

  #time(): string {
    const now = new Date();
    const day = this.#dated ? `${localTime(now).slice(0, 10)} ` : "";
    return day + now.toTimeString().slice(0, 8);
  }
}

function sentence(event: DaemonEvent): string {
  switch (event.kind) {
    case "contact":
      return `${agentName(event.from)} asks for contact: mesh approve-request ${event.request_id}`;
    case "message":
      return `message from ${event.from}: ${event.message_id}`;
    case "ogp-request":
      return requestSentence(event);
    case "ogp-message": {
      const about = event.topic === undefined ? event.intent : `${event.intent}, ${event.topic}`;
      const said = `message from ${event.from.name} (${about}): ${event.nonce}`;
      return event.asks ? `${said}; it waits for you: mesh approvals show ${event.nonce}` : said;
    }
    case "ogp-approval":
      return approvalSentence(event);
    case "ogp-removal":
      return event.confirmed
        ? `${event.from.name} ended the federation`
        : `${event.from.name} is said to have ended the federation; its gateway is asked until it says so`;
    case "ogp-reply":
      return `reply to ${event.nonce}`;
    case "ogp-undecided":
      return `nobody decided in time, and its sender was told so: ${event.message_id}`;
    case "delivered":
      if (isHandover(event)) return `handled ${handedOn(event)}`;
      return `delivered to ${event.to}: ${whatOf(event)}`;
    case "waiting":
      if (isHandover(event)) {
        return `the agent has not got ${handedOn(event)}: ${event.reason}; again ${
          ago(new Date(event.next_attempt_at))
        }`;
      }
      return `not delivered to ${event.to}: ${whatOf(event)}: ${event.reason}; again ${
        ago(new Date(event.next_attempt_at))
      }`;
    case "dead":
      if (isHandover(event)) {
        return `gave up handing on ${handedOn(event)}: ${event.reason}`;
      }
      return `gave up ${whatOf(event)} to ${event.to}: ${event.reason}`;
    case "requeued":
      return `queued again after a crash: ${event.message_id}`;
    case "fault":
      return `fault: ${messageOf(event.error)}`;
    default:
      return ocgSentence(event);
  }
}

/** What the owner's agent gets, and whose it is; the notice of strangers is nobody's message. */
function handedOn(event: { readonly message_id: string; readonly to: string }): string {
  const what = handoverName(event.message_id);
  return isNotice(event.message_id) ? what : `${what} of ${event.to}`;
}

/** A message is known by its id; of what else peers are told, the kind says more than the name. */
function whatOf({ protocol, message_id }: { protocol?: string; message_id: string }): string {
  if (protocol === undefined || protocol === "ogp") return message_id;
  if (protocol === "handover") return handoverName(message_id);
  return thingOf(protocol);
}

function isHandover({ protocol }: { protocol?: string }): boolean {
  return protocol === "handover";
}

function requestSentence(
  { from, gatewayUrl, claimsUrlOf }: DaemonEvent & { kind: "ogp-request" },
): string {
  const asks = `${from.name} at ${gatewayUrl} asks for federation: ${approve(from)}`;
  if (!claimsUrlOf) return asks;
  return `${asks}; CAREFUL: it names the URL of ${claimsUrlOf.join(", ")} and has another key`;
}

function approve({ id }: GatewayName): string {
  return `mesh ogp federation approve ${id}`;
}

function approvalSentence({ from, effect }: DaemonEvent & { kind: "ogp-approval" }): string {
  const name = from?.name ?? "a gateway that was asked";
  switch (effect) {
    case "approved":
      return `${name} approved the federation`;
    case "rejected":
      return `${name} rejected the federation`;
    case "grants":
      return `${name} changed what it grants: mesh ogp federation scopes ${from?.id ?? ""}`
        .trimEnd();
    case "noted":
      return `${name} is said to have rejected the federation, without a signature`;
  }
}
