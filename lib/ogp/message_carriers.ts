/**
 * How the outbox delivers messages and replies of OGP: what it sends, where, and what it writes down.
 *
 * @module
 */
import type { Carrier, OutboxEntry, Outcome } from "../delivery/outbox.ts";
import { type PostAnswer, postJson } from "../net/post.ts";
import { JsonObject } from "../signing/json.ts";
import { fromPlain } from "../signing/json_plain.ts";
import { federationUrl, ownNames } from "./addressing.ts";
import { throughBreaker } from "./health.ts";
import { isUnknownToPeer, type Judgement, judgeOgpAnswer } from "./judge_answer.ts";
import { keptAnswer } from "./kept_answer.ts";
import type { OgpNode } from "./node.ts";
import { OGP_PROTOCOL, REPLY_PROTOCOL } from "./outgoing.ts";
import { isWithPeer, outgoingMessageOf, textIn, withReceipt } from "./outgoing_record.ts";
import type { OgpPeer } from "./records.ts";
import { isExpired, replyNameOf, replyReceiptOf } from "./reply_record.ts";
import { peerName } from "./state.ts";
import { bodyOf, signedMessageBody } from "./wire_message.ts";

/** Milliseconds for an exchange: an original gateway answers when its agent has, within 10 s. */
const TIMEOUT = 15_000;

/** Most bytes of an answer; those of project calls are long. */
const LARGEST_ANSWER = 2 * 1024 * 1024;

/**
 * The carriers of messages and replies.
 *
 * @param node This gateway.
 * @returns A carrier for each of the two protocols in the outbox.
 */
export function ogpCarriers(node: OgpNode): Record<"ogp" | "ogp-reply", Carrier> {
  return {
    [OGP_PROTOCOL]: {
      send: (entry, signal) => sendMessage(node, entry, signal),
      settle: async ({ id }, state, answer) => {
        const detail = keptAnswer(answer);
        const at = node.now().toISOString();
        const accepted = state === "accepted";
        const receipt = { state, at, ...(accepted || detail === undefined ? {} : { detail }) };
        await node.state.messagesOut.update(id, (record) => {
          return record && withReceipt(record, receipt, accepted ? detail : undefined);
        });
      },
    },
    [REPLY_PROTOCOL]: {
      send: (entry, signal) => bringReply(node, entry, signal),
      settle: async ({ id }, state, answer) => {
        const detail = keptAnswer(answer);
        const receipt = fromPlain({ state, at: node.now().toISOString(), detail });
        await node.state.replies.update(replyNameOf(id), (record) => {
          if (!record || replyReceiptOf(record)?.state === "accepted") return undefined;
          return new JsonObject(record).set("receipt", receipt);
        });
      },
    },
  };
}

async function sendMessage(
  node: OgpNode,
  { id }: OutboxEntry,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const record = await node.state.messagesOut.get(id);
  if (!record) return { kind: "refused", reason: "The message is not on disk any more" };
  const { to, receipt, response } = outgoingMessageOf(id, record);
  // A crash came between the receipt and the removal of the entry, or the reply before the answer.
  if (isWithPeer(receipt.state)) return { kind: "accepted", answer: response };
  const peer = await node.index.get(to);
  if (peer?.status !== "approved") return notFederated(peer);
  const url = federationUrl(peer, "message");
  if (!url) return { kind: "refused", reason: `The URL of "${nameOf(peer)}" cannot be used` };
  return await throughBreaker(node, peer.publicKey, async () => {
    const judged = await tryNames(
      node,
      peer,
      record,
      (from) => post(url, signedMessageBody(node, record, from), signal),
    );
    if (!isUnknownToPeer(judged.outcome) || !await awaitsApproval(node, peer)) return judged;
    const reason = `"${nameOf(peer)}" has not got our approval yet`;
    return { ...judged, outcome: { kind: "retry", status: 403, reason } };
  });
}

/**
 * Sends under the names that the peer may know us by until it knows one. The nonce stays, so it is one
 * message whichever name gets through; and the name that does is remembered.
 */
async function tryNames(
  node: OgpNode,
  peer: OgpPeer,
  record: JsonObject,
  send: (from: string) => Promise<PostAnswer>,
): Promise<Judgement> {
  const first = textIn(record, "from");
  const names = [...new Set([...(first ? [first] : []), ...ownNames(node, peer)])];
  let judged: Judgement | undefined;
  for (const name of names) {
    judged = judgeOgpAnswer(await send(name), textIn(record, "nonce"));
    if (isUnknownToPeer(judged.outcome)) continue;
    const proven = judged.outcome.kind === "accepted" && name === peer.knowsUsAs;
    if (name !== names[0] || (proven && !peer.nameIsOurs)) {
      await rememberName(node, peer, record, name);
    }
    return judged;
  }
  return judged ??
    { outcome: { kind: "refused", reason: "This gateway has no name" }, spoke: false };
}

async function rememberName(
  node: OgpNode,
  { publicKey }: OgpPeer,
  record: JsonObject,
  name: string,
): Promise<void> {
  const { peers, messagesOut } = node.state;
  await peers.update(
    peerName(publicKey),
    (peer) =>
      peer && !(peer.knowsUsAs === name && peer.nameIsOurs)
        ? { ...peer, knowsUsAs: name, nameIsOurs: true }
        : undefined,
  );
  // Another attempt must be the same message to the letter.
  await messagesOut.update(
    textIn(record, "nonce") ?? "",
    (current) => current && new JsonObject(current).set("from", name),
  );
}

async function bringReply(
  node: OgpNode,
  { id }: OutboxEntry,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  const record = await node.state.replies.get(replyNameOf(id));
  if (!record || isExpired(record, node.now())) {
    return { kind: "refused", reason: "The reply is more than a day old" };
  }
  const receipt = replyReceiptOf(record);
  if (receipt?.state === "accepted") return { kind: "accepted", answer: receipt.detail };
  const peer = await node.index.get(textIn(record, "to") ?? "");
  if (peer?.status !== "approved") return notFederated(peer);
  const url = URL.parse(textIn(record, "callback") ?? "");
  const text = textIn(record, "replyStr");
  const signature = textIn(record, "signature");
  if (!url || !text || !signature) return { kind: "refused", reason: "The reply is damaged" };
  // The peer may have moved since it asked.
  if (url.origin !== URL.parse(peer.gatewayUrl)?.origin) {
    return { kind: "refused", reason: `${url.origin} is not the gateway of "${nameOf(peer)}"` };
  }
  const body = bodyOf({ object: "reply", text: "replyStr" }, text, signature);
  return await throughBreaker(
    node,
    peer.publicKey,
    async () => judgeOgpAnswer(await post(url, body, signal)),
  );
}

function post(url: URL, body: string, signal: AbortSignal | undefined): Promise<PostAnswer> {
  const limits = { timeoutMs: TIMEOUT, maxBytes: LARGEST_ANSWER };
  return postJson(url, body, { ...limits, ...(signal ? { signal } : {}) });
}

/** Whether our own approval is still on its way to the peer: until then it cannot know us. */
async function awaitsApproval(node: OgpNode, { publicKey }: OgpPeer): Promise<boolean> {
  return await node.state.outbox.has(`approve-${peerName(publicKey)}`);
}

function notFederated(peer: OgpPeer | undefined): Outcome {
  const reason = peer
    ? `The federation with "${nameOf(peer)}" was ended`
    : "The addressee is no peer of this gateway";
  return { kind: "refused", reason };
}

function nameOf({ alias, displayName }: OgpPeer): string {
  return alias ?? displayName;
}
