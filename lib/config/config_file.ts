/**
 * `config.json` in the root: one file, a section per surface, edited by people and by `setup` commands.
 *
 * @module
 */
import { MeshError, messageOf } from "../error.ts";
import { JsonObject } from "../signing/json.ts";
import { parseJson } from "../signing/json_parse.ts";
import { fromPlain, toPlain } from "../signing/json_plain.ts";
import { documentCodec } from "../store/document_codec.ts";
import type { FileStore } from "../store/file_store.ts";
import type { Collection } from "../store/store.ts";
import { configIssue, type ShapeComplaint } from "./config_issue.ts";
import { knownKeys, type Schema, schemaOf } from "./known_keys.ts";

/** Judges a section; a zod schema is one. */
export interface SectionShape<T> {
  /** The section as a `T`, defaults filled in; or why not, as zod tells it. */
  safeParse(value: unknown):
    | { success: true; data: T }
    | { success: false; error: { issues: readonly ShapeComplaint[] } };
}

const ID = "config";
const HINT = "mend config.json in the state directory";

/** One section of the file. */
export class ConfigSection<T> {
  /** The section's key in the file. */
  readonly name: string;
  readonly #shape: SectionShape<T>;
  readonly #documents: Collection<JsonObject>;
  readonly #path: string;

  /**
   * @param store The root's store.
   * @param name The section's key in the file.
   * @param shape What may be in it; it must accept `{}`.
   */
  constructor(store: FileStore, name: string, shape: SectionShape<T>) {
    this.name = name;
    this.#shape = shape;
    this.#documents = store.collection("", documentCodec);
    this.#path = `${store.root}/${ID}.json`;
  }

  /**
   * Reads the section.
   *
   * @returns The section with defaults; all defaults if there is no file or no section.
   * @throws {MeshError} `config_invalid` with the key and what is wrong with it.
   */
  async read(): Promise<T> {
    return this.#checked(plainSection(await this.#file(), this.name));
  }

  /**
   * Whether the section was ever written.
   *
   * @returns `false` if everything in it is a default.
   */
  async exists(): Promise<boolean> {
    return (await this.#file())?.has(this.name) ?? false;
  }

  /**
   * The section as its owner wrote it.
   *
   * @returns Its keys without any defaults; no keys if there is no file or no section.
   * @throws {MeshError} `config_invalid` if the file is no JSON or the section no object.
   */
  async raw(): Promise<Record<string, unknown>> {
    return plainSection(await this.#file(), this.name);
  }

  /** What may be in the section, as a JSON Schema, if its shape is one of zod's. */
  schema(): Schema | undefined {
    return schemaOf(this.#shape);
  }

  /**
   * The keys that may stand at a place in the section.
   *
   * @param path The keys that lead to the place; none for the section itself.
   * @returns Their names; none where any may stand.
   */
  keys(path: readonly string[] = []): string[] {
    return knownKeys(this.#shape, path);
  }

  /**
   * What the section would be.
   *
   * @param section Its keys.
   * @returns The section with defaults.
   * @throws {MeshError} `config_invalid` with the key and what is wrong with it.
   */
  check(section: Readonly<Record<string, unknown>>): T {
    return this.#checked(section);
  }

  /**
   * Changes keys of the section; other keys and other sections stay as they are.
   *
   * @param changes New values by key; `undefined` removes a key.
   * @returns The section as it is now.
   * @throws {MeshError} `config_invalid` if the section would not be valid; then nothing is written.
   */
  async change(changes: Readonly<Record<string, unknown>>): Promise<T> {
    return await this.edit((section) => {
      for (const [key, value] of Object.entries(changes)) {
        if (value === undefined) delete section[key];
        else section[key] = value;
      }
    });
  }

  /**
   * Changes the section by what is in it; nobody else changes the file meanwhile.
   *
   * @param edit Changes the section's keys in place; what it throws is thrown, and nothing is written.
   * @returns The section as it is now.
   * @throws {MeshError} `config_invalid` if the section would not be valid; then nothing is written.
   */
  async edit(edit: (section: Record<string, unknown>) => void): Promise<T> {
    let result: T | undefined;
    await this.#file();
    await this.#documents.update(ID, (file) => {
      const section = plainSection(file, this.name);
      edit(section);
      result = this.#checked(section);
      return new JsonObject(file ?? new JsonObject()).set(this.name, fromPlain(section));
    });
    return result as T;
  }

  #file(): Promise<JsonObject | undefined> {
    return readConfigFile(this.#path);
  }

  #checked(section: unknown): T {
    const parsed = this.#shape.safeParse(section);
    if (parsed.success) return parsed.data;
    throw configIssue(this.name, this.#shape, parsed.error.issues[0]);
  }
}

/**
 * Reads the whole file as its owner wrote it. With a slip in it, it is told and left alone: other records
 * that cannot be read are set aside, but this one is being edited by a person.
 *
 * @param path Where it is.
 * @returns Its sections; `undefined` if there is no file.
 * @throws {MeshError} `config_invalid` if it is no JSON object, `io` if it cannot be read.
 */
export async function readConfigFile(path: string): Promise<JsonObject | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new MeshError("io", `Cannot read "${path}"`, { cause: error });
  }
  try {
    const file = parseJson(text);
    if (file instanceof JsonObject) return file;
  } catch (error) {
    throw new MeshError("config_invalid", `config.json: ${messageOf(error)}`, { hint: HINT });
  }
  throw new MeshError("config_invalid", "config.json is not an object", { hint: HINT });
}

function plainSection(file: JsonObject | undefined, name: string): Record<string, unknown> {
  const section = file?.get(name);
  if (section === undefined) return {};
  if (section instanceof JsonObject) return toPlain(section) as Record<string, unknown>;
  throw new MeshError("config_invalid", `config.json: "${name}" is not an object`, {
    hint: HINT,
  });
}
