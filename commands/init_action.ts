/** What `mesh init` does. @module */
import { MeshError, messageOf } from "../lib/error.ts";
import { initIdentity } from "../lib/mesh/identity.ts";
import { lanAddress } from "../lib/net/interfaces.ts";
import { parsePeerUrl } from "../lib/net/post.ts";
import { DEFAULT_PORT } from "../lib/mesh/protocol.ts";
import type { ActionContext } from "./define.ts";
import type { InitFlags } from "./init.ts";
import { openState } from "./node.ts";
import { agentName } from "./text.ts";

/**
 * Makes the identity and says what comes next.
 *
 * @param context The terminal.
 * @param flags Names and endpoint.
 */
export default async function (context: ActionContext, flags: InitFlags): Promise<void> {
  const { terminal } = context;
  const state = openState(context, flags);
  const lan = flags.endpoint === undefined ? lanAddress() : undefined;
  const endpoint = flags.endpoint ?? `http://${lan?.address}:${DEFAULT_PORT}`;
  assertEndpoint(endpoint);
  const { identity, backup, adoptedKey } = await initIdentity(state, {
    endpoint,
    force: flags.force,
    ...(flags.agentId === undefined ? {} : { agentId: flags.agentId }),
    ...(flags.displayName === undefined ? {} : { displayName: flags.displayName }),
  });
  terminal.document(identity);
  terminal.line(`This node is ${agentName(identity)}.`);
  terminal.line(`  endpoint     ${identity.endpoint}`);
  terminal.line(`  fingerprint  ${identity.fingerprint}`);
  terminal.line(`  state        ${state.root}`);
  if (lan) {
    terminal.note(
      lan.kind === "loopback"
        ? "No LAN address was found, so only this machine reaches that endpoint; --endpoint sets another."
        : `The endpoint is a guess from the address on ${lan.interface}; --endpoint sets another.`,
    );
  }
  if (adoptedKey) terminal.note("The private key that was there already is used.");
  if (backup) terminal.note(`The old identity was kept in ${backup}.`);
  if (!terminal.json) terminal.note("next: mesh up --background, and then: mesh scan");
}

function assertEndpoint(endpoint: string): void {
  try {
    parsePeerUrl(endpoint);
  } catch (cause) {
    throw new MeshError("usage", messageOf(cause), {
      cause,
      hint: `mesh init --endpoint http://192.168.1.20:${DEFAULT_PORT}`,
    });
  }
}
