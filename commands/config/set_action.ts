/** What `mesh config set` does. @module */
import { setAt } from "../../lib/config/key_path.ts";
import { isSecretPlace, shownValue } from "../../lib/config/shown_value.ts";
import { codeOf, MeshError, messageOf } from "../../lib/error.ts";
import type { MeshState } from "../../lib/mesh/state.ts";
import { changeOcgConfig } from "../../lib/ocg/config_file.ts";
import type { ActionContext } from "../define.ts";
import { readInput } from "../input.ts";
import { openState } from "../node.ts";
import { effectOf, tellEffect } from "./effect.ts";
import { findKey, findWritten, type FoundKey } from "./find_key.ts";
import { setIdentity } from "./set_identity.ts";
import type { SetFlags } from "./routes.ts";
import { effectiveSection } from "./within.ts";

/** Most bytes of a value that is read. */
const LIMIT = 256 * 1024;

/**
 * Changes a value.
 *
 * @param context The terminal.
 * @param flags Whether to take it out.
 * @param typed The key.
 * @param given The value.
 */
export default async function (
  context: ActionContext,
  flags: SetFlags,
  typed: string,
  given?: string,
): Promise<void> {
  const { terminal, env } = context;
  if (flags.unset === (given !== undefined)) {
    throw new MeshError("usage", "Either a value or --unset says what to do", {
      hint: `mesh config set ${typed} VALUE`,
    });
  }
  if (typed === "stateDir") {
    throw new MeshError("usage", "The state directory cannot be set in itself", {
      hint: "pass --state-dir, or set MESH_STATE_DIR",
    });
  }
  const state = openState(context, flags);
  const found = (flags.unset ? await findWritten(typed, state.store) : undefined) ??
    await findKey(typed, state.store, (place) => effectiveSection(place, state, env));
  if (found.keys.length === 0) {
    throw new MeshError("usage", `"${typed}" is a section: name a key of it`, {
      hint: `mesh config show ${typed} --effective`,
    });
  }
  const text = given === "-" ? await fromStdin() : given;
  const value = await change(state, env, found, text).catch((error) => {
    throw flags.unset ? error : unchanged(error, typed);
  });
  const effect = await effectOf(state, found);
  const shown = shownValue(found.keys, value) ?? null;
  terminal.document({ ok: true, key: typed, value: shown, ...effect });
  terminal.line(
    value === undefined
      ? `${typed} is not set any more.`
      : `${typed} is ${typeof shown === "string" ? shown : JSON.stringify(shown)} now.`,
  );
  if (!terminal.json) tellEffect(terminal, effect);
  if (given !== undefined && given !== "-" && isSecretPlace(found.keys)) {
    terminal.warn(
      `The shell may keep it in its history; better: mesh config set ${typed} - < FILE`,
    );
  }
}

/** The file was fine before, and still is: there is nothing in it to mend. */
function unchanged(error: unknown, typed: string): unknown {
  if (codeOf(error) !== "config_invalid") return error;
  return new MeshError("config_invalid", messageOf(error), {
    cause: error,
    hint: `nothing was changed; what it is now: mesh config get ${typed}`,
  });
}

/** Writes it; what is no valid JSON value there may be a text. */
async function change(
  state: MeshState,
  env: ActionContext["env"],
  found: FoundKey,
  text: string | undefined,
): Promise<unknown> {
  const [first, ...others] = candidates(text);
  try {
    await write(state, env, found, first);
    return first;
  } catch (error) {
    for (const other of others) {
      if (await write(state, env, found, other).then(() => true, () => false)) return other;
    }
    throw error;
  }
}

/** A number that would not be written as it was typed, such as a long id, is rather meant as a text. */
function candidates(text: string | undefined): unknown[] {
  if (text === undefined) return [undefined];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [text];
  }
  if (typeof value === "string") return [value];
  if (typeof value === "number") return String(value) === text ? [value, text] : [text, value];
  assertExact(value);
  return [value, text];
}

/** Of a long id as a number within a list or an object, the last digits would be lost. */
function assertExact(value: unknown): void {
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new MeshError("usage", `A number in it is too long, such as ${value}`, {
      hint: 'write an id of so many digits as a text: "…"',
    });
  }
  if (typeof value === "object" && value !== null) Object.values(value).forEach(assertExact);
}

async function write(
  state: MeshState,
  env: ActionContext["env"],
  { place, keys }: FoundKey,
  value: unknown,
): Promise<void> {
  const edit = (section: Record<string, unknown>) => {
    if (setAt(section, keys, value)) return;
    throw new MeshError("usage", `"${keys.slice(0, -1).join(".")}" holds no keys`);
  };
  switch (place.kind) {
    case "surface":
      await place.surface.open(state.store).edit(edit);
      return;
    case "ocg":
      await changeOcgConfig(state.store, state.root, env, edit);
      return;
    case "identity":
      await setIdentity(state, keys, value);
  }
}

async function fromStdin(): Promise<string> {
  return new TextDecoder().decode(await readInput("-", LIMIT)).replace(/\r?\n$/, "");
}
