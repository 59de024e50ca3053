/**
 * Carrying an import out on a state directory, or only telling what it would do.
 *
 * @module
 */
import { MeshError, messageOf } from "../../lib/error.ts";
import { PRIVATE_KEY, readPrivateKey } from "../../lib/identity/key_file.ts";
import type { PrivateKey } from "../../lib/identity/private_key.ts";
import { initIdentity } from "../../lib/mesh/identity.ts";
import { DEFAULT_PORT } from "../../lib/mesh/protocol.ts";
import { openMeshState } from "../../lib/mesh/state.ts";
import { lanAddress } from "../../lib/net/interfaces.ts";
import { ogpConfig } from "../../lib/ogp/config.ts";
import { deciding } from "../../lib/ogp/decision_lock.ts";
import { FILES, type Finding } from "../../lib/ogp/import/finding.ts";
import type { ImportedPeer } from "../../lib/ogp/import/peer.ts";
import type { ImportPlan } from "../../lib/ogp/import/plan.ts";
import { chooseId } from "../../lib/ogp/peers.ts";
import type { IncomingRequest, OgpPeer } from "../../lib/ogp/records.ts";
import { type OgpState, peerName } from "../../lib/ogp/state.ts";
import { useKept } from "./import_kept.ts";
import { JsonObject } from "../../lib/signing/json.ts";
import { documentCodec } from "../../lib/store/document_codec.ts";

/** How to carry it out. */
export interface ApplyOptions {
  /** Whether nothing is changed. */
  readonly dryRun: boolean;
  /** Whether what is there is replaced. */
  readonly force: boolean;
}

/** Where files are kept as they were, below the root. */
const KEPT_FOLDER = "ogp/imported";

/** Carries one plan out. */
export class Import {
  readonly #state: OgpState;
  readonly #plan: ImportPlan;
  readonly #options: ApplyOptions;

  /**
   * @param state The state.
   * @param plan What to do.
   * @param options How.
   */
  constructor(state: OgpState, plan: ImportPlan, options: ApplyOptions) {
    this.#state = state;
    this.#plan = plan;
    this.#options = options;
  }

