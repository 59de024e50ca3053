/**
 * Who this node is: `identity.json` and the key pair beside it, as the Python original lays them out.
 *
 * @module
 */
import { join } from "node:path";
import { z } from "zod";
import { MeshError } from "../error.ts";
import { fingerprintOf } from "../identity/fingerprint.ts";
import { parsePublicKeyPem, type PublicKey } from "../identity/keys.ts";
import { generateKeyPair, parsePrivateKeyPem, type PrivateKey } from "../identity/private_key.ts";
import { fromPlain, toPlain } from "../signing/json_plain.ts";
import type { JsonObject } from "../signing/json.ts";
import { type AgentCard, agentCardShape } from "./card.ts";
import { protocolTime } from "./freshness.ts";
import { PROTOCOL } from "./records.ts";
import type { MeshState } from "./state.ts";

/** The public side of this node. */
export interface IdentityRecord extends AgentCard {
  /** Always {@link PROTOCOL}. */
  readonly protocol: string;
  /** When the identity was made. */
  readonly created_at?: string;
}

/** This node, able to sign. */
export interface Identity {
  /** What others may see. */
  readonly card: AgentCard;
  /** The key that proves it. Never printed, never sent. */
  readonly privateKey: PrivateKey;
  /** Its public half. */
  readonly publicKey: PublicKey;
}

/** What a new identity is made of. */
export interface InitOptions {
  /** Where others reach this node. */
  readonly endpoint: string;
  /** Default: `agent-` and 12 random hex digits. */
  readonly agentId?: string;
  /** Default: the agent id. */
  readonly displayName?: string;
  /** Replace an identity that is there, keeping it as a backup. */
  readonly force?: boolean;
  /** The present; for tests. */
  readonly now?: Date;
}

/** What `init` did. */
export interface InitResult {
  /** The identity as stored. */
  readonly identity: IdentityRecord;
  /** Where the old one went, if there was one. */
  readonly backup?: string;
  /** Whether a private key that was there already was taken over. */
  readonly adoptedKey: boolean;
}

const PRIVATE_KEY = "private_key.pem";
const PUBLIC_KEY = "public_key.pem";
const FILES = ["identity.json", PRIVATE_KEY, PUBLIC_KEY];

const identityShape = agentCardShape.extend({
  protocol: z.literal(PROTOCOL),
  created_at: z.string().optional(),
}).loose();

/**
 * Reads the public side only: no key is touched.
 *
 * @param state The state directory.
 * @returns The identity record.
 * @throws {MeshError} `not_initialized`, or `damaged` if it is not what it should be.
 */
export async function readIdentity(state: MeshState): Promise<IdentityRecord> {
  const document = await state.documents.get("identity");
  if (!document) {
    throw new MeshError("not_initialized", `There is no identity in "${state.root}"`, {
      hint: "mesh init",
    });
  }
  const result = identityShape.safeParse(toPlain(document));
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new MeshError(
      "damaged",
      `Cannot use identity.json: "${issue?.path.join(".")}": ${issue?.message}`,
      { hint: "mesh doctor" },
    );
  }
  return result.data as IdentityRecord;
}

/**
 * Reads the whole identity and checks that its parts belong together.
 *
 * @param state The state directory.
 * @returns The identity.
 * @throws {MeshError} `not_initialized`, `insecure_mode` if others can read the key, `damaged`.
 */
export async function loadIdentity(state: MeshState): Promise<Identity> {
  const record = await readIdentity(state);
  const path = join(state.root, PRIVATE_KEY);
  await assertPrivate(path);
  const privateKey = parsePrivateKeyPem(await readKey(path));
  const publicKey = parsePublicKeyPem(record.public_key);
  if (privateKey.publicKey.hex !== publicKey.hex) {
    throw new MeshError("damaged", `"${path}" is not the key of identity.json`, {
      hint: `look for the matching pair in ${join(state.root, "backups")}, or: mesh init --force`,
    });
  }
  return { card: cardOf(record), privateKey, publicKey };
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

/**
 * Makes an identity. A private key that is there without an identity is taken over, so that a crash in
 * the middle, or a key brought along, costs nothing.
 *
 * @param state The state directory; created with mode 0700.
 * @param options Names and endpoint.
 * @returns What was made.
 * @throws {MeshError} `exists` if there is an identity and `force` is not set.
 */
export async function initIdentity(state: MeshState, options: InitOptions): Promise<InitResult> {
  return await state.store.withLock("identity", async () => {
    const there = await state.documents.has("identity");
    if (there && !options.force) {
      throw new MeshError("exists", `There is an identity in "${state.root}" already`, {
        hint: "mesh discovery shows it; mesh init --force replaces it and keeps a backup",
      });
    }
    const now = options.now ?? new Date();
    const backup = options.force ? await backUp(state, now) : undefined;
    const path = join(state.root, PRIVATE_KEY);
    const adopted = options.force ? undefined : await adoptableKey(path);
    const privateKey = adopted ?? generateKeyPair().privateKey;
    const record = await newRecord(privateKey.publicKey.pem, options, now);
    // identity.json comes last: it is what makes the rest count.
    await state.store.writeFile(PRIVATE_KEY, privateKey.exportSecretPem());
    await state.store.writeFile(PUBLIC_KEY, record.public_key);
    await state.documents.put("identity", fromPlain(record) as JsonObject);
    await state.audit.decision({
      event: "identity.created",
      agent_id: record.agent_id,
      fingerprint: record.fingerprint,
      replaced: backup !== undefined,
    });
    return { identity: record, adoptedKey: adopted !== undefined, ...(backup ? { backup } : {}) };
  });
}

async function newRecord(
  publicPem: string,
  options: InitOptions,
  now: Date,
): Promise<IdentityRecord> {
  const agentId = options.agentId ??
    `agent-${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
  const record = {
    protocol: PROTOCOL,
    agent_id: agentId,
    display_name: options.displayName ?? agentId,
    endpoint: options.endpoint,
    public_key: publicPem,
    fingerprint: await fingerprintOf(publicPem),
    created_at: protocolTime(now),
  };
  const result = identityShape.safeParse(record);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new MeshError("usage", `Cannot use this ${issue?.path.join(".")}: ${issue?.message}`, {
      hint: "mesh init --help",
    });
  }
  return record;
}

async function adoptableKey(path: string): Promise<PrivateKey | undefined> {
  try {
    await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  await assertPrivate(path);
  return parsePrivateKeyPem(await readKey(path));
}

async function backUp(state: MeshState, now: Date): Promise<string | undefined> {
  const folder = `backups/identity-${now.toISOString().replaceAll(":", "-")}`;
  let kept = 0;
  for (const file of FILES) {
    const text = await readIfThere(join(state.root, file));
    if (text === undefined) continue;
    await state.store.writeFile(`${folder}/${file}`, text);
    kept++;
  }
  return kept > 0 ? join(state.root, folder) : undefined;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function readKey(path: string): Promise<string> {
  const text = await readIfThere(path);
  if (text !== undefined) return text;
  throw new MeshError("damaged", `The private key "${path}" is missing`, {
    hint: "put it back from a backup, or: mesh init --force",
  });
}

/** A key that others can read may have been read: the start stops with the command that mends it. */
async function assertPrivate(path: string): Promise<void> {
  const info = await Deno.lstat(path).catch(() => undefined);
  if (info?.mode == null || (info.mode & 0o077) === 0) return;
  throw new MeshError("insecure_mode", `Others on this machine can read "${path}"`, {
    hint: `chmod 600 '${path}'`,
  });
}
