/**
 * An owner with peers who types `mesh ogp agent-comms …`, for tests.
 *
 * @module
 */
import { defaultGrants } from "../../../../lib/ogp/scopes.ts";
import type { OgpPeer } from "../../../../lib/ogp/records.ts";
import { type OgpState, openOgpState, peerName } from "../../../../lib/ogp/state.ts";
import { temporaryRoot } from "../../mesh/parties.ts";
import { stranger } from "../../ogp/gateways.ts";
import { command, type Said } from "../ogp/household.ts";

/** An owner. */
export interface PolicyOwner extends AsyncDisposable {
  readonly root: string;
  readonly state: OgpState;
  /** The keys of the peers, by alias. */
  readonly keys: Readonly<Record<string, string>>;
  /** Types `mesh ogp agent-comms …`. */
  types(...args: string[]): Promise<Said>;
  /** Types a whole line, with quotes as in a shell, that has to succeed; what it prints. */
  line(text: string): Promise<string>;
  /** The same with `--json`. */
  // deno-lint-ignore no-explicit-any -- what a test looks at is what it checks
  json(...args: string[]): Promise<{ code: number; document: any }>;
}

/** Peers that an owner has: stan, leo, alice. */
const PEERS: Readonly<Record<string, string>> = {
  stan: "Stanislav",
  leo: "Leopold",
  alice: "Alice",
};

/** Makes an owner whose peers are approved with the usual grants. */
export async function policyOwner(changes: Partial<OgpPeer> = {}): Promise<PolicyOwner> {
  const folder = await temporaryRoot();
  const root = folder.path;
  const state = openOgpState(root);
  const keys: Record<string, string> = {};
  const now = new Date();
  for (const [alias, displayName] of Object.entries(PEERS)) {
    const { publicKey } = stranger();
    keys[alias] = publicKey;
    await state.peers.put(peerName(publicKey), {
      publicKey,
      // Ids of OGP 0.7 differ in their last 8 digits alone.
      id: publicKey.slice(0, 32),
      alias,
      displayName,
      gatewayUrl: `https://${alias}.example.com`,
      status: "approved",
      asked: "them",
      approvedAt: now.toISOString(),
      grants: defaultGrants(undefined, now),
      ...changes,
    });
  }
  const types = (...args: string[]) => command(root, "ogp", "agent-comms", ...args);
  return {
    ...{ root, state, keys, types },
    async line(text) {
      const words = [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) =>
        quoted ?? word ?? ""
      );
      const [ogp, agentComms, ...args] = words;
      if (ogp !== "ogp" || agentComms !== "agent-comms") throw new Error(`No such line: ${text}`);
      const { code, out, err } = await types(...args);
      if (code !== 0) throw new Error(`${text} ended with ${code}: ${err}`);
      return out;
    },
    async json(...args) {
      const { code, out } = await types(...args, "--json");
      return { code, document: JSON.parse(out) };
    },
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  };
}
