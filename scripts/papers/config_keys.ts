/**
 * The keys of the configuration: names and words from the interfaces that the program reads them into,
 * defaults from what it makes of nothing.
 *
 * @module
 */
import { SURFACES } from "../../commands/config/surfaces.ts";
import type { Schema } from "../../lib/config/known_keys.ts";
import { DEFAULT_AGENT_URL } from "../../lib/ocg/accounts.ts";
import { judgeOcgConfig } from "../../lib/ocg/config_shape.ts";
import { openFileStore } from "../../lib/store/file_store.ts";
import { type Declarations, type PropertyPaper, readDeclarations } from "./interfaces.ts";

/** A key. */
export interface KeyPaper {
  /** Its name with those of what it is in, such as `ogp.loopLimits.peerBytes`. */
  readonly key: string;
  /** What may stand there, in few words. */
  readonly type: string;
  /** What counts if nothing does, as JSON. */
  readonly preset?: string | undefined;
  /** What it says. */
  readonly doc: string;
}

/** A section of the configuration. */
export interface SectionPaper {
  /** Its name. */
  readonly name: string;
  /** The file that it is in. */
  readonly file: string;
  /** Its keys, in the order of the sources. */
  readonly keys: readonly KeyPaper[];
}

/** Where each section is declared: its interface, and the modules with that and what it refers to. */
const DECLARED: Readonly<Record<string, readonly [name: string, ...modules: string[]]>> = {
  mesh: ["MeshConfig", "lib/mesh/config.ts"],
  ogp: ["OgpConfig", "lib/ogp/config.ts"],
  notify: ["NotifyConfig", "lib/notify/config_types.ts"],
  log: ["LogConfig", "lib/log/config.ts", "lib/log/level.ts"],
  admin: ["AdminConfig", "lib/config/admin.ts"],
  ocg: ["OcgConfig", "lib/ocg/config_types.ts"],
};

/**
 * Collects them.
 *
 * @param read Reads a file of the project.
 * @returns The sections, those of `config.json` first.
 * @throws {Error} if a section is declared nowhere.
 */
export async function configKeys(read: (path: string) => Promise<string>): Promise<SectionPaper[]> {
  const store = openFileStore("nowhere");
  const sections = SURFACES.map(({ name, open }) => ({
    name,
    file: "config.json",
    schema: open(store).schema(),
  }));
  const judged = judgeOcgConfig({});
  const presets = "config" in judged ? { agentUrl: DEFAULT_AGENT_URL, ...judged.config } : {};
  const ocg = { name: "ocg", file: "ocg.json", schema: schemaOfValues(presets) };
  return await Promise.all([...sections, ocg].map(async ({ name, file, schema }) => {
    const [root, ...modules] = DECLARED[name] ?? [];
    if (root === undefined) throw new Error(`The section "${name}" is declared nowhere`);
    const declared = readDeclarations((await Promise.all(modules.map(read))).join("\n"));
    return { name, file, keys: keysOf(root, declared, schema, name) };
  }));
}

/** A schema that knows defaults and nothing else. */
function schemaOfValues(values: object): Schema {
  const properties = Object.entries(values).map(([key, value]) => [key, { default: value }]);
  return { properties: Object.fromEntries(properties) };
}

function keysOf(
  name: string,
  declared: Declarations,
  schema: Schema | undefined,
  before: string,
): KeyPaper[] {
  return (declared.interfaces.get(name) ?? []).flatMap((property) => {
    const key = `${before}.${property.name}`;
    const place = schema?.properties?.[property.name];
    const inner = innerKeys(name, property, declared, place, key);
    const preset = place?.default === undefined ? undefined : JSON.stringify(place.default);
    // Of what is only its keys, the keys are enough.
    if (inner.length > 0 && declared.interfaces.has(property.type)) return inner;
    const type = place?.enum?.join(", ") ?? typeWords(property.type, declared);
    return [{ key, type, preset, doc: property.doc }, ...inner];
  });
}

/** The keys of what a property holds, if it holds something that is declared, too. */
function innerKeys(
  container: string,
  { type }: PropertyPaper,
  declared: Declarations,
  schema: Schema | undefined,
  key: string,
): KeyPaper[] {
  const [, record] = /^Readonly<Record<string, (\w+)>>$/.exec(type) ?? [];
  const [, item] = /^readonly (\w+)\[\]$/.exec(type) ?? [];
  const name = record ?? item ?? type;
  // What may stand in it is what may stand beside it.
  if (declared.parents.get(container) === name) return [];
  const below = record
    ? anySchema(schema?.additionalProperties)
    : item
    ? anySchema(schema?.items)
    : schema;
  const at = record ? `${key}.<name>` : item ? `${key}[]` : key;
  const members = declared.unions.get(name)?.filter((member) => declared.interfaces.has(member));
  if (!members) return keysOf(name, declared, below, at);
  return members.flatMap((member) => {
    const properties = declared.interfaces.get(member) ?? [];
    const kind = properties.find(({ name }) => name === "type")?.type.replaceAll('"', "") ?? member;
    const choice = [...below?.oneOf ?? [], ...below?.anyOf ?? []]
      .find(({ properties }) => properties?.type?.const === kind);
    return keysOf(member, declared, choice, `${at} (${kind})`)
      .filter((one) => !one.key.endsWith(".type"));
  });
}

function anySchema(schema: Schema | boolean | undefined): Schema | undefined {
  return typeof schema === "object" ? schema : undefined;
}

function typeWords(type: string, { unions, interfaces }: Declarations): string {
  const [, item] = /^readonly (\w+)\[\]$/.exec(type) ?? [];
  if (item) {
    return `list of ${interfaces.has(item) ? "objects" : item === "string" ? "texts" : `${item}s`}`;
  }
  const [, record] = /^Readonly<Record<string, (\w+)>>$/.exec(type) ?? [];
  if (record) return `${record === "string" ? "texts" : "objects"} by name`;
  if (type === "string") return "text";
  if (type === "boolean") return "true or false";
  if (type === "number") return "number";
  if (interfaces.has(type)) return "object";
  return (unions.get(type) ?? type.split("|")).map((one) => one.trim().replaceAll('"', ""))
    .join(", ");
}
