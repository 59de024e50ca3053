/**
 * `config.json` in the root: one file, a section per surface, edited by people and by `setup` commands.
 *
 * @module
 */
import { z } from "zod";
import { MeshError, messageOf } from "../error.ts";
import { JsonObject } from "../signing/json.ts";
import { parseJson } from "../signing/json_parse.ts";
import { fromPlain, toPlain } from "../signing/json_plain.ts";
import { documentCodec } from "../store/document_codec.ts";
import type { FileStore } from "../store/file_store.ts";
import type { Collection } from "../store/store.ts";

/** Judges a section; a zod schema is one. */
export interface SectionShape<T> {
  /** The section as a `T`, defaults filled in; or why not, as zod tells it. */
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: z.ZodError };
}

const ID = "config";
const HINT = "mend config.json in the state directory";

/** One section of the file. */
export class ConfigSection<T> {
  readonly #name: string;
  readonly #shape: SectionShape<T>;
  readonly #documents: Collection<JsonObject>;
  readonly #path: string;

  /**
   * @param store The root's store.
   * @param name The section's key in the file.
   * @param shape What may be in it; it must accept `{}`.
   */
  constructor(store: FileStore, name: string, shape: SectionShape<T>) {
    this.#name = name;
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
    return this.#checked(plainSection(await this.#file(), this.#name));
  }

  /**
   * Whether the section was ever written.
   *
   * @returns `false` if everything in it is a default.
   */
  async exists(): Promise<boolean> {
    return (await this.#file())?.has(this.#name) ?? false;
  }

  /**
   * Changes keys of the section; other keys and other sections stay as they are.
   *
   * @param changes New values by key; `undefined` removes a key.
   * @returns The section as it is now.
   * @throws {MeshError} `config_invalid` if the section would not be valid; then nothing is written.
   */
  async change(changes: Readonly<Record<string, unknown>>): Promise<T> {
    let result: T | undefined;
    await this.#file();
    await this.#documents.update(ID, (file) => {
      const section = { ...plainSection(file, this.#name), ...changes };
      for (const [key, value] of Object.entries(section)) {
        if (value === undefined) delete section[key];
      }
      result = this.#checked(section);
      return new JsonObject(file ?? new JsonObject()).set(this.#name, fromPlain(section));
    });
    return result as T;
  }

  /**
   * The file as its owner wrote it. With a slip in it, it is told and left alone: other records that cannot
   * be read are set aside, but this one is being edited by a person.
   */
  async #file(): Promise<JsonObject | undefined> {
    let text: string;
    try {
      text = await Deno.readTextFile(this.#path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw new MeshError("io", `Cannot read "${this.#path}"`, { cause: error });
    }
    try {
      const file = parseJson(text);
      if (file instanceof JsonObject) return file;
    } catch (error) {
      throw new MeshError("config_invalid", `config.json: ${messageOf(error)}`, { hint: HINT });
    }
    throw new MeshError("config_invalid", "config.json is not an object", { hint: HINT });
  }

  #checked(section: unknown): T {
    const parsed = this.#shape.safeParse(section);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    const key = [this.#name, ...issue?.path ?? []].join(".");
    throw new MeshError("config_invalid", `config.json: "${key}": ${issue?.message ?? "invalid"}`, {
      hint: HINT,
    });
  }
}

function plainSection(file: JsonObject | undefined, name: string): Record<string, unknown> {
  const section = file?.get(name);
  if (section === undefined) return {};
  if (section instanceof JsonObject) return toPlain(section) as Record<string, unknown>;
  throw new MeshError("config_invalid", `config.json: "${name}" is not an object`, {
    hint: HINT,
  });
}
