/**
 * Hands messages to OpenClaw's gateway: by its A2A channel where the owner enabled that, for it returns
 * the agent's answer, else by its hooks, which do not.
 *
 * @module
 */
import { exchange, RequestError } from "../agent/request.ts";
import { JsonObject } from "../signing/json.ts";
import type { OpenClawConfig } from "./config_types.ts";
import type { HandoverOptions, Target, TargetCheck } from "./handover.ts";
import { OpenClawA2a } from "./openclaw_a2a.ts";
import { OpenClawHooks } from "./openclaw_hooks.ts";
import { readJson } from "./read_json.ts";

/**
 * A target for one gateway.
 *
 * @param config Where it is.
 * @returns The target.
 */
export function openClawTarget(config: OpenClawConfig): Target {
  const way = config.a2a ? new OpenClawA2a(config, config.a2a.token) : new OpenClawHooks(config);
  return {
    kind: "openclaw",
    idempotent: way.idempotent,
    handOn: (handover, options = {}) => way.handOn(handover, options),
    async check(options = {}) {
      const health = await checkHealth(config, options);
      return health.ok ? await way.check(options) : health;
    },
  };
}

async function checkHealth(
  { url }: OpenClawConfig,
  { signal }: HandoverOptions,
): Promise<TargetCheck> {
  const healthz = new URL("/healthz", url);
  try {
    const limits = { timeoutMs: 5000, maxBytes: 65_536, signal };
    const text = await exchange(healthz, { method: "GET" }, limits, (answer) => answer.text());
    const health = readJson(text);
    if (health instanceof JsonObject && health.get("status") === "live") {
      return { ok: true, detail: `OpenClaw is live at ${healthz.origin}` };
    }
    return { ok: false, detail: `What answers at ${healthz.origin} is not OpenClaw's gateway` };
  } catch (error) {
    if (error instanceof RequestError) return { ok: false, detail: error.message };
    throw error;
  }
}
