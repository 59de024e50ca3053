/**
 * Every recorded exchange of the Open Gateway Protocol, sent to a gateway of ours in the place of the
 * recorded one.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { createServer } from "node:http";
import { OGP_EXPECTATIONS } from "./ogp_expectations.ts";
import { gatewayBefore } from "./ogp_gateway.ts";
import { type OgpVector, readVectors, senderOf } from "./ogp_vectors.ts";

for (const dialect of ["0.7", "0.2"] as const) {
  for (const vector of readVectors(dialect)) {
    const expected = OGP_EXPECTATIONS[dialect][vector.name];
    Deno.test(`OGP ${dialect}, ${vector.name}: ${vector.description}`, async () => {
      assert(expected, "no expectation");
      await using _card = await cardOfSender(vector);
      await using gateway = await gatewayBefore({
        ...vector,
        given: { ...vector.given, ...expected.given },
      });
      const { status, text, headers } = await gateway.ask(vector);
      assertEquals(status, expected.status, text);
      const answer = JSON.parse(text);
      assertEquals(pick(answer, expected.body), expected.body);
      if (status === 429) assertEquals(headers.get("retry-after"), String(answer.retryAfter));
    });
  }
}

/** The part of a value that another one speaks about. */
function pick(value: unknown, like: unknown): unknown {
  if (typeof like !== "object" || like === null || typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(like).map((
      [key, inner],
    ) => [key, pick((value as Record<string, unknown>)[key], inner)]),
  );
}

/** For an approval that nobody signed: the card that shows the same key at the URL that was asked. */
async function cardOfSender(vector: OgpVector): Promise<AsyncDisposable> {
  const sender = senderOf(vector);
  const { path, body } = vector.request;
  if (!sender || path !== "/federation/approve" || body?.includes("payloadStr")) {
    return { [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const { name: displayName, publicKey, url: gatewayUrl } = sender;
  const card = JSON.stringify({ version: "0.2.0", displayName, publicKey, gatewayUrl });
  const server = createServer((_, response) => response.end(card));
  const { hostname, port } = new URL(gatewayUrl);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(Number(port), hostname, resolve);
  });
  return {
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
