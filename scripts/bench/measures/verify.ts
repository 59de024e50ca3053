/**
 * From the received bytes of a message to its verified document, against the verification alone.
 *
 * @module
 */
import { createPublicKey, verify } from "node:crypto";
import { generateKeyPair } from "../../../lib/identity/private_key.ts";
import { readDocument } from "../../../lib/signing/read_document.ts";
import { canonicalJson } from "../../../lib/signing/canonical_json.ts";
import { verifyPayload } from "../../../lib/signing/envelope.ts";
import type { JsonObject } from "../../../lib/signing/json.ts";
import type { Bench } from "../bench.ts";
import { messageText } from "../message.ts";
import { interleave, summary } from "../row.ts";

const COUNT = 4_000;
const ROUNDS = 7;

/** The measurement. */
export const verifyBench: Bench = {
  name: "verify",
  async measure() {
    const { privateKey, publicKey } = generateKeyPair();
    const texts = Array.from(
      { length: COUNT },
      () => new TextEncoder().encode(messageText(privateKey, "agent-a", "agent-b")),
    );
    const key = createPublicKey(publicKey.pem);
    const signed = texts.map((bytes) => signedParts(readDocument(bytes)));
    const ours = () =>
      perSecond(() => {
        for (const bytes of texts) must(verifyPayload(readDocument(bytes), publicKey));
      });
    const bare = () =>
      perSecond(() => {
        for (const { bytes, signature } of signed) must(verify(null, bytes, key, signature));
      });
    await interleave(1, ours, bare);
    const { ours: value, baseline, ratio } = summary(await interleave(ROUNDS, ours, bare));
    return [{
      name: `received text to verified message, ${texts[0]?.length} bytes`,
      measured: { value, unit: "/s" },
      against: "node:crypto verify, cached key",
      baseline,
      ratio,
      aim: { is: "at least", ratio: 0.6 },
    }];
  },
};

function signedParts(document: JsonObject) {
  return {
    bytes: new TextEncoder().encode(canonicalJson(document, { omit: "signature" })),
    signature: Uint8Array.fromBase64(String(document.get("signature"))),
  };
}

function perSecond(work: () => void): Promise<number> {
  const started = performance.now();
  work();
  return Promise.resolve(COUNT / ((performance.now() - started) / 1000));
}

function must(verified: boolean): void {
  if (!verified) throw new Error("A sound signature was not verified");
}
