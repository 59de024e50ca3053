/**
 * What a failed call to Discord, or the end of a connection to its gateway, means for us.
 *
 * @module
 */
import { MeshError } from "../../../error.ts";

/** The kinds of failure that are treated differently. */
export type Fault =
  /** Trying again cannot mend it. */
  | { readonly kind: "never"; readonly text: string; readonly hint?: string }
  /** We are too fast; seconds to wait. */
  | { readonly kind: "flood"; readonly seconds: number }
  /** Discord or the way to it is out of order. */
  | { readonly kind: "down"; readonly text: string };

/** What the libraries throw, as far as it is needed; their classes are loaded late and not known here. */
interface Thrown {
  readonly status?: unknown;
  readonly timeToReset?: unknown;
  readonly retryAfter?: unknown;
  readonly rawError?: { readonly message?: unknown };
}

const TOKEN: Fault = {
  kind: "never",
  text: "Discord refuses the bot's token",
  hint: "mesh ocg channels add --channel discord --force --token <token of the developer portal>",
};

/**
 * Judges what the REST client threw.
 *
 * @param thrown What was thrown.
 * @returns What it means.
 */
export function faultOf(thrown: unknown): Fault {
  const error = (typeof thrown === "object" && thrown !== null ? thrown : {}) as Thrown;
  const { timeToReset, retryAfter } = error;
  if (typeof timeToReset === "number" && typeof retryAfter === "number") {
    return { kind: "flood", seconds: Math.ceil(Math.max(timeToReset, retryAfter) / 1000) };
  }
  const said = error.rawError?.message ?? (thrown instanceof Error ? thrown.message : thrown);
  const text = String(said).replace(/https?:\S+/g, "").slice(0, 300);
  const { status } = error;
  if (status === 401) return TOKEN;
  if (typeof status === "number" && status >= 400 && status < 500 && status !== 429) {
    return { kind: "never", text: `Discord refuses this: "${text}"` };
  }
  return { kind: "down", text: `Cannot reach Discord: ${text}` };
}

/**
 * Judges with which code the gateway ended a connection, by
 * https://discord.com/developers/docs/topics/opcodes-and-status-codes.
 *
 * @param code The code.
 * @returns What it means if connecting again is of no use, else `undefined`.
 */
export function faultOfClose(code: number): Fault | undefined {
  if (code === 4004) return TOKEN;
  if (code === 4013 || code === 4014) {
    return {
      kind: "never",
      text: "Discord does not grant the bot the text of all messages",
      hint: 'allow "Message Content Intent" in the developer portal',
    };
  }
  if (code >= 4010 && code <= 4012) {
    return { kind: "never", text: `Discord does not accept this client (code ${code})` };
  }
  return undefined;
}

/**
 * What a caller is told who wanted to say something.
 *
 * @param fault What happened.
 * @returns An error that says whether it may work later.
 */
export function errorOf(fault: Fault): MeshError {
  if (fault.kind === "flood") {
    const retryAfter = fault.seconds;
    return new MeshError("rate_limited", `Discord asks to wait for ${retryAfter} s`, {
      retryAfter,
    });
  }
  if (fault.kind === "down") return new MeshError("unavailable", fault.text);
  return new MeshError("refused", fault.text, fault.hint ? { hint: fault.hint } : {});
}

/**
 * Why the channel does not run.
 *
 * @param fault What happened.
 * @returns A sentence for the owner.
 */
export function sentenceOf(fault: Fault): string {
  if (fault.kind === "flood") return `Discord asks to wait for ${fault.seconds} s`;
  return fault.kind === "never" && fault.hint ? `${fault.text}: ${fault.hint}` : fault.text;
}
