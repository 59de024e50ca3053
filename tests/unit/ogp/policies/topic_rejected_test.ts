import { assert, assertEquals } from "@std/assert";
import { exitCodeOf, httpStatusOf, MeshError } from "../../../../lib/error.ts";
import { publicKeyFromDerHex } from "../../../../lib/identity/keys.ts";
import { generateKeyPair, PrivateKey } from "../../../../lib/identity/private_key.ts";
import { rejection } from "../../../../lib/ogp/policies/topic_rejected.ts";
import { signText, verifyText } from "../../../../lib/ogp/signed_text.ts";
import { readVector } from "../../../conformance/ogp_vectors.ts";

Deno.test("the originals' rejection is over the text that ours is over", () => {
  const { receiver, response } = readVector("0.7", "agent-comms-blocked-topic");
  const { statusCode, error, response: theirs } = JSON.parse(response.body);
  const { signature, ...signed } = theirs;
  const text = JSON.stringify(signed);
  assert(verifyText(publicKeyFromDerHex(receiver.publicKey), text, signature));
  const privateKey = new PrivateKey(Uint8Array.fromHex(receiver.privateKey.slice(-64)));
  assertEquals(signText(privateKey, text), signature);

  const ours = rejection({ privateKey }, "secret");
  const { topic, signature: mine, ...said } = ours.response;
  assertEquals(Object.keys(said), Object.keys(signed));
  assertEquals([said.status, said.reason], [signed.status, signed.reason]);
  assertEquals(topic, "secret");
  assert(verifyText(privateKey.publicKey, JSON.stringify(said), mine));
  assertEquals([httpStatusOf(ours), statusCode], [403, 403]);
  // Both print the sentence in two places.
  assertEquals([error, ours.message], [signed.message, said.message]);
});

Deno.test("a rejection is a refusal with a sentence, whatever the topic is", () => {
  const { privateKey } = generateKeyPair();
  const first = rejection({ privateKey }, "a");
  assert(first instanceof MeshError);
  assertEquals([first.code, exitCodeOf(first), first.hint], ["refused", 4, undefined]);
  const huge = rejection({ privateKey }, "\ud800" + "x".repeat(1_000_000));
  assertEquals(huge.response.topic.length, 200);
  assert(huge.response.topic.isWellFormed());
  // Nothing that the sender chose is signed.
  assertEquals(huge.response.signature, first.response.signature);
});
