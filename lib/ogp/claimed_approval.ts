/**
 * Reading an approval in either dialect. An approval that has a signature never counts as an unsigned one,
 * however bad the signature is.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { type PublicKey, publicKeyFromDerHex } from "../identity/keys.ts";
import { assertFresh } from "../signing/freshness.ts";
import type { JsonObject } from "../signing/json.ts";
import { toPlain } from "../signing/json_plain.ts";
import { readDocument } from "../signing/read_document.ts";
import { parsePayload } from "./claimed_request.ts";
import { verifyText } from "./signed_text.ts";

/** An approval or rejection. Whether its sender may say so is not judged yet. */
export interface ClaimedApproval {
  /** The key that it shows, as DER. */
  readonly publicKey: string;
  /** Whom it approves, as it calls that gateway; left out where grants are given back. */
  readonly peerId: string | undefined;
  /** Yes or no; 0.2 leaves out the yes when it grants back. */
  readonly approved: boolean;
  /** Where it says that it comes from. */
  readonly fromGatewayUrl: string | undefined;
  /** What it grants, as received. */
  readonly scopeGrants: unknown;
  /** What was signed; absent if nobody signed. */
  readonly signed: SignedApproval | undefined;
}

/** The signed part of an approval. */
export interface SignedApproval {
  /** The text. */
  readonly text: string;
  /** When it was signed, ISO 8601, as it says. */
  readonly timestamp: string;
  /** Whether the key that it shows has signed it. If not, nothing of it counts. */
  readonly isGenuine: boolean;
}

/** Most bytes of an approval: a hundred scopes with a hundred topics each have less. */
const LARGEST = 256 * 1024;

/**
 * Reads an approval.
 *
 * @param bytes The body as received.
 * @param now The present.
 * @returns The approval.
 * @throws {MeshError} `not_found` if it does not say whose it is, `stale_timestamp`, `malformed`, `invalid_json`, `too_large` or `bad_key`.
 */
export function claimedApprovalOf(bytes: Uint8Array, now: Date): ClaimedApproval {
  if (bytes.length > LARGEST) {
    throw new MeshError("too_large", `The approval is larger than ${LARGEST} bytes`);
  }
  const body = readDocument(bytes);
  const text = body.get("payloadStr");
  if (text === undefined && !body.has("signature")) {
    return { ...fieldsOf(body, keyOf(body)), signed: undefined };
  }
  if (typeof text !== "string") throw new MeshError("malformed", "Missing payloadStr");
  const payload = parsePayload(text);
  const key = keyOf(payload);
  const timestamp = payload.get("timestamp") ?? "";
  const isGenuine = verifyText(key, text, body.get("signature"));
  if (typeof timestamp !== "string" || (isGenuine && timestamp === "")) {
    throw new MeshError("malformed", "Missing timestamp");
  }
  if (isGenuine) assertFresh(timestamp, now);
  return { ...fieldsOf(payload, key), signed: { text, timestamp, isGenuine } };
}

function keyOf(fields: JsonObject): PublicKey {
  const key = fields.get("fromPublicKey");
  // The original takes whichever peer is pending first.
  if (key === undefined) throw new MeshError("not_found", "No pending peer found");
  if (typeof key !== "string") throw new MeshError("malformed", '"fromPublicKey" is not a text');
  return publicKeyFromDerHex(key);
}

function fieldsOf(fields: JsonObject, key: PublicKey): Omit<ClaimedApproval, "signed"> {
  const approved = fields.get("approved") ?? true;
  if (typeof approved !== "boolean") {
    throw new MeshError("malformed", '"approved" is neither true nor false');
  }
  const peerId = fields.get("peerId");
  const url = fields.get("fromGatewayUrl");
  const grants = fields.get("scopeGrants") ?? undefined;
  return {
    publicKey: key.der,
    peerId: typeof peerId === "string" ? peerId : undefined,
    approved,
    fromGatewayUrl: typeof url === "string" && url.length <= 2000 ? url : undefined,
    scopeGrants: grants === undefined ? undefined : toPlain(grants),
  };
}
