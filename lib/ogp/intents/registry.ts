/**
 * What peers can ask of this gateway: what is built in, and what the owner registered beside it.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { findProgram } from "../../process/find_program.ts";
import { INTENTS } from "../intents.ts";
import type { OgpState } from "../state.ts";
import { payloadSchema } from "./json_schema.ts";
import { INTENT_LIMITS, intentRecords, type RegisteredIntent } from "./record.ts";

type State = Pick<OgpState, "store">;

/** What to register. */
export type NewIntent = Omit<RegisteredIntent, "registeredAt">;

/** Families of names that the protocol keeps for itself. */
const RESERVED = /^(?:project|federation|ogp|mesh)(?:\.|$)/;

/** What `message` and the others look like, and what one may add. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

const LIST = "mesh ogp intent list";

/**
 * Whether an intent is built in.
 *
 * @param name Its name.
 * @returns Whether it can be neither registered nor removed.
 */
export function isBuiltIn(name: string): boolean {
  return INTENTS.includes(name);
}

/**
 * The names of all intents, for the card and for requests of ours.
 *
 * @param state The state.
 * @returns What is built in, then what is registered, in the order of the names.
 */
export async function intentNames(state: State): Promise<string[]> {
  const registered = await intentRecords(state).ids();
  return [...INTENTS, ...registered.filter((name) => !isBuiltIn(name))];
}

/**
 * The registration of an intent.
 *
 * @param state The state.
 * @param name Its name, as received; any text.
 * @returns The record, or `undefined` if it is not registered, also if it is built in.
 */
export async function registeredIntent(
  state: State,
  name: string,
): Promise<RegisteredIntent | undefined> {
  if (isBuiltIn(name) || !NAME.test(name) || name.length > INTENT_LIMITS.nameLength) {
    return undefined;
  }
  const record = await intentRecords(state).get(name);
  // On a disk that ignores case, another name finds the record, too.
  return record?.name === name ? record : undefined;
}

/**
 * All intents that are registered, by name.
 *
 * @param state The state.
 * @returns The records; one that cannot be read is left out, and reported.
 */
export async function registeredIntents(state: State): Promise<RegisteredIntent[]> {
  const { entries } = await intentRecords(state).list();
  return entries.map(({ value }) => value).filter(({ name }) => !isBuiltIn(name));
}

/**
 * Makes sure that there is an intent and that a payload meets its schema.
 *
 * @param state The state.
 * @param name The intent, as received.
 * @param payload The payload, as plain JSON.
 * @returns Its registration; nothing for one that is built in.
 * @throws {MeshError} `not_found` for an intent that is not there, `malformed` for a payload that does not
 * meet the schema, `config_invalid` if the record was edited and holds no schema.
 */
export async function acceptIntent(
  state: State,
  name: string,
  payload: unknown,
): Promise<RegisteredIntent | undefined> {
  if (isBuiltIn(name)) return undefined;
  const intent = await registeredIntent(state, name);
  if (!intent) {
    const shown = name.slice(0, 100).toWellFormed();
    throw new MeshError("not_found", `Unknown intent: '${shown}'`);
  }
  const problem = schemaOf(intent)?.problemIn(payload);
  if (problem === undefined) return intent;
  throw new MeshError("malformed", `The payload of '${name}' is not as it must be: ${problem}`);
}

/**
 * Registers an intent, in place of one with the same name.
 *
 * @param state The state.
 * @param intent The intent.
 * @param now The present.
 * @returns What is stored, and whether there was one before.
 * @throws {MeshError} `usage` for a name or value that cannot be, `exists` for a name that is built in or
 * reserved, `malformed` for a schema that cannot be checked, `not_found` for a handler that is no program.
 */
export async function registerIntent(
  state: State,
  intent: NewIntent,
  now: Date,
): Promise<{ intent: RegisteredIntent; replaced: boolean }> {
  assertName(intent.name);
  if (intent.schema !== undefined) {
    const { schemaBytes } = INTENT_LIMITS;
    if (new TextEncoder().encode(JSON.stringify(intent.schema)).length > schemaBytes) {
      throw new MeshError("too_large", `The schema is larger than ${schemaBytes / 1024} KiB`);
    }
    payloadSchema(intent.schema);
  }
  if (intent.handler) await assertProgram(intent.handler[0] ?? "");
  let replaced = false;
  const stored = { ...intent, registeredAt: now.toISOString() };
  await intentRecords(state).update(intent.name, (before) => {
    replaced = before !== undefined;
    return stored;
  });
  return { intent: stored, replaced };
}

/**
 * Forgets an intent. Whoever was granted it is refused from then on.
 *
 * @param state The state.
 * @param name Its name.
 * @throws {MeshError} `refused` for one that is built in, `not_found`.
 */
export async function removeIntent(state: State, name: string): Promise<void> {
  if (isBuiltIn(name)) {
    throw new MeshError("refused", `"${name}" is built in and cannot be removed`, { hint: LIST });
  }
  if (name !== "" && name.length <= INTENT_LIMITS.nameLength) {
    if (await intentRecords(state).delete(name)) return;
  }
  throw new MeshError("not_found", `No intent is called "${name.slice(0, 100)}"`, { hint: LIST });
}

function schemaOf({ name, schema }: RegisteredIntent) {
  if (schema === undefined) return undefined;
  try {
    return payloadSchema(schema);
  } catch (cause) {
    throw new MeshError("config_invalid", `The schema of the intent "${name}" cannot be used`, {
      cause,
      hint: `mesh ogp intent register ${name} --schema FILE`,
    });
  }
}

function assertName(name: string): void {
  if (!NAME.test(name) || name.length > INTENT_LIMITS.nameLength) {
    throw new MeshError("usage", `"${name.slice(0, 100)}" cannot be the name of an intent`, {
      hint: "letters, digits, dots, dashes and underscores, such as deployment",
    });
  }
  if (isBuiltIn(name)) {
    throw new MeshError("exists", `"${name}" is built in`, { hint: LIST });
  }
  if (RESERVED.test(name)) {
    throw new MeshError("exists", `"${name}" is a name that the protocol keeps for itself`, {
      hint: "take another name",
    });
  }
}

async function assertProgram(program: string): Promise<void> {
  if (await findProgram(program) !== undefined) return;
  throw new MeshError("not_found", `There is no program "${program}" that may be executed`, {
    hint: `chmod +x "${program}"`,
  });
}
