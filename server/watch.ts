/**
 * Whoever measures a daemon: told of what is no event for its owner, but counts. Nothing of it holds up
 * what is measured.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { httpStatusOf } from "../lib/error.ts";
import {
  correlate,
  correlationFrom,
  currentCorrelation,
  isCorrelating,
  newCorrelation,
} from "../lib/log/correlation.ts";
import type { Received } from "../lib/metrics/metrics.ts";
import type { OnStep, Step } from "../lib/metrics/step.ts";
import { clientAddress } from "./client_address.ts";

/** The protocols whose messages are measured on their way in. */
export type WatchedProtocol = "mesh" | "ogp";

/** A request that is over. */
export interface AnsweredRequest {
  /** Its method. */
  readonly method: string;
  /** Its path, without the query. */
  readonly path: string;
  /** The status that it was answered with; 499 if the client went away before. */
  readonly status: number;
  /** Milliseconds from its headers to the end of the answer. */
  readonly ms: number;
}

/** Told of what counts. All of it is optional, and none of it may throw. */
export interface Watch {
  /** A message came in, and this became of it. */
  readonly received?: ((protocol: WatchedProtocol, outcome: Received) => void) | undefined;
  /** A step of a message's way in was done. */
  readonly step?: ((protocol: WatchedProtocol, step: Step, ms: number) => void) | undefined;
  /** An attempt to deliver was made, for an entry of this protocol, and took so many milliseconds. */
  readonly attempted?: ((protocol: string, ms: number) => void) | undefined;
  /** A request was answered; told under its correlation id. */
  readonly answered?: ((request: AnsweredRequest) => void) | undefined;
}

/** What a surface does with messages, while it is watched. */
export interface WatchedIntake {
  /** For the protocol's own steps; absent where nobody measures. */
  readonly onStep?: OnStep;
  /**
   * Takes a message in, and tells what became of it.
   *
   * @param work Takes it in.
   * @returns What the work returns.
   */
  take<R extends { readonly state: "new" | "known" }>(work: () => Promise<R>): Promise<R>;
}

/**
 * Watches the messages of a protocol.
 *
 * @param watch Told of them; without it nothing is measured.
 * @param protocol The protocol.
 * @returns What the surface takes messages in with.
 */
export function watchedIntake(
  watch: Pick<Watch, "received" | "step"> | undefined,
  protocol: WatchedProtocol,
): WatchedIntake {
  if (!watch) return { take: (work) => work() };
  const { received, step } = watch;
  return {
    ...(step ? { onStep: (which, ms) => step(protocol, which, ms) } : {}),
    async take(work) {
      try {
        const taken = await work();
        received?.(protocol, taken.state === "new" ? "accepted" : "repeated");
        return taken;
      } catch (error) {
        received?.(protocol, httpStatusOf(error) < 500 ? "refused" : "failed");
        throw error;
      }
    },
  };
}

type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => unknown;

/** What nginx, too, calls a request whose client did not wait for the answer. */
const CLIENT_WENT_AWAY = 499;

/**
 * Gives each request an id under which all that it leads to is done, and tells of it when it is over.
 *
 * @param listener Answers requests.
 * @param watch Told of them.
 * @returns A listener in its place.
 */
export function watched(listener: Listener, watch: Pick<Watch, "answered"> = {}): Listener {
  const { answered } = watch;
  return (incoming, outgoing) =>
    correlate(isCorrelating() ? idOf(incoming) : undefined, () => {
      if (answered) tellWhenOver(incoming, outgoing, answered);
      return listener(incoming, outgoing);
    });
}

/** A program of this machine may say what its request belongs to; for others it would be a way to lie. */
function idOf(incoming: IncomingMessage): string {
  const { traceparent } = incoming.headers;
  const told = typeof traceparent === "string" && clientAddress(incoming).local
    ? correlationFrom(traceparent)
    : undefined;
  return told ?? newCorrelation();
}

function tellWhenOver(
  { method = "", url = "" }: IncomingMessage,
  outgoing: ServerResponse,
  answered: NonNullable<Watch["answered"]>,
): void {
  const begun = performance.now();
  const id = currentCorrelation();
  outgoing.on("close", () => {
    const end = url.search(/[?#]/);
    const path = end < 0 ? url : url.slice(0, end);
    const status = outgoing.headersSent ? outgoing.statusCode : CLIENT_WENT_AWAY;
    correlate(id, () => answered({ method, path, status, ms: performance.now() - begun }));
  });
}
