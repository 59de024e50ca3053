/**
 * What was kept of OGP's own program, put to use: projects, intents, and how openly to answer whom.
 *
 * @module
 */
import { MeshError, messageOf } from "../../lib/error.ts";
import { FILES, type Finding } from "../../lib/ogp/import/finding.ts";
import { isBuiltIn, registeredIntent, registerIntent } from "../../lib/ogp/intents/registry.ts";
import { importPolicies } from "../../lib/ogp/policies/import_policies.ts";
import { importProjects } from "../../lib/ogp/projects/import_projects.ts";
import { listProjects } from "../../lib/ogp/projects/project_store.ts";
import type { OgpState } from "../../lib/ogp/state.ts";
import { parseJson } from "../../lib/signing/json_parse.ts";
import { toPlain } from "../../lib/signing/json_plain.ts";

/** Where it goes, and when. */
export interface KeptUser {
  /** The state. */
  readonly state: OgpState;
  /** Our own key as DER, if there is one. */
  readonly ownKey: string | undefined;
  /** The present. */
  readonly now: Date;
}

type Plain = Readonly<Record<string, unknown>>;

/** Under which names policies were kept. */
const POLICIES: readonly string[] = [FILES.policies, FILES.config, "peer-policies.json"];

/**
 * Takes over what is in a kept file. Doing it again adds only what is missing.
 *
 * @param user Where it goes.
 * @param name The file's name.
 * @param text Its text, checked.
 * @returns What became of each thing in it; nothing for files that are only kept.
 * @throws {MeshError} `io` and the like, if it cannot be written down.
 */
export async function useKept(user: KeptUser, name: string, text: string): Promise<Finding[]> {
  if (name === FILES.activity) return [];
  const plain = toPlain(parseJson(text));
  if (name === FILES.projects) {
    const before = new Set((await listProjects(user.state)).map(({ id }) => id));
    const projects = await importProjects({ ...user, now: () => user.now }, plain);
    return projects.map(({ id, fate: became, contributions, detail }) => {
      const fate = became === "taken" && before.has(id) && contributions === 0 ? "there" : became;
      const count = `${contributions} ${contributions === 1 ? "contribution" : "contributions"}`;
      const words = [...(fate === "taken" ? [count] : []), detail].filter((word) => word !== "");
      return { file: name, item: id, fate, detail: words.join("; ") };
    });
  }
  if (POLICIES.includes(name)) {
    const policies = await importPolicies(user.state, plain, user.now);
    return policies.map(({ who, item, fate, detail }) => ({
      ...{ file: name, item: `${item} (${who.slice(0, 32)})`, fate, detail },
    }));
  }
  if (!FILES.intents.some((file) => file === name)) return [];
  return await Promise.all(intentsIn(plain).map((intent) => takeIntent(user, name, intent)));
}

function intentsIn(plain: unknown): Plain[] {
  const list = Array.isArray(plain) ? plain : (plain as { intents?: unknown } | null)?.intents;
  const items = Array.isArray(list) ? list : Object.values(list ?? {});
  return items.filter((item): item is Plain => typeof item === "object" && item !== null);
}

async function takeIntent(
  { state, now }: KeptUser,
  file: string,
  { name, description, sessionKey, handler }: Plain,
): Promise<Finding> {
  const item = typeof name === "string" ? name.slice(0, 100) : "";
  const found = (fate: Finding["fate"], detail: string): Finding => ({ file, item, fate, detail });
  if (typeof name !== "string") return found("refused", "it has no name");
  if (isBuiltIn(name)) return found("ignored", "it is built in");
  if (await registeredIntent(state, name)) return found("there", "it is registered here already");
  try {
    await registerIntent(state, {
      name,
      ...(typeof description === "string" ? { description } : {}),
      ...(typeof sessionKey === "string" && sessionKey !== "" ? { sessionKey } : {}),
    }, now);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return found("refused", messageOf(error));
  }
  return found(
    "taken",
    handler ? "without its handler: mesh ogp intent register sets one" : "as an intent",
  );
}
