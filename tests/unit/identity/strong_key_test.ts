import { assertEquals, assertThrows } from "@std/assert";
import { Point } from "@noble/ed25519";
import { MeshError } from "../../../lib/error.ts";
import { publicKeyFromRaw } from "../../../lib/identity/keys.ts";
import { generateKeyPair } from "../../../lib/identity/private_key.ts";
import { assertStrongKey } from "../../../lib/identity/strong_key.ts";
import { bytes32, nonCanonicalSmallOrder, smallOrderPoints } from "../signing/ed25519_oracle.ts";

const P = 2n ** 255n - 19n;

function refuses(raw: Uint8Array, message: string): void {
  const error = assertThrows(() => assertStrongKey(publicKeyFromRaw(raw)), MeshError, message);
  assertEquals(error.code, "bad_key", raw.toHex());
}

Deno.test("keys that are honestly made are strong", () => {
  for (let i = 0; i < 20; i++) assertStrongKey(generateKeyPair().publicKey);
});

Deno.test("all eight points of small order are refused", () => {
  const points = smallOrderPoints();
  assertEquals(new Set(points.map((point) => point.toHex())).size, 8);
  for (const point of points) refuses(point.toBytes(), "point of small order");
});

Deno.test("encodings that are not canonical are refused", () => {
  for (const raw of nonCanonicalSmallOrder()) refuses(raw, "not the canonical encoding");
  for (let y = P; y < 2n ** 255n; y++) {
    refuses(bytes32(y), "not the canonical encoding");
    refuses(bytes32(y + 2n ** 255n), "not the canonical encoding");
  }
});

Deno.test("bytes that are no point of the curve are refused", () => {
  for (const y of [2n, 7n, 8n, P - 2n]) refuses(bytes32(y), "not the canonical encoding");
});

Deno.test("points with a part of small order are refused", () => {
  const strong = Point.BASE.multiply(987654321n);
  assertStrongKey(publicKeyFromRaw(strong.toBytes()));
  for (const point of smallOrderPoints().slice(1)) {
    refuses(strong.add(point).toBytes(), "outside of the prime-order group");
  }
});
