/**
 * Every signature of the recorded exchanges, by this implementation: good where it should be, bad where
 * the recording says so.
 *
 * @module
 */
import { assert, assertEquals, assertFalse } from "@std/assert";
import { type OgpVector, readVectors } from "../conformance/ogp_vectors.ts";
import { type Json, parsed } from "./http.ts";
import { keyId, makeKeys, signText, verifyText } from "./keys.ts";

/** Recordings whose signature is to be bad under the key that the receiver knows. */
const BAD: ReadonlySet<string> = new Set([
  "0.2/SEC-request-signature-ignored",
  "0.2/message-bad-signature",
  "0.7/approve-bad-signature",
  "0.7/message-bad-signature",
  "0.7/message-keyorder-no-str",
  "0.7/message-sig-nonstring",
  "0.7/message-sig-nothex",
  "0.7/removed-bad-signature",
  "0.7/reply-post-bad-signature",
  "0.7/request-bad-signature",
  "0.7/request-not-json",
]);

/** What was signed, by whom it should have been, and the signature. */
interface Signed {
  readonly text: string;
  readonly key: string;
  readonly signature: unknown;
}

for (const dialect of ["0.2", "0.7"] as const) {
  Deno.test(`signatures in the recordings of ${dialect} are good or bad as they say`, () => {
    const seen: string[] = [];
    for (const vector of readVectors(dialect)) {
      const found = signedIn(vector);
      if (!found) continue;
      const name = `${dialect}/${vector.name}`;
      seen.push(name);
      assertEquals(verifyText(found.key, found.text, found.signature), !BAD.has(name), name);
    }
    assertEquals(
      [...BAD].filter((name) => name.startsWith(dialect) && !seen.includes(name)),
      [],
      "Some bad signatures were not looked at",
    );
    assert(seen.length > (dialect === "0.2" ? 20 : 60), `Only ${seen.length} were looked at`);
  });
}

Deno.test("signing a recorded text again gives the recorded signature", () => {
  const again = readVectors("0.7").flatMap((vector) => {
    const found = signedIn(vector);
    if (!found || !vector.signer || BAD.has(`0.7/${vector.name}`)) return [];
    assertEquals(signText(vector.signer, found.text), found.signature, vector.name);
    return [vector.name];
  });
  assert(again.length > 50);
});

Deno.test("rejections by policy are signed by the gateway that answers", () => {
  for (const name of ["agent-comms-blocked-topic", "cli-message-agent-comms-to-beta-403"]) {
    const vector = readVectors("0.7").find((each) => each.name === name);
    assert(vector);
    const { status, reason, message, signature } = JSON.parse(vector.response.body).response;
    const text = JSON.stringify({ status, reason, message });
    assert(verifyText(vector.receiver.publicKey, text, signature), name);
    assertFalse(verifyText(vector.receiver.publicKey, text.toUpperCase(), signature), name);
  }
});

Deno.test("a new pair of keys has the form of OGP, and signs for itself alone", () => {
  const [one, other] = [makeKeys(), makeKeys()];
  assertEquals(one.publicKey.length, 88);
  assert(one.publicKey.startsWith("302a300506032b6570032100"));
  assertEquals(keyId(one.publicKey).length, 32);
  const signature = signText(one, "héllo 🦝");
  assertEquals(signature.length, 128);
  assert(verifyText(one.publicKey, "héllo 🦝", signature));
  assertFalse(verifyText(other.publicKey, "héllo 🦝", signature));
  for (const wrong of [undefined, 12, "", "zz", `00${signature.slice(2)}`]) {
    assertFalse(verifyText(one.publicKey, "héllo 🦝", wrong));
  }
  assertFalse(verifyText("no key", "héllo 🦝", signature));
});

function signedIn(vector: OgpVector): Signed | undefined {
  const { request: { body, path, headers }, dialect, signer, claimed } = vector;
  const json: Json = parsed(body ?? "") ?? {};
  const signerKey = claimed ?? signer?.publicKey ?? "";
  const header = headers["X-OGP-Signature"];
  if (header !== undefined) {
    const claim = { peerId: headers["X-OGP-Peer-ID"], timestamp: headers["X-OGP-Timestamp"] };
    return { text: JSON.stringify(claim), key: signerKey, signature: header };
  }
  if (json.signature === undefined) return undefined;
  const { signature, payloadStr, messageStr, replyStr, message, reply, peer, identity } = json;
  if (typeof payloadStr === "string") {
    const payload = parsed(payloadStr);
    const key = payload?.peer?.publicKey ?? payload?.fromPublicKey ?? signerKey;
    // Mallory says that she has another key than the one that she is known by.
    const known = vector.name === "approve-key-mismatch" ? signerKey : key;
    return { text: payloadStr, key: known, signature };
  }
  if (path.startsWith("/federation/reply/")) {
    // The receiver holds it against the keys of its peers, and the stranger's is none.
    const key = vector.given.sender === "approved" ? signerKey : vector.receiver.publicKey;
    return { text: replyStr ?? JSON.stringify(reply), key, signature };
  }
  if (message) return { text: messageStr ?? JSON.stringify(message), key: signerKey, signature };
  if (peer) {
    const own = dialect === "0.2" || vector.name === "request-v02-shape";
    return own ? { text: JSON.stringify(peer), key: peer.publicKey, signature } : undefined;
  }
  if (identity) return { text: JSON.stringify(identity), key: identity.publicKey, signature };
  const { peerId, timestamp } = json;
  return { text: JSON.stringify({ peerId, timestamp }), key: signerKey, signature };
}
