/**
 * A gateway: a state directory with a key that can sign, and what the owner configured. What the
 * protocol's steps work on.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { DayTallies } from "../ledger/day_tallies.ts";
import { RateLedgers } from "../ledger/rate_ledgers.ts";
import { readPrivateKey } from "../identity/key_file.ts";
import type { PrivateKey } from "../identity/private_key.ts";
import { documentCodec } from "../store/document_codec.ts";
import { type OgpConfig, ogpConfig } from "./config.ts";
import { Doorman, RATES_FOLDER } from "./doorman.ts";
import { DAYS_FOLDER, LoopGuard } from "./loop_guard.ts";
import { PeerIndex } from "./peer_index.ts";
import { type OgpState, type OgpStateOptions, openOgpState } from "./state.ts";

/** A state directory, its key, its configuration, and a clock. Close it when done. */
export interface OgpNode extends Disposable {
  /** The collections. */
  readonly state: OgpState;
  /** The key that proves who we are: the one of `mesh init`. Never printed, never sent. */
  readonly privateKey: PrivateKey;
  /** The section of the configuration, as it was when the node was opened. */
  readonly config: OgpConfig;
  /** What this gateway calls itself: as configured, else as `mesh init` was told. */
  readonly displayName: string;
  /** Finds peers by what messages call them. */
  readonly index: PeerIndex;
  /** Judges scopes and rates. */
  readonly doorman: Doorman;
  /** Stops conversations that go on by themselves. */
  readonly loopGuard: LoopGuard;
  /** What the doorman counts, for the daemon to sweep. */
  readonly rates: RateLedgers;
  /** What the loop guard counts, for the daemon to sweep. */
  readonly tallies: DayTallies;
  /** The present. */
  readonly now: () => Date;
}

/** How to open a gateway. */
export interface OgpNodeOptions extends OgpStateOptions {
  /** The clock; for tests. */
  readonly now?: () => Date;
}

/**
 * Opens the gateway of a state directory.
 *
 * @param root The state directory.
 * @param options Clock, and where damage is reported.
 * @returns The gateway.
 * @throws {MeshError} `not_initialized`, `insecure_mode`, `damaged`, `config_invalid`.
 */
export async function openOgpNode(root: string, options: OgpNodeOptions = {}): Promise<OgpNode> {
  const state = openOgpState(root, options);
  const identity = await state.store.collection("", documentCodec).get("identity");
  const privateKey = identity && await readPrivateKey(root);
  if (!privateKey) {
    throw new MeshError("not_initialized", `There is no identity in "${root}"`, {
      hint: "mesh init",
    });
  }
  const config = await ogpConfig(state.store).read();
  const name = config.displayName ?? identity.get("display_name") ?? identity.get("agent_id");
  const rates = new RateLedgers(`${root}/${RATES_FOLDER}`);
  const tallies = new DayTallies(`${root}/${DAYS_FOLDER}`);
  return {
    state,
    privateKey,
    config,
    displayName: typeof name === "string" ? name : "mesh",
    index: new PeerIndex(state),
    doorman: new Doorman(rates),
    loopGuard: new LoopGuard(tallies, config.loopLimits),
    rates,
    tallies,
    now: options.now ?? (() => new Date()),
    [Symbol.dispose]() {
      rates[Symbol.dispose]();
      tallies[Symbol.dispose]();
    },
  };
}
