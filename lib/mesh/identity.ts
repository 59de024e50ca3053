/**
 * Who this node is: `identity.json` and the key pair beside it, as the Python original lays them out.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { fingerprintOf } from "../identity/fingerprint.ts";
import { PRIVATE_KEY, readPrivateKey } from "../identity/key_file.ts";
import { parsePublicKeyPem, type PublicKey } from "../identity/keys.ts";
import { generateKeyPair, type PrivateKey } from "../identity/private_key.ts";
import { fromPlain } from "../signing/json_plain.ts";
import type { JsonObject } from "../signing/json.ts";
import {
  checkStateVersion,
  STATE_VERSION,
  VERSION_FILE,
  versionText,
} from "../state_version/state_version.ts";
import type { AgentCard } from "./card.ts";
import { protocolTime } from "../signing/freshness.ts";
import { cardOf, type IdentityRecord, readIdentity } from "./identity_record.ts";
import { checkedIdentity, identityIssue } from "./identity_shape.ts";
import { PROTOCOL } from "./protocol.ts";
import type { MeshState } from "./state.ts";

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

const PUBLIC_KEY = "public_key.pem";
const FILES = ["identity.json", PRIVATE_KEY, PUBLIC_KEY];

/**
 * Reads the whole identity and checks that its parts belong together.
 *
 * @param state The state directory.
 * @returns The identity.
 * @throws {MeshError} `not_initialized`, `insecure_mode` if others can read the key, `damaged`.
 */
export async function loadIdentity(state: MeshState): Promise<Identity> {
  const record = checkedIdentity(await readIdentity(state));
  const path = `${state.root}/${PRIVATE_KEY}`;
  const privateKey = await readPrivateKey(state.root);
  if (!privateKey) {
    throw new MeshError("damaged", `The private key "${path}" is missing`, {
      hint: "put it back from a backup, or: mesh init --force",
    });
  }
  const publicKey = parsePublicKeyPem(record.public_key);
  if (privateKey.publicKey.hex !== publicKey.hex) {
    throw new MeshError("damaged", `"${path}" is not the key of identity.json`, {
      hint: `look for the matching pair in ${state.root}/backups, or: mesh init --force`,
    });
  }
  if (await fingerprintOf(record.public_key) !== record.fingerprint) {
    throw new MeshError("damaged", "The fingerprint in identity.json is not that of its key", {
      hint: "mesh doctor",
    });
  }
  return { card: cardOf(record), privateKey, publicKey };
}

/**
 * Makes an identity. A private key that is there without an identity is taken over, so that a crash in
 * the middle, or a key brought along, costs nothing.
 *
 * @param state The state directory; created with mode 0700.
 * @param options Names and endpoint.
 * @returns What was made.
 * @throws {MeshError} `exists` if there is an identity and `force` is not set, `damaged` if a newer version
 * has written the state.
 */
export async function initIdentity(state: MeshState, options: InitOptions): Promise<InitResult> {
  checkStateVersion(state.root);
  return await state.store.withLock("identity", async () => {
    const there = await state.documents.has("identity");
    if (there && !options.force) {
      throw new MeshError("exists", `There is an identity in "${state.root}" already`, {
        hint: "mesh discovery shows it; mesh init --force replaces it and keeps a backup",
      });
    }
    const now = options.now ?? new Date();
    const backup = options.force ? await backUp(state, now) : undefined;
    const adopted = options.force ? undefined : await readPrivateKey(state.root);
    const privateKey = adopted ?? generateKeyPair().privateKey;
    const record = await newRecord(privateKey.publicKey.pem, options, now);
    await state.store.writeFile(VERSION_FILE, versionText(STATE_VERSION));
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
  const issue = identityIssue(record);
  if (issue) {
    throw new MeshError("usage", `Cannot use this ${issue.field}: ${issue.problem}`, {
      hint: "mesh init --help",
    });
  }
  return record;
}

async function backUp(state: MeshState, now: Date): Promise<string | undefined> {
  const folder = `backups/identity-${now.toISOString().replaceAll(":", "-")}`;
  let kept = 0;
  for (const file of FILES) {
    const text = await readIfThere(`${state.root}/${file}`);
    if (text === undefined) continue;
    await state.store.writeFile(`${folder}/${file}`, text);
    kept++;
  }
  return kept > 0 ? `${state.root}/${folder}` : undefined;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
