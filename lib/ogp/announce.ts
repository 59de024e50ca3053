/**
 * Telling peers what changed: that it is owed is written down before the change, that it was told after
 * the peer confirmed it. So neither a crash between the two nor a change during an attempt leaves a peer
 * with old news; what is sent is always the state of the moment.
 *
 * @module
 */
import type { Attempt, Outbox } from "../delivery/outbox.ts";
import { type Announcement, changeExchange, exchanges, readExchange } from "./exchange.ts";
import type { OgpNode } from "./node.ts";
import { peerName } from "./state.ts";

/** The protocol names of announcements in the outbox. */
export const ANNOUNCEMENTS: Readonly<Record<Announcement, string>> = {
  approve: "ogp-approve",
  removed: "ogp-removed",
  identity: "ogp-identity",
};

const KINDS: readonly Announcement[] = ["approve", "removed", "identity"];

/** Milliseconds between looks at an entry that another process is busy with. */
const BUSY_WAIT = 200;

/** How often it is looked at: longer than an attempt can take. */
const BUSY_LOOKS = 50;

/**
 * The name of the outbox entry that an announcement has.
 *
 * @param kind What is announced.
 * @param publicKey To whom.
 * @returns Such as `approve-<peerName>`.
 */
export function announcementId(kind: Announcement, publicKey: string): string {
  return `${kind}-${peerName(publicKey)}`;
}

/**
 * Writes down that a peer has to be told something; `announce` or `requeueAnnouncements` sees to it.
 * Belongs before the change that it is about, inside the lock of decisions.
 *
 * @param node This gateway.
 * @param publicKey The peer's key.
 * @param kind What it has to be told.
 * @param version What the news is known by; a new one unless given.
 */
export async function owe(
  node: Pick<OgpNode, "state">,
  publicKey: string,
  kind: Announcement,
  version: string = crypto.randomUUID(),
): Promise<void> {
  await changeExchange(node.state, publicKey, ({ owed }) => {
    // A peer is either with us or not: what was owed of the other kind is news of yesterday.
    const others = kind === "removed" ? {} : { ...owed, removed: undefined };
    return { owed: { ...others, [kind]: version } };
  });
}

/**
 * Whether a peer still has to be told something.
 *
 * @param node This gateway.
 * @param publicKey The peer's key.
 * @param kind What it is about.
 * @returns Whether the newest version has not been confirmed.
 */
export async function isOwed(
  node: Pick<OgpNode, "state">,
  publicKey: string,
  kind: Announcement,
): Promise<boolean> {
  const { owed, told } = await readExchange(node.state, publicKey);
  return owed?.[kind] !== undefined && owed[kind] !== told?.[kind];
}

/**
 * Tells a peer now, and leaves it to the daemon if that does not succeed.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @param publicKey The peer's key.
 * @param kind What it is told.
 * @returns What came of it.
 */
export async function announce(
  node: OgpNode,
  outbox: Outbox,
  publicKey: string,
  kind: Announcement,
): Promise<Attempt> {
  const protocol = ANNOUNCEMENTS[kind];
  const id = announcementId(kind, publicKey);
  const send = () => outbox.send(id, protocol, peerName(publicKey));
  let attempt = await send();
  for (let look = 0; look < BUSY_LOOKS; look++) {
    // An attempt under way may carry the state of a moment ago.
    const inDoubt = attempt.state === "busy" || attempt.state === "accepted";
    if (!inDoubt || !outbox.carries({ protocol })) return attempt;
    if (!await isOwed(node, publicKey, kind)) {
      return attempt.state === "busy" ? { state: "accepted", answer: undefined } : attempt;
    }
    await new Promise((resolve) => setTimeout(resolve, BUSY_WAIT));
    attempt = await send();
  }
  return attempt;
}

/**
 * Queues what is owed and has no entry in the outbox: what a crash left between two steps, and what
 * arrived while nobody could send.
 *
 * @param node This gateway.
 * @param outbox Its outbox.
 * @returns The ids that were queued.
 */
export async function requeueAnnouncements(node: OgpNode, outbox: Outbox): Promise<string[]> {
  const queued: string[] = [];
  for (const { id: name, value: { owed, told } } of (await exchanges(node.state).list()).entries) {
    for (const kind of KINDS) {
      if (owed?.[kind] === undefined || owed[kind] === told?.[kind]) continue;
      const id = `${kind}-${name}`;
      if (await outbox.entries.has(id) || await outbox.failed.has(id)) continue;
      await outbox.add(id, ANNOUNCEMENTS[kind], name);
      queued.push(id);
    }
  }
  return queued;
}

/**
 * Drops announcements that have become pointless. Never fails: their carriers look again themselves.
 *
 * @param outbox The outbox.
 * @param publicKey The peer's key.
 * @param kinds Which.
 */
export async function dropAnnouncements(
  outbox: Outbox,
  publicKey: string,
  kinds: readonly Announcement[],
): Promise<void> {
  for (const kind of kinds) {
    const id = announcementId(kind, publicKey);
    if (!await outbox.entries.has(id) && !await outbox.failed.has(id)) continue;
    await outbox.drop(id, "It has become pointless").catch(() => "busy");
  }
}
