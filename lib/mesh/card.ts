/**
 * Agent cards: what a node shows of itself, in discovery answers, contact requests and its identity.
 * Source: the protocol `openclaw-agent-mesh/v1`; the limits are ours.
 *
 * @module
 */
import { z } from "zod";
import { MeshError } from "../error.ts";
import { encodeName } from "../store/names.ts";

/** What a node says that it is. A card proves nothing: anybody can show anybody's. */
export interface AgentCard {
  /** The name that the protocol uses, 1 to 128 characters. */
  readonly agent_id: string;
  /** The name for people, up to 200 characters; may be empty. */
  readonly display_name: string;
  /** The base URL where it listens, up to 2,048 characters; empty if it cannot be reached. */
  readonly endpoint: string;
  /** Its key as PEM text, byte for byte as it came. */
  readonly public_key: string;
  /** `sha256:` and 64 hex digits, which should be the hash of `public_key`. */
  readonly fingerprint: string;
}

/**
 * An id as peers choose them: it becomes a file name here and a line on somebody's terminal, there and
 * in programs that are less careful than this one.
 */
export const protocolId = z.string()
  .min(1, "must not be empty")
  .max(128, "must have at most 128 characters")
  .refine(isPlain, "must not contain control characters or halves of characters")
  .refine((id) => !/[/\\]/.test(id), "must not contain slashes")
  .refine((id) => id !== "." && id !== "..", "must not be a folder's name")
  .refine(isFileName, "must be short enough for a file name");

/** The shape of {@link AgentCard}, for records that contain one. A name or endpoint of `null` is empty. */
export const agentCardShape = z.object({
  agent_id: protocolId,
  display_name: z.string()
    .max(200, "must have at most 200 characters")
    .refine(isPlain, "must not contain control characters or halves of characters")
    .nullish().transform((name) => name ?? ""),
  endpoint: z.string()
    .max(2048, "must have at most 2048 characters")
    .refine(isEndpoint, "must be an http(s) URL without a password")
    .nullish().transform((endpoint) => endpoint ?? ""),
  public_key: z.string().min(1, "must not be empty").max(1024, "must have at most 1024 characters"),
  fingerprint: z.string().regex(/^sha256:[0-9a-f]{64}$/, "must be sha256: and 64 hex digits"),
});

/**
 * Reads a card. Keys that a card does not have are dropped, and a card without a name for people gets
 * its id for one. Whether the fingerprint is that of the key is not judged here.
 *
 * @param value What was received, parsed.
 * @returns The card.
 * @throws {MeshError} `malformed` with the first field that is not as it must be.
 *
 * @example
 * ```ts
 * import { parseCard } from "./card.ts";
 * import { MeshError } from "../error.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const card = {
 *   agent_id: "stan",
 *   endpoint: "http://192.168.1.7:8787",
 *   public_key: "-----BEGIN PUBLIC KEY-----\n…",
 *   fingerprint: "sha256:" + "0".repeat(64),
 * };
 * assertEquals(parseCard(card).display_name, "stan");
 * assertThrows(() => parseCard({ ...card, agent_id: "../../stan" }), MeshError, "agent_id");
 * ```
 */
export function parseCard(value: unknown): AgentCard {
  const result = agentCardShape.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const field = issue?.path.join(".") || "agent";
    throw new MeshError("malformed", `Cannot read the agent card: "${field}": ${issue?.message}`);
  }
  const card = result.data;
  return card.display_name === "" ? { ...card, display_name: card.agent_id } : card;
}

/** Nothing that moves a cursor, hides in a terminal, or is not a whole Unicode character. */
function isPlain(text: string): boolean {
  return !/\p{Cc}/u.test(text) && text.isWellFormed();
}

/** Outside of ASCII a character takes up to 12 places in a file name. */
function isFileName(id: string): boolean {
  try {
    return encodeName(id) !== "";
  } catch {
    return false;
  }
}

function isEndpoint(text: string): boolean {
  if (text === "") return true;
  const url = URL.parse(text);
  return url !== null && isPlain(text) && /^https?:$/.test(url.protocol) &&
    url.username === "" && url.password === "";
}
