/**
 * Which target a message goes to.
 *
 * @module
 */
import type { NotifyConfig, Route, TargetConfig } from "./config_types.ts";

/** What routes look at. */
export interface Routed {
  /**
   * Every name that stands for the peer: its key, its id, the alias that the owner gave it. Not what it
   * calls itself, or it could choose its route.
   */
  readonly peer: readonly string[];
  /** The topic. */
  readonly topic?: string | undefined;
  /** The intent. */
  readonly intent: string;
}

/** A target by its name. */
export interface NamedTarget {
  /** The owner's name for it; `none` if messages are only stored. */
  readonly name: string;
  /** What is configured for it. */
  readonly config: TargetConfig;
}

const NONE: NamedTarget = { name: "none", config: { type: "none" } };

/**
 * Finds the target of a message: that of the first route that matches, else the default.
 *
 * @param config The section.
 * @param message What routes look at.
 * @returns The target.
 *
 * @example
 * ```ts
 * import { targetFor } from "./route.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const config = {
 *   default: "none",
 *   targets: { script: { type: "command", argv: ["cat"], timeoutMs: 30_000 } },
 *   routes: [{ topic: "deploy", target: "script" }],
 * } as const;
 * const peer = ["stan"];
 * const intent = "agent-comms";
 * assertEquals(targetFor(config, { peer, intent, topic: "deploy/staging" }).name, "script");
 * assertEquals(targetFor(config, { peer, intent, topic: "deployment" }).name, "none");
 * ```
 */
export function targetFor(config: NotifyConfig, message: Routed): NamedTarget {
  const route = config.routes.find((route) => matches(route, message));
  const name = route?.target ?? config.default ?? NONE.name;
  const target = Object.hasOwn(config.targets, name) ? config.targets[name] : undefined;
  return target ? { name, config: target } : NONE;
}

function matches({ peer, topic, intent }: Route, message: Routed): boolean {
  return (peer === undefined || message.peer.includes(peer)) &&
    (intent === undefined || message.intent === intent) &&
    (topic === undefined || message.topic === topic ||
      (message.topic?.startsWith(`${topic}/`) ?? false));
}
