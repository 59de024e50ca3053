/**
 * How the gateways are that this one federates with, and who waits for the owner's decision.
 *
 * @module
 */
import { listApprovals } from "../ogp/approvals/find.ts";
import { readHealth } from "../ogp/health.ts";
import { type Federation, listFederation } from "../ogp/peers.ts";
import { type Check, ok, type Verdict, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";
import { continued, count, some } from "./words.ts";

/** Looks at the peers of OGP, at requests, and at messages that wait for the owner. */
export const federation: Check = {
  name: "federation",
  async run(context) {
    const known = await listFederation(context.ogp);
    const approved = known.filter(({ status }) => status === "approved");
    const asking = known.filter(({ status, direction }) =>
      status === "pending" && direction === "incoming"
    );
    const waiting = await listApprovals(context.ogp);
    return [
      ...(approved.length > 0 ? await peerVerdicts(context, approved) : []),
      ...(asking.length > 0 ? [askingVerdict(context, asking)] : []),
      ...(waiting.length > 0 ? [waitingVerdict(context, waiting.length)] : []),
    ];
  },
};

async function peerVerdicts(
  context: DoctorContext,
  peers: readonly Federation[],
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const { alias, displayName, id, publicKey } of peers) {
    const health = await readHealth(context.ogp, publicKey);
    if (health?.lastError === undefined) continue;
    const seen = health.lastSeenAt ? `, last heard from ${health.lastSeenAt}` : "";
    verdicts.push(warning(
      `Gateway "${alias ?? displayName}" did not answer${seen}: ${continued(health.lastError)}`,
      context.command("ogp federation ping", alias ?? id),
    ));
  }
  const sound = peers.length - verdicts.length;
  return sound > 0
    ? [ok(`Nothing is wrong with ${count(sound, "gateway")}`), ...verdicts]
    : verdicts;
}

function askingVerdict({ command }: DoctorContext, asking: readonly Federation[]): Verdict {
  const who = some(asking.map(({ displayName }) => displayName));
  const ask = asking.length === 1 ? "asks" : "ask";
  return ok(
    `${count(asking.length, "gateway")} ${ask} to federate: ${who}`,
    command("ogp federation list --status pending"),
  );
}

function waitingVerdict({ command }: DoctorContext, number: number): Verdict {
  const wait = number === 1 ? "waits" : "wait";
  return ok(`${count(number, "message")} ${wait} for your decision`, command("approvals list"));
}
