/**
 * Whether others who follow this node's endpoint find this node.
 *
 * @module
 */
import { messageOf } from "../error.ts";
import { parsePublicKeyPem } from "../identity/keys.ts";
import type { IdentityRecord } from "../mesh/identity_record.ts";
import { DEFAULT_PORT } from "../mesh/protocol.ts";
import { probe } from "../mesh/scan/probe.ts";
import { lanAddress } from "../net/interfaces.ts";
import type { Running } from "../run/run_file.ts";
import { type Check, failure, ok, type Verdict, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";
import { targetOf } from "./peer_answers.ts";
import { restartOfAll, runsEverything, serveCommand, servedPort } from "./port.ts";
import { continued } from "./words.ts";

/** Asks this node's own endpoint for a card. */
export const endpoint: Check = {
  name: "endpoint",
  async run(context, signal) {
    const self = await context.identity().catch(() => undefined);
    if (!self) return [];
    const daemon = (await context.running()).find(({ name }) => name === "serve");
    const change = () => changeEndpoint(context, daemon);
    if (!self.endpoint) {
      return warning("This node names no endpoint, so nobody can reach it", change());
    }
    let target;
    try {
      target = targetOf(self.endpoint);
    } catch (error) {
      return failure(messageOf(error), change());
    }
    const result = await probe(target, { timeoutMs: context.probeMs, signal });
    if (!result.ok) return silence(context, self, daemon, continued(result.error));
    const { card } = result;
    if (parsePublicKeyPem(card.public_key).hex !== parsePublicKeyPem(self.public_key).hex) {
      return failure(
        `At ${self.endpoint}, the endpoint of this node, "${card.agent_id}" answers with another key`,
        change(),
      );
    }
    if (card.agent_id !== self.agent_id || card.endpoint !== self.endpoint) {
      return warning(
        `At ${self.endpoint} this node answers with an older card than identity.json holds`,
        daemon && await runsEverything(context, daemon.pid)
          ? restartOfAll(context)
          : "restart mesh serve",
      );
    }
    return ok(`${self.endpoint} answers with this node's key`);
  },
};

/** From outside it may look different: many a router leads nobody from within to its public address. */
function silence(
  context: DoctorContext,
  self: IdentityRecord,
  daemon: Running | undefined,
  reason: string,
): Verdict {
  const nobody = `Nobody answers as this node at ${self.endpoint}: ${reason}`;
  if (!daemon) return warning(nobody, serveCommand(context, servedPort(self.endpoint)));
  return warning(
    `${nobody}; this node listens on ${daemon.host} port ${daemon.port}`,
    changeEndpoint(context, daemon),
  );
}

function changeEndpoint({ command }: DoctorContext, daemon: Running | undefined): string {
  const guess = `http://${lanAddress().address}:${daemon?.port ?? DEFAULT_PORT}`;
  return command("config set", "identity.endpoint", guess);
}
