/**
 * OpenClaw's hooks: `POST /hooks/agent` starts a run of its own for each message; `POST /hooks/wake` puts
 * a line into the agent's next turn and is the fallback where the first is not offered, as below a path
 * where the owner maps nothing but `…/wake`. Neither returns what the agent says. As OpenClaw 2026.9.6
 * does it.
 *
 * OpenClaw knows a message again by `Idempotency-Key` together with all fields of the body, in memory,
 * while the run goes on and for five minutes after.
 *
 * @module
 */
import { saidBy } from "../agent/redact.ts";
import { exchange } from "../agent/request.ts";
import { JsonObject } from "../signing/json.ts";
import type { OpenClawConfig } from "./config_types.ts";
import { deliveryId } from "./delivery_id.ts";
import type { Handover, HandoverOptions, HandoverOutcome, TargetCheck } from "./handover.ts";
import { neutralName } from "./neutral.ts";
import { MEND_SECONDS, outcomeOfError, outcomeOfStatus, retry } from "./outcomes.ts";
import { readJson } from "./read_json.ts";

/** What came back, as far as it matters. */
interface HookAnswer {
  readonly status: number;
  /** OpenClaw's sentence, fit for the owner's log. */
  readonly words: string;
  readonly retryAfter?: number;
  /** `{"ok":true,…}`, which only OpenClaw says. */
  readonly ok: boolean;
}

/** A run may wait for admission for 15 s before it is answered for. */
const TIMEOUT_MS = 30_000;

/** Sentences of a 400 that are about settings, ours or OpenClaw's, and not about the message. */
const SETTINGS = /agentId|sessionKey|session mode|sessionMode|channel|hooks\.|allowed|policy/i;

/** The hooks of one gateway. */
export class OpenClawHooks {
  /** A second delivery is dropped, for as long as OpenClaw remembers. */
  readonly idempotent = true;
  readonly #config: OpenClawConfig;

  /**
   * The hooks; nothing is sent yet.
   *
   * @param config Where it is.
   */
  constructor(config: OpenClawConfig) {
    this.#config = config;
  }

  /**
   * Hands a message on.
   *
   * @param handover The message.
   * @param options How.
   * @returns What came of it.
   */
  async handOn(handover: Handover, options: HandoverOptions): Promise<HandoverOutcome> {
    try {
      const key = await deliveryId(handover.id);
      const agent = await this.#post("agent", this.#agentBody(handover), options, key);
      if (agent.status !== 404) return outcomeOf(agent);
      const { agentId } = this.#config;
      const wake = await this.#post(
        "wake",
        { text: handover.frame, mode: "now", agentId },
        options,
      );
      return outcomeOf(wake);
    } catch (error) {
      return outcomeOfError(error);
    }
  }

  /**
   * Looks whether the hooks are on and the token is right: a message without text is refused, but only
   * to those who may send one.
   *
   * @param options How.
   * @returns What was found.
   */
  async check(options: HandoverOptions): Promise<TargetCheck> {
    const { origin } = new URL(this.#config.url);
    try {
      const agent = await this.#post("agent", { message: "" }, options);
      const { status, words } = agent.status === 404
        ? await this.#post("wake", { text: "" }, options)
        : agent;
      if (status === 400) return { ok: true, detail: `OpenClaw's hooks are on at ${origin}` };
      const why = status === 401
        ? "it does not know the token: hooksToken has to be hooks.token of its configuration"
        : status === 404
        ? "its hooks are off: set hooks.enabled in its configuration"
        : `status ${status} ${words}`;
      return { ok: false, detail: `OpenClaw at ${origin} takes no messages: ${why}` };
    } catch (error) {
      const outcome = outcomeOfError(error);
      return { ok: false, detail: outcome.kind === "retry" ? outcome.reason : outcome.kind };
    }
  }

  #agentBody(handover: Handover): Record<string, unknown> {
    const { agentId, sessionKey, deliver, channel, to } = this.#config;
    const name = `${handover.protocol.toUpperCase()} ${neutralName(handover.peer.displayName)}`;
    const session = sessionKey === undefined ? {} : { sessionKey, sessionMode: "persistent" };
    return { message: handover.frame, name, agentId, ...session, deliver, channel, to };
  }

  async #post(
    hook: string,
    body: Record<string, unknown>,
    { signal }: HandoverOptions,
    key?: string,
  ): Promise<HookAnswer> {
    const { url, hooksPath, hooksToken = "", timeoutMs } = this.#config;
    const headers = {
      authorization: `Bearer ${hooksToken}`,
      ...(key === undefined ? {} : { "idempotency-key": key }),
    };
    const limits = { timeoutMs: Math.min(timeoutMs, TIMEOUT_MS), maxBytes: 65_536, signal };
    const target = new URL(`${url.replace(/\/+$/, "")}${hooksPath}/${hook}`);
    return await exchange(
      target,
      { headers, body: JSON.stringify(body) },
      limits,
      async (answer) => {
        const { status, retryAfter } = answer;
        const text = await answer.text();
        const document = readJson(text);
        const fields = document instanceof JsonObject ? document : new JsonObject();
        const error = fields.get("error");
        const words = saidBy(typeof error === "string" ? error : text, [hooksToken]);
        const ok = fields.get("ok") === true;
        return { status, words, ok, ...(retryAfter === undefined ? {} : { retryAfter }) };
      },
    );
  }
}

function outcomeOf({ status, words, retryAfter, ok }: HookAnswer): HandoverOutcome {
  if (status === 200 && ok) return { kind: "handed" };
  if (status >= 200 && status < 300) {
    return retry(`What answers in OpenClaw's place is something else: ${words}`, MEND_SECONDS);
  }
  // A mistake in the settings must not cost messages.
  if (status === 400 && SETTINGS.test(words)) {
    return retry(`OpenClaw refuses what is configured: ${words}`, MEND_SECONDS);
  }
  // As when its model is away, for which it looks every five minutes. Each attempt is a line for the owner.
  const ailing = status === 502 && words.includes("before entering the agent runner");
  return outcomeOfStatus("OpenClaw", status, words, ailing ? MEND_SECONDS : retryAfter);
}
