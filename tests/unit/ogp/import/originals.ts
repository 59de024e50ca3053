/**
 * What OGP's own program leaves on disk, made up for tests with keys of their own. Written from the
 * description of its files, with nothing of our own reading side.
 *
 * @module
 */
import { createCipheriv, generateKeyPairSync, randomBytes, scryptSync } from "node:crypto";

/** Both halves of a key as the program writes them. */
export interface OriginalKey {
  readonly publicKey: string;
  readonly privateKey: string;
}

export function originalKey(): OriginalKey {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    publicKey: publicKey.export({ type: "spki", format: "der" }).toString("hex"),
    privateKey: privateKey.export({ type: "pkcs8", format: "der" }).toString("hex"),
  };
}

/** A key as 0.7 writes it when it has a secret. */
export function encryptedKey(
  { publicKey, privateKey }: OriginalKey,
  secret: string,
  secretSource: string,
): Record<string, unknown> {
  const salt = randomBytes(16);
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", scryptSync(secret, salt, 32), iv);
  const privateKeyCiphertext = cipher.update(privateKey, "utf8", "base64") + cipher.final("base64");
  return {
    publicKey,
    privateKeyCiphertext,
    encryption: {
      version: 1,
      scheme: "aes-256-gcm+scrypt",
      salt: salt.toString("base64"),
      iv: iv.toString("base64"),
      authTag: cipher.getAuthTag().toString("base64"),
      secretSource,
    },
  };
}

/** A peer as both versions write it; tests change what they want. */
export function originalPeer(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const { publicKey } = originalKey();
  return {
    id: publicKey.slice(0, 32),
    displayName: "Stan",
    email: "stan@example.com",
    gatewayUrl: "https://stan.example.com",
    publicKey,
    status: "approved",
    requestedAt: "2026-03-01T10:00:00.000Z",
    approvedAt: "2026-03-01T11:00:00.000Z",
    ...changes,
  };
}

/** Grants as both versions write them. */
export function originalGrants(...intents: string[]): Record<string, unknown> {
  return {
    version: "0.2.0",
    grantedAt: "2026-03-01T11:00:00.000Z",
    scopes: intents.map((intent) => ({
      intent,
      enabled: true,
      rateLimit: { requests: 100, windowSeconds: 3600 },
    })),
  };
}
