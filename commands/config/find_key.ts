/**
 * From what was typed to a section and the keys in it; what nobody knows is told with what was meant.
 *
 * @module
 */
import { keysOf, valueAt } from "../../lib/config/key_path.ts";
import { nearest } from "../../lib/config/nearest.ts";
import { MeshError } from "../../lib/error.ts";
import { OCG_CONFIG_KEYS } from "../../lib/ocg/config_shape.ts";
import type { FileStore } from "../../lib/store/file_store.ts";
import { type Surface, SURFACES } from "./surfaces.ts";
import { IDENTITY_KEYS } from "./values.ts";

/** What a key is of. */
export type Place =
  | { readonly kind: "surface"; readonly surface: Surface }
  | { readonly kind: "ocg" }
  | { readonly kind: "identity" };

/** A key that there may be. */
export interface FoundKey {
  /** Where it belongs. */
  readonly place: Place;
  /** The keys within its section; none for the section itself. */
  readonly keys: readonly string[];
}

/** Everything that a key may begin with. */
export const SECTIONS: readonly string[] = [
  "identity",
  ...SURFACES.map(({ name }) => name),
  "ocg",
];

/**
 * Finds a key.
 *
 * @param typed The key as typed, such as `ogp.gatewayUrl`.
 * @param store The store of the state directory.
 * @param within What a section holds now, for names with dots.
 * @returns Where it belongs.
 * @throws {MeshError} `usage` if no such key can be, with the one that was probably meant.
 */
export async function findKey(
  typed: string,
  store: FileStore,
  within: (place: Place) => Promise<unknown>,
): Promise<FoundKey> {
  const [section = "", rest] = split(typed);
  const place = placeOf(section);
  if (!place) throw unknown(typed, section, SECTIONS);
  if (rest === undefined) return { place, keys: [] };
  const effective = await within(place);
  const keys = keysOf(rest, effective);
  if (!keys) throw unknown(typed, "", []);
  keys.forEach((key, i) => {
    const before = keys.slice(0, i);
    if (valueAt(effective, [...before, key]) !== undefined) return;
    const known = knownAt(place, store, before);
    // Where no key is known by name, any is; what is no object has none at all.
    const parent = valueAt(effective, before);
    const leaf = i > 0 && parent !== undefined && (typeof parent !== "object" || parent === null);
    if (!leaf && (known.length === 0 || known.includes(key))) return;
    throw unknown(
      typed,
      key,
      known.map((one) => [section, ...before, one].join(".")),
      [
        section,
        ...before,
        key,
      ].join("."),
    );
  });
  return { place, keys };
}

/**
 * Finds a key that somebody has written, even if it means nothing: it can be taken out.
 *
 * @param typed The key as typed.
 * @param store The store of the state directory.
 * @returns Where it is; `undefined` if nobody has written it into `config.json`.
 * @throws {MeshError} `config_invalid` if the file cannot be read.
 */
export async function findWritten(typed: string, store: FileStore): Promise<FoundKey | undefined> {
  const [section = "", rest] = split(typed);
  const place = placeOf(section);
  if (place?.kind !== "surface" || rest === undefined) return undefined;
  const raw = await place.surface.open(store).raw();
  const keys = keysOf(rest, raw);
  return keys && valueAt(raw, keys) !== undefined ? { place, keys } : undefined;
}

function split(typed: string): [string, string | undefined] {
  const dot = typed.indexOf(".");
  return dot === -1 ? [typed, undefined] : [typed.slice(0, dot), typed.slice(dot + 1)];
}

function placeOf(section: string): Place | undefined {
  if (section === "ocg" || section === "identity") return { kind: section };
  const surface = SURFACES.find(({ name }) => name === section);
  return surface && { kind: "surface", surface };
}

function knownAt(place: Place, store: FileStore, before: readonly string[]): readonly string[] {
  if (place.kind === "surface") return place.surface.open(store).keys(before);
  if (before.length > 0) return [];
  return place.kind === "ocg" ? OCG_CONFIG_KEYS : IDENTITY_KEYS;
}

function unknown(
  typed: string,
  key: string,
  known: readonly string[],
  whole: string = key,
): MeshError {
  const meant = nearest(whole, known);
  return new MeshError("usage", `There is no key "${typed}"`, {
    hint: meant === undefined ? "mesh config show --effective" : `did you mean "${meant}"?`,
  });
}
