/** What `mesh pause` does. @module */
import { pause } from "../lib/delivery/pause.ts";
import type { ActionContext } from "./define.ts";
import { openState } from "./node.ts";
import type { PauseFlags } from "./pause.ts";
import { notedPause, noteReason, pauseWords } from "./pause_words.ts";

/**
 * Stops everything outgoing.
 *
 * @param context The terminal.
 * @param flags Why.
 */
export default async function (context: ActionContext, flags: PauseFlags): Promise<void> {
  const { terminal } = context;
  const { store, audit } = openState(context, flags);
  const { reason } = flags;
  const now = new Date();
  const { since } = await pause(store, now);
  const already = since !== now.toISOString();
  if (reason !== undefined) await noteReason(store, reason.slice(0, 500));
  await audit.decision({ event: "delivery.paused", ...(reason === undefined ? {} : { reason }) });
  const paused = await notedPause(store) ?? { since };
  terminal.document({ ok: true, paused: true, ...paused });
  terminal.line(already ? `Already ${pauseWords(paused)}.` : "Nothing goes out any more.");
  if (!terminal.json) terminal.note("to go on: mesh resume");
}
