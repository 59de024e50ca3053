/**
 * What a failed call to the Bot API means for us. The answers are those of the Bot API's description:
 * `{ok: false, error_code, description, parameters?: {retry_after?, migrate_to_chat_id?}}`.
 *
 * @module
 */
import { MeshError } from "../../../error.ts";

/** The kinds of failure that are treated differently. */
export type Fault =
  /** The token is not, or no longer, a bot's. */
  | { readonly kind: "token" }
  /** Somebody else takes this bot's updates. */
  | { readonly kind: "conflict"; readonly text: string }
  /** We are too fast; seconds to wait. */
  | { readonly kind: "flood"; readonly seconds: number }
  /** The group has become a supergroup with another id. */
  | { readonly kind: "moved"; readonly chat: number }
  /** Telegram will never do this. */
  | { readonly kind: "refused"; readonly text: string }
  /** Telegram or the way to it is out of order. */
  | { readonly kind: "down"; readonly text: string };

/** What grammY throws, as far as it is needed; its classes are loaded late and not known here. */
interface Thrown {
  readonly name?: unknown;
  readonly error_code?: unknown;
  readonly description?: unknown;
  readonly parameters?: { readonly retry_after?: unknown; readonly migrate_to_chat_id?: unknown };
  readonly error?: unknown;
}

/**
 * Judges an error of grammY.
 *
 * @param thrown What was thrown.
 * @returns What it means. No text in it contains an address, as those contain the token.
 */
export function faultOf(thrown: unknown): Fault {
  const error = (typeof thrown === "object" && thrown !== null ? thrown : {}) as Thrown;
  const code = Number(error.error_code);
  if (error.name !== "GrammyError" || !Number.isInteger(code)) {
    return { kind: "down", text: withoutAddresses(error.error ?? thrown) };
  }
  const text = String(error.description ?? "").slice(0, 300);
  const moved = Number(error.parameters?.migrate_to_chat_id);
  if (Number.isSafeInteger(moved) && moved !== 0) return { kind: "moved", chat: moved };
  // A token that does not even have the form of one is answered with 404.
  if (code === 401 || (code === 404 && /^not found$/i.test(text))) return { kind: "token" };
  if (code === 409) return { kind: "conflict", text };
  if (code === 429) return { kind: "flood", seconds: secondsOf(error.parameters?.retry_after) };
  if (code >= 400 && code < 500) return { kind: "refused", text };
  return { kind: "down", text: `${code} ${text}`.trim() };
}

/** How long to wait, also where Telegram does not say it well. */
function secondsOf(value: unknown): number {
  const seconds = Number(value);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 5;
}

function withoutAddresses(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\(?https?:\S+/g, "").replace(/\s*for url\s*/g, " ")
    .replace(/bot\d+:[\w-]+/g, "").trim().slice(0, 300);
}

/**
 * What a caller is told who wanted to say something.
 *
 * @param fault What happened.
 * @returns An error that says whether it may work later.
 */
export function errorOf(fault: Fault): MeshError {
  switch (fault.kind) {
    case "token":
      return new MeshError("refused", "Telegram refuses the bot's token", { hint: TOKEN_HINT });
    case "flood":
      return new MeshError(
        "rate_limited",
        `Telegram asks to wait for ${Math.ceil(fault.seconds)} s`,
        { retryAfter: Math.ceil(fault.seconds) },
      );
    case "refused":
      return new MeshError("refused", `Telegram refuses this: "${fault.text}"`);
    case "moved":
      return new MeshError("refused", `The Telegram group has moved to the id ${fault.chat}`);
    case "conflict":
    case "down":
      return new MeshError("unavailable", `Cannot reach Telegram: "${fault.text}"`);
  }
}

/** What helps against a wrong token. */
const TOKEN_HINT =
  "mesh ocg channels add --channel telegram --force --bot-token <token of BotFather>";
