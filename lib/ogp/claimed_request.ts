/**
 * Reading a request for federation in either dialect, down to the proof that its sender holds the key
 * that it shows.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { publicKeyFromDerHex } from "../identity/keys.ts";
import { assertFresh } from "../signing/freshness.ts";
import { type Json, JsonObject } from "../signing/json.ts";
import { parseJson } from "../signing/json_parse.ts";
import { toPlain } from "../signing/json_plain.ts";
import { printJson } from "../signing/json_print.ts";
import { readDocument } from "../signing/read_document.ts";
import { peerCardOf } from "./card.ts";
import type { Dialect, PeerCard } from "./records.ts";
import { isScopeName, SCOPE_LIMITS } from "./scope_types.ts";
import { verifyText } from "./signed_text.ts";

/** A request that its sender has signed. */
export interface ClaimedRequest {
  /** Who asks. */
  readonly card: PeerCard;
  /** The dialect of its form. */
  readonly dialect: Dialect;
  /** The id that it gives itself. */
  readonly claimedId: string | undefined;
  /** The intents that it offers. */
  readonly offeredIntents: readonly string[] | undefined;
  /** When it was signed, ISO 8601; 0.2 does not say. */
  readonly timestamp: string | undefined;
  /** The body as received. */
  readonly body: string;
}

/** Most bytes of a request: many times what an honest one has, and strangers may store 200. */
const LARGEST = 16 * 1024;

const LONGEST_ID = 200;

/**
 * Reads a request. Where there is a `payloadStr`, it alone counts; what lies beside it is for gateways of
 * the other dialect.
 *
 * @param bytes The body as received.
 * @param now The present; without it any age is taken.
 * @returns The request.
 * @throws {MeshError} `invalid_json`, `malformed`, `too_large`, `bad_key`, `bad_signature` or
 * `stale_timestamp`.
 */
export function claimedRequestOf(bytes: Uint8Array, now?: Date): ClaimedRequest {
  if (bytes.length > LARGEST) {
    throw new MeshError("too_large", `The request is larger than ${LARGEST} bytes`);
  }
  const body = readDocument(bytes);
  const { dialect, text, payload, peer } = signedParts(body);
  const card = peerCardOf(toPlain(peer));
  if (!verifyText(publicKeyFromDerHex(card.publicKey), text, body.get("signature"))) {
    throw new MeshError("bad_signature", "Signature verification failed: bad-signature");
  }
  const timestamp = payload.get("timestamp");
  if (dialect === "0.7") {
    if (typeof timestamp !== "string") throw new MeshError("malformed", "Missing timestamp");
    if (now) assertFresh(timestamp, now);
  }
  const id = peer.get("id");
  return {
    card,
    dialect,
    claimedId: typeof id === "string" && id.length <= LONGEST_ID ? id : undefined,
    offeredIntents: intentsOf(payload.get("offeredIntents")),
    timestamp: dialect === "0.7" ? String(timestamp) : undefined,
    body: new TextDecoder().decode(bytes),
  };
}

interface SignedParts {
  readonly dialect: Dialect;
  readonly text: string;
  readonly payload: JsonObject;
  readonly peer: JsonObject;
}

function signedParts(body: JsonObject): SignedParts {
  const payloadStr = body.get("payloadStr");
  const flat = body.get("peer");
  if (payloadStr === undefined) {
    if (!(flat instanceof JsonObject) || !body.has("signature")) {
      throw new MeshError("malformed", "Missing payloadStr or signature, or peer or signature");
    }
    // What 0.2 does not sign is not looked at.
    return { dialect: "0.2", text: printJson(flat), payload: new JsonObject(), peer: flat };
  }
  if (typeof payloadStr !== "string" || !body.has("signature")) {
    throw new MeshError("malformed", "Missing payloadStr or signature");
  }
  const payload = parsePayload(payloadStr);
  const peer = payload.get("peer");
  if (peer instanceof JsonObject) return { dialect: "0.7", text: payloadStr, payload, peer };
  throw new MeshError("malformed", 'The signed request has no "peer"');
}

/**
 * Reads the text of a signed payload.
 *
 * @param text The text.
 * @returns The object that it spells.
 * @throws {MeshError} `malformed` or `invalid_json`.
 */
export function parsePayload(text: string): JsonObject {
  const payload: Json = parseJson(text, { loneSurrogates: "refuse" });
  if (payload instanceof JsonObject) return payload;
  throw new MeshError("malformed", '"payloadStr" is not the text of a JSON object');
}

function intentsOf(value: Json | undefined): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const names = value.filter((name) => typeof name === "string").filter(isScopeName);
  return [...new Set(names)].slice(0, SCOPE_LIMITS.scopes);
}
