/**
 * Where a message goes: to the handler of its intent, else where the owner's routes send it. What is
 * configured counts as it is at the moment; a target stays open for as long as it is configured the same.
 *
 * @module
 */
import { notifyConfig } from "../../notify/config.ts";
import type { NotifyConfig, TargetConfig } from "../../notify/config_types.ts";
import type { Target } from "../../notify/handover.ts";
import { openTarget } from "../../notify/open_target.ts";
import { type NamedTarget, targetFor } from "../../notify/route.ts";
import type { IncomingMessage } from "../incoming.ts";
import { registeredIntent } from "../intents/registry.ts";
import type { RegisteredIntent } from "../intents/record.ts";
import type { OgpPeer } from "../records.ts";
import type { OgpState } from "../state.ts";
import { STRANGER_INTENT } from "./message.ts";

/** Where a message goes. */
export type Destination =
  | { readonly kind: "handler"; readonly intent: RegisteredIntent }
  | {
    readonly kind: "target";
    /** What is configured. */
    readonly config: TargetConfig;
    /** Whether what the agent answers comes back, and is sent to the peer. */
    readonly answers: boolean;
  }
  /** Messages are only stored. */
  | { readonly kind: "none" };

type State = Pick<OgpState, "store">;

/**
 * Looks where a message goes.
 *
 * @param state The state.
 * @param message The message.
 * @param peer Whose it is.
 * @returns The destination.
 * @throws {MeshError} `config_invalid` if the configuration cannot be read.
 */
export async function destinationOf(
  state: State,
  { intent, topic }: Pick<IncomingMessage, "intent" | "topic">,
  { publicKey, id, alias }: Pick<OgpPeer, "publicKey" | "id" | "alias">,
): Promise<Destination> {
  const registered = await registeredIntent(state, intent);
  if (registered?.handler) return { kind: "handler", intent: registered };
  const config = await notifyConfig(state.store).read();
  const peer = [publicKey, id, ...(alias === undefined ? [] : [alias])];
  return ofTarget(targetFor(config, { peer, topic, intent }), registered?.sessionKey);
}

/**
 * Looks where the owner is told of strangers.
 *
 * @param state The state.
 * @returns The destination: that of the intent `federation.request`, in no peer's name.
 * @throws {MeshError} `config_invalid` if the configuration cannot be read.
 */
export async function strangersDestination(state: State): Promise<Destination> {
  const config: NotifyConfig = await notifyConfig(state.store).read();
  return ofTarget(targetFor(config, { peer: [], intent: STRANGER_INTENT }));
}

function ofTarget({ config }: NamedTarget, sessionKey?: string): Destination {
  if (config.type === "none") return { kind: "none" };
  const own = config.type === "openclaw" && sessionKey !== undefined
    ? { ...config, sessionKey }
    : config;
  return { kind: "target", config: own, answers: answersOf(own) };
}

function answersOf(config: TargetConfig): boolean {
  switch (config.type) {
    case "agent":
    case "command":
      return true;
    case "webhook":
      return config.replies;
    case "openclaw":
      return config.a2a !== undefined;
    case "hermes":
    case "none":
      return false;
  }
}

/** Targets that are open. */
export class OpenTargets {
  readonly #open = new Map<string, Promise<Target>>();

  /**
   * The target of a configuration, opened once.
   *
   * @param config What is configured.
   * @returns The target.
   */
  async get(config: TargetConfig): Promise<Target> {
    const key = JSON.stringify(config);
    const open = this.#open.get(key) ?? openTarget(config);
    this.#open.set(key, open);
    // What the owner changed again and again is not kept for ever.
    const [oldest] = this.#open.keys();
    if (this.#open.size > MOST_OPEN && oldest !== undefined) this.#open.delete(oldest);
    return await open;
  }
}

/** More than anybody configures. */
const MOST_OPEN = 200;
