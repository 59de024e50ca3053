/**
 * Whether each peer is there and still has the key that the owner approved.
 *
 * @module
 */
import { join } from "node:path";
import { messageOf } from "../error.ts";
import { fingerprintOf } from "../identity/fingerprint.ts";
import { parsePublicKeyPem, type PublicKey } from "../identity/keys.ts";
import { assertStrongKey } from "../identity/strong_key.ts";
import type { AgentCard } from "../mesh/card.ts";
import type { Peer } from "../mesh/records.ts";
import { type Check, failure, ok, type Verdict, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";
import type { PeerAnswer } from "./peer_answers.ts";
import { continued, count, shellWord, some } from "./words.ts";

/** Looks at every peer's record and asks its endpoint for a card. */
export const peers: Check = {
  name: "peers",
  async run(context) {
    const answers = await context.peers();
    if (answers.length === 0) return ok("There are no peers yet", context.command("scan"));
    const owners = await ownersOf(context, answers);
    const good: string[] = [];
    const byHand: string[] = [];
    const late: string[] = [];
    const problems: Verdict[] = [];
    for (const answer of answers) {
      const { agent_id: id } = answer.peer;
      const problem = await problemOf(context, answer, owners);
      if (problem) problems.push(problem);
      else if (answer.result) good.push(id);
      else if (answer.unasked?.kind === "no_time") late.push(id);
      else byHand.push(id);
    }
    return [...summary(good, byHand, late), ...problems];
  },
};

function summary(good: string[], byHand: string[], late: string[]): Verdict[] {
  const verdicts: Verdict[] = [];
  if (good.length > 0) {
    const what = good.length === 1
      ? "answers with the key that you approved"
      : "answer with the keys that you approved";
    verdicts.push(ok(`${some(good)} ${what}`));
  }
  if (byHand.length > 0) {
    const have = byHand.length === 1 ? "has" : "have";
    verdicts.push(ok(`${some(byHand)} ${have} no endpoint: messages are carried by hand`));
  }
  if (late.length > 0) {
    verdicts.push(warning(`There was no time to ask ${count(late.length, "peer")}: ${some(late)}`));
  }
  return verdicts;
}

async function problemOf(
  context: DoctorContext,
  { peer, result, unasked }: PeerAnswer,
  owners: ReadonlyMap<string, string>,
): Promise<Verdict | undefined> {
  const { agent_id: id, endpoint } = peer;
  const key = await soundKey(peer);
  if (typeof key === "string") {
    return failure(
      `The record of "${id}" cannot be trusted: ${continued(key)}`,
      context.command("peers remove", id),
    );
  }
  if (unasked?.kind === "unusable") {
    const folder = shellWord(join(context.state.root, "peers"));
    return failure(
      `Nothing can be sent to "${id}": ${continued(unasked.why)}`,
      `edit its record in ${folder}: set "endpoint" to where it is`,
    );
  }
  if (!result) return undefined;
  if (!result.ok) {
    return warning(
      `Nobody answers as "${id}" at ${endpoint}: ${continued(result.error)}`,
      context.command("scan"),
    );
  }
  return identityProblem(context, peer, key, result.card, owners);
}

function identityProblem(
  { command }: DoctorContext,
  { agent_id: id, endpoint }: Peer,
  key: PublicKey,
  card: AgentCard,
  owners: ReadonlyMap<string, string>,
): Verdict | undefined {
  const { hex } = parsePublicKeyPem(card.public_key);
  if (hex === key.hex) {
    if (card.agent_id === id) return undefined;
    return failure(
      `"${id}" now calls itself "${card.agent_id}" and refuses messages to "${id}"; ` +
        "remove it, and approve its next contact request",
      command("peers remove", id),
    );
  }
  const other = owners.get(hex);
  if (other !== undefined) {
    return failure(`At ${endpoint}, the endpoint of "${id}", there is ${other}`, command("scan"));
  }
  return failure(
    `KEY CHANGED: at ${endpoint} somebody answers as "${card.agent_id}" with another key than you approved ` +
      `for "${id}"; unless its owner confirms the new fingerprint, ${card.fingerprint}, do not trust it; ` +
      `then: ${command("peers remove", id)}`,
    command("peers show", id),
  );
}

/** The record's key, or why it is none that anything may be trusted for. */
async function soundKey(peer: Peer): Promise<PublicKey | string> {
  try {
    const key = parsePublicKeyPem(peer.public_key);
    assertStrongKey(key);
    const same = await fingerprintOf(peer.public_key) === peer.fingerprint;
    return same ? key : "Its fingerprint is not that of its key";
  } catch (error) {
    return messageOf(error);
  }
}

/** Who is known to have which key, this node included. */
async function ownersOf(
  context: DoctorContext,
  answers: readonly PeerAnswer[],
): Promise<Map<string, string>> {
  const owners = new Map<string, string>();
  const add = (pem: string, who: string) => {
    try {
      owners.set(parsePublicKeyPem(pem).hex, who);
    } catch {
      // It is nobody's then.
    }
  };
  for (const { peer } of answers) add(peer.public_key, `your other peer "${peer.agent_id}"`);
  const self = await context.identity().catch(() => undefined);
  if (self) add(self.public_key, "this very node");
  return owners;
}