  /**
   * Carries it out. What fails is a finding, and the rest goes on.
   *
   * @returns What became of everything, the plan's own findings included.
   */
  async run(): Promise<Finding[]> {
    const { key, peers, kept, findings } = this.#plan;
    const all: Finding[] = [];
    if (key) all.push(await this.#attempt(FILES.keypair, "", () => this.#takeKey(key)));
    all.push(...await this.#takeConfig());
    for (const peer of peers) {
      all.push(await this.#attempt(FILES.peers, peer.name, () => this.#takePeer(peer)));
    }
    for (const [name, { text, detail }] of kept) {
      all.push(await this.#attempt(name, "", () => this.#keep(name, text, detail)));
      if (!this.#options.dryRun) all.push(...await this.#use(name, text));
    }
    return [...all, ...findings];
  }

  async #attempt(
    file: string,
    item: string,
    work: () => Promise<Pick<Finding, "fate" | "detail">>,
  ): Promise<Finding> {
    try {
      return { file, item, ...await work() };
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      return { file, item, fate: "refused", detail: messageOf(error) };
    }
  }

  async #takeKey(key: PrivateKey): Promise<Pick<Finding, "fate" | "detail">> {
    const { root, store } = this.#state;
    const own = await readPrivateKey(root);
    if (own && own.publicKey.hex !== key.publicKey.hex) {
      const detail =
        "This node has a key of its own, and peers know the other one: federate with " +
        "them anew, or import into an empty --state-dir";
      return { fate: "refused", detail };
    }
    if (own && await store.collection("", documentCodec).has("identity")) {
      return { fate: "there", detail: "it is this node's key already" };
    }
    if (this.#options.dryRun) return { fate: "taken", detail: "as this node's identity" };
    if (!own) await store.writeFile(PRIVATE_KEY, key.exportSecretPem());
    const { displayName } = this.#plan.values;
    const { identity } = await initIdentity(openMeshState(root), {
      endpoint: `http://${lanAddress().address}:${DEFAULT_PORT}`,
      ...(typeof displayName === "string" ? { displayName } : {}),
    });
    return { fate: "taken", detail: `as this node's identity, ${identity.agent_id}` };
  }

  async #takeConfig(): Promise<Finding[]> {
    const { store } = this.#state;
    const file = await store.collection("", documentCodec).get("config");
    const section = file?.get("ogp");
    const there = section instanceof JsonObject ? section : new JsonObject();
    const findings: Finding[] = [];
    const config = ogpConfig(store);
    for (const [key, value] of Object.entries(this.#plan.values)) {
      const set = there.has(key) && !this.#options.force;
      const detail = key === "openclawToken" ? "a token" : String(value);
      findings.push(
        set
          ? { file: FILES.config, item: key, fate: "there", detail: "it is set here already" }
          : await this.#attempt(FILES.config, key, async () => {
            if (!this.#options.dryRun) await config.change({ [key]: value });
            return { fate: "taken", detail };
          }),
      );
    }
    return findings;
  }

  async #takePeer(peer: ImportedPeer): Promise<Pick<Finding, "fate" | "detail">> {
    return await this.#deciding(async () => {
      const { peers, requestsIn, audit } = this.#state;
      const name = peerName(peer.record.publicKey);
      const isPeer = isPeerRecord(peer.record);
      const there = await peers.has(name) || (!isPeer && await requestsIn.has(name));
      if (there && !this.#options.force) return { fate: "there", detail: "its key is known here" };
      const { record, notes } = await this.#named(peer);
      const detail = [wordsFor(peer), ...peer.notes, ...notes].join("; ");
      if (this.#options.dryRun) return { fate: "taken", detail };
      await audit.decision({
        event: "peer.imported",
        peer: record.id,
        status: peer.status,
        public_key: record.publicKey,
      });
      if (isPeerRecord(record)) await peers.put(name, record);
      else await requestsIn.put(name, record);
      return { fate: "taken", detail };
    });
  }

  /** A dry run leaves no trace, not even of a lock. */
  async #deciding<R>(work: () => Promise<R>): Promise<R> {
    return this.#options.dryRun ? await work() : await deciding(this.#state, work);
  }

  /** Ids and aliases look a peer up here, so each may mean one peer only. */
  async #named(
    { record }: ImportedPeer,
  ): Promise<{ record: OgpPeer | IncomingRequest; notes: string[] }> {
    const { publicKey } = record;
    const notes: string[] = [];
    const free = async (wanted: string) => {
      try {
        return await chooseId(this.#state, publicKey, wanted);
      } catch (error) {
        if (!(error instanceof MeshError) || error.code !== "exists") throw error;
        notes.push(`"${wanted}" means another peer here`);
        return undefined;
      }
    };
    const wanted = record.id === publicKey ? undefined : await free(record.id);
    const id = wanted ?? await chooseId(this.#state, publicKey);
    const alias = record.alias === undefined ? undefined : await free(record.alias);
    return { record: { ...record, id, alias }, notes };
  }

  async #use(name: string, text: string): Promise<Finding[]> {
    const ownKey = (await readPrivateKey(this.#state.root))?.publicKey.der;
    const user = { state: this.#state, ownKey, now: new Date() };
    try {
      return await useKept(user, name, text);
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      return [{ file: name, item: "", fate: "refused", detail: messageOf(error) }];
    }
  }

  async #keep(
    name: string,
    text: string,
    detail: string,
  ): Promise<Pick<Finding, "fate" | "detail">> {
    const { root, store } = this.#state;
    const path = `${KEPT_FOLDER}/${name}`;
    const there = await Deno.stat(`${root}/${path}`).then(() => true, () => false);
    if (there && !this.#options.force) return { fate: "there", detail: `in ${path}` };
    if (!this.#options.dryRun) await store.writeFile(path, text);
    return { fate: "later", detail: `${detail}: in ${path}` };
  }
}

function isPeerRecord(record: OgpPeer | IncomingRequest): record is OgpPeer {
  return record.status === "approved" || record.status === "removed";
}

function wordsFor({ status, record }: ImportedPeer): string {
  if (status === "pending") return "a request for you to decide on";
  if (status === "rejected") return "a request that was rejected";
  if (status === "removed") return "removed";
  const { grants } = record as OgpPeer;
  if (grants === null) return "approved, with the rights of version 0.1";
  const intents = grants.scopes.filter(({ enabled }) => enabled).map(({ intent }) => intent);
  return `approved, for ${intents.length > 0 ? intents.join(", ") : "nothing"}`;
}
