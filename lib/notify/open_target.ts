/**
 * Makes the target that the owner configured. Each is loaded only when it is used.
 *
 * @module
 */
import type { TargetConfig } from "./config_types.ts";
import type { Target } from "./handover.ts";

/**
 * Makes a target.
 *
 * @param config What is configured.
 * @returns The target. Keep it: one that is used for all messages keeps those of a conversation apart.
 */
export async function openTarget(config: TargetConfig): Promise<Target> {
  switch (config.type) {
    case "openclaw":
      return (await import("./openclaw.ts")).openClawTarget(config);
    case "hermes":
      return (await import("./hermes.ts")).hermesTarget(config);
    case "webhook":
      return (await import("./webhook.ts")).webhookTarget(config);
    case "agent":
      return (await import("./agent.ts")).agentTarget(config);
    case "command":
      return (await import("./command.ts")).commandTarget(config);
    case "none":
      return NONE;
  }
}

/** Messages are stored already, and that is all that is wanted. */
const NONE: Target = {
  kind: "none",
  idempotent: true,
  handOn: () => Promise.resolve({ kind: "handed" }),
  check: () => Promise.resolve({ ok: true, detail: "Messages are stored and not handed on" }),
};
