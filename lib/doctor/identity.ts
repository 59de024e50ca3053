/**
 * Whether this node has an identity, its key belongs to it, and nobody else can read the key.
 *
 * @module
 */
import { join } from "node:path";
import { MeshError, messageOf } from "../error.ts";
import { fingerprintOf } from "../identity/fingerprint.ts";
import { parsePublicKeyPem } from "../identity/keys.ts";
import { parsePrivateKeyPem } from "../identity/private_key.ts";
import { loadIdentity } from "../mesh/identity.ts";
import type { IdentityRecord } from "../mesh/identity_record.ts";
import { type Check, failure, ok, type Verdict, warning } from "./check.ts";
import type { DoctorContext } from "./context.ts";
import { lostIdentity } from "./lost_identity.ts";
import { shellWord } from "./words.ts";

/** Looks at `identity.json` and the two key files. */
export const identity: Check = {
  name: "identity",
  async run(context) {
    let record;
    try {
      record = await context.identity();
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      if (await context.onlyChannels()) {
        return ok("There is no identity, and chat channels need none", context.command("init"));
      }
      if (error.code === "not_initialized") return await lostIdentity(context);
      return failure(error.message, `edit ${shellWord(join(context.state.root, "identity.json"))}`);
    }
    const told = await publicVerdicts(context, record);
    const problems = [...await privateKeyVerdicts(context, record, told.length > 0), ...told];
    if (problems.length > 0) return problems;
    return ok(`This node is "${record.agent_id}" with the key ${record.fingerprint}`);
  },
};

/**
 * What would stop a daemon from starting, and, if that is the mode, what else is wrong with the key. A
 * fault that only sends the reader here is left out where it is told better.
 */
async function privateKeyVerdicts(
  { state }: DoctorContext,
  record: IdentityRecord,
  told: boolean,
): Promise<Verdict[]> {
  try {
    await loadIdentity(state);
    return [];
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    if (told && error.hint === "mesh doctor") return [];
    const verdict = failure(error.message, error.hint);
    if (error.code !== "insecure_mode") return [verdict];
    const path = join(state.root, "private_key.pem");
    return [verdict, ...await mismatch(path, record)];
  }
}

async function mismatch(path: string, record: IdentityRecord): Promise<Verdict[]> {
  try {
    const key = parsePrivateKeyPem(await Deno.readTextFile(path));
    if (key.publicKey.hex === parsePublicKeyPem(record.public_key).hex) return [];
    return [failure(`"${path}" is not the key of identity.json`)];
  } catch (error) {
    return [failure(`"${path}" cannot be used: ${messageOf(error)}`)];
  }
}

/** The same key is told three times: as PEM and fingerprint in `identity.json`, and as a file. */
async function publicVerdicts(
  { state }: DoctorContext,
  record: IdentityRecord,
): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  const fingerprint = await fingerprintOf(record.public_key);
  if (fingerprint !== record.fingerprint) {
    const path = shellWord(join(state.root, "identity.json"));
    verdicts.push(
      failure(
        "The fingerprint in identity.json is not that of its key, so other nodes refuse this one",
        `edit ${path}: set "fingerprint" to "${fingerprint}"`,
      ),
    );
  }
  const text = await Deno.readTextFile(join(state.root, "public_key.pem")).catch(() => undefined);
  if (text !== record.public_key) {
    const [from, to] = ["private_key.pem", "public_key.pem"]
      .map((name) => shellWord(join(state.root, name)));
    const what = text === undefined ? "cannot be read" : "is not the key of identity.json";
    verdicts.push(
      warning(
        `public_key.pem ${what}; other programs may rely on it`,
        `openssl pkey -in ${from} -pubout -out ${to}`,
      ),
    );
  }
  return verdicts;
}
