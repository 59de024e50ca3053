/**
 * The public side of this node, read without touching a key. Kept light: `mesh discovery` starts with
 * nothing but this.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import type { JsonObject } from "../signing/json.ts";
import { toPlain } from "../signing/json_plain.ts";
import type { Collection } from "../store/store.ts";
import type { AgentCard } from "./card.ts";
import { PROTOCOL } from "./protocol.ts";

/** The public side of this node. */
export interface IdentityRecord extends AgentCard {
  /** Always {@link PROTOCOL}. */
  readonly protocol: string;
  /** When the identity was made. */
  readonly created_at?: string;
}

/** Where an identity is read from. */
export interface IdentitySource {
  /** The state directory. */
  readonly root: string;
  /** Its single records. */
  readonly documents: Collection<JsonObject>;
}

const FIELDS = ["agent_id", "display_name", "endpoint", "public_key", "fingerprint"] as const;

/**
 * Reads `identity.json`.
 *
 * @param source The state directory.
 * @returns The identity record.
 * @throws {MeshError} `not_initialized`, or `damaged` if it is not what it should be.
 */
export async function readIdentity({ root, documents }: IdentitySource): Promise<IdentityRecord> {
  const document = await documents.get("identity");
  if (!document) {
    throw new MeshError("not_initialized", `There is no identity in "${root}"`, {
      hint: "mesh init",
    });
  }
  const record = toPlain(document) as IdentityRecord;
  const complete = record.protocol === PROTOCOL &&
    FIELDS.every((field) => typeof record[field] === "string");
  if (complete) return record;
  // What exactly is wrong takes the schemas, which no sound record has to wait for.
  const { checkedIdentity } = await import("./identity_shape.ts");
  return checkedIdentity(record);
}

/**
 * The part of an identity that others see.
 *
 * @param record The identity.
 * @returns The card, with its keys in the order of the protocol.
 */
export function cardOf(record: AgentCard): AgentCard {
  const { agent_id, display_name, endpoint, public_key, fingerprint } = record;
  return { agent_id, display_name, endpoint, public_key, fingerprint };
}
