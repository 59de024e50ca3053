/**
 * All that is configured, each value with where it comes from.
 *
 * @module
 */
import { codeOf } from "../../lib/error.ts";
import { leaves, valueAt } from "../../lib/config/key_path.ts";
import { shownValue } from "../../lib/config/shown_value.ts";
import { readIdentity } from "../../lib/mesh/identity_record.ts";
import { openMeshState } from "../../lib/mesh/state.ts";
import { DEFAULT_AGENT_URL } from "../../lib/ocg/accounts.ts";
import { type LoadedConfig, readOcgConfig } from "../../lib/ocg/config_file.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { stateDirectory } from "../state_directory.ts";
import { SURFACES } from "./surfaces.ts";

/** Who said it. */
export type Source = "default" | "file" | "environment" | "flag";

/** One value. */
export interface Value {
  /** Its key with its section's. */
  readonly key: string;
  /** What it is, secrets as `set`. */
  readonly value: unknown;
  /** Who said it. */
  readonly source: Source;
  /** Where: a file's name, a variable, a flag; `default` for a default. */
  readonly from: string;
}

/** What of the identity is the owner's to choose. */
export const IDENTITY_KEYS = ["agent_id", "display_name", "endpoint"] as const;

/** Variables that say more than the top of `ocg.json` does. */
const OCG_VARIABLES: Readonly<Record<string, string>> = {
  agentUrl: "OCG_AGENT_URL",
  model: "OCG_MODEL",
  apiKey: "OCG_API_KEY",
  verbose: "OCG_VERBOSE",
};

/**
 * Reads everything.
 *
 * @param context The environment.
 * @param flags The state directory.
 * @returns All values, those of defaults included.
 * @throws {MeshError} `config_invalid` for what cannot be used.
 */
export async function readValues(context: ActionContext, flags: CommonFlags): Promise<Value[]> {
  const root = stateDirectory(flags, context.env);
  const { store, documents } = openMeshState(root);
  const values = [stateDirValue(context, flags, root)];
  const identity = await readIdentity({ root, documents }).catch((error) => {
    if (codeOf(error) === "not_initialized") return undefined;
    throw error;
  });
  for (const key of identity ? IDENTITY_KEYS : []) {
    const from = "identity.json";
    values.push({ key: `identity.${key}`, value: identity?.[key], source: "file", from });
  }
  for (const { name, open } of SURFACES) {
    const section = open(store);
    const raw = await section.raw();
    values.push(...valuesOf(name, "config.json", section.check(raw), raw));
  }
  return [...values, ...await ocgValues(root, context.env)];
}

function stateDirValue({ env }: ActionContext, flags: CommonFlags, root: string): Value {
  const named = ["MESH_STATE_DIR", "OPENCLAW_AGENT_MESH_DIR"].find((name) => env(name));
  const [source, from]: [Source, string] = flags.stateDir !== undefined
    ? ["flag", "--state-dir"]
    : named !== undefined
    ? ["environment", named]
    : ["default", "default"];
  return { key: "stateDir", value: root, source, from };
}

function valuesOf(section: string, file: string, effective: unknown, raw: unknown): Value[] {
  return leaves(effective).filter(({ keys }) => keys.length > 0).map(({ keys, value }) => {
    const said = valueAt(raw, keys) !== undefined;
    return {
      key: [section, ...keys].join("."),
      value: shownValue(keys, value),
      ...(said
        ? { source: "file" as const, from: file }
        : { source: "default" as const, from: "default" }),
    };
  });
}

async function ocgValues(root: string, env: ActionContext["env"]): Promise<Value[]> {
  const { config, raw } = await ocgFile(root, env);
  const values = valuesOf("ocg", "ocg.json", { agentUrl: DEFAULT_AGENT_URL, ...config }, raw);
  for (const [key, variable] of Object.entries(OCG_VARIABLES)) {
    const said = env(variable);
    if (!said) continue;
    const value = key === "verbose" ? said === "1" : shownValue([key], said);
    const at = values.findIndex((one) => one.key === `ocg.${key}`);
    const found: Value = { key: `ocg.${key}`, value, source: "environment", from: variable };
    if (at === -1) values.push(found);
    else values[at] = found;
  }
  return values;
}

/**
 * Reads `ocg.json` as it is, and as it counts.
 *
 * @param root The state directory.
 * @param env The environment.
 * @returns What the library reads, and what the file says.
 * @throws {MeshError} `config_invalid` for what cannot be used.
 */
export async function ocgFile(
  root: string,
  env: ActionContext["env"],
): Promise<LoadedConfig & { readonly raw: Record<string, unknown> }> {
  const loaded = await readOcgConfig(root, env);
  const raw = loaded.exists
    ? JSON.parse((await Deno.readTextFile(loaded.path)).replace(/^\uFEFF/, ""))
    : {};
  return { ...loaded, raw };
}
