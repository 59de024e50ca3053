/**
 * Whether everything outgoing is paused, as it is kept and said.
 *
 * @module
 */
import { readPause } from "../lib/delivery/pause.ts";
import { documentCodec } from "../lib/store/document_codec.ts";
import type { Store } from "../lib/store/store.ts";
import { safeText, type Terminal } from "./terminal.ts";
import { ago } from "./text.ts";

/** A pause, with what its owner noted. */
export interface NotedPause {
  /** Since when, ISO 8601. */
  readonly since: string;
  /** Why. */
  readonly reason?: string;
}

/**
 * Notes why everything is paused, beside since when.
 *
 * @param store The root's store.
 * @param reason Why.
 */
export async function noteReason(store: Store, reason: string): Promise<void> {
  await store.collection("", documentCodec).update(
    "paused",
    (pause) => pause?.set("reason", reason),
  );
}

/**
 * The pause of a root.
 *
 * @param store The root's store.
 * @returns The pause, or `undefined` if everything goes out.
 */
export async function notedPause(store: Store): Promise<NotedPause | undefined> {
  const pause = await readPause(store);
  if (!pause) return undefined;
  const reason = (await store.collection("", documentCodec).get("paused"))?.get("reason");
  return { since: pause.since, ...(typeof reason === "string" ? { reason } : {}) };
}

/**
 * A pause in words.
 *
 * @param pause The pause.
 * @returns Such as `paused since 5 min ago (holidays)`.
 */
export function pauseWords({ since, reason }: NotedPause): string {
  const why = reason === undefined ? "" : ` (${safeText(reason)})`;
  return `paused ${ago(new Date(since))}${why}`;
}

/**
 * Says that everything outgoing is paused, if it is.
 *
 * @param terminal Where to.
 * @param store The root's store.
 */
export async function notePause(terminal: Terminal, store: Store): Promise<void> {
  const pause = await notedPause(store);
  if (pause) terminal.warn(`Nothing goes out: ${pauseWords(pause)}. To go on: mesh resume`);
}
