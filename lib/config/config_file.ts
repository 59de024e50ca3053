/**
 * `config.json` in the root: one file, a section per surface, edited by people and by `setup` commands.
 *
 * @module
 */
import { z } from "zod";
import { MeshError } from "../error.ts";
import { JsonObject } from "../signing/json.ts";
import { fromPlain, toPlain } from "../signing/json_plain.ts";
import { documentCodec } from "../store/document_codec.ts";
import type { Collection, Store } from "../store/store.ts";

/** Judges a section; a zod schema is one. */
export interface SectionShape<T> {
  /** The section as a `T`, defaults filled in; or why not, as zod tells it. */
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: z.ZodError };
}

const ID = "config";

/** One section of the file. */
export class ConfigSection<T> {
  readonly #name: string;
  readonly #shape: SectionShape<T>;
  readonly #documents: Collection<JsonObject>;

  /**
   * @param store The root's store.
   * @param name The section's key in the file.
   * @param shape What may be in it; it must accept `{}`.
   */
  constructor(store: Store, name: string, shape: SectionShape<T>) {
    this.#name = name;
    this.#shape = shape;
    this.#documents = store.collection("", documentCodec);
  }

  /**
   * Reads the section.
   *
   * @returns The section with defaults; all defaults if there is no file or no section.
   * @throws {MeshError} `config_invalid` with the key and what is wrong with it.
   */
  async read(): Promise<T> {
    const file = await this.#documents.get(ID);
    return this.#checked(plainSection(file, this.#name));
  }

  /**
   * Whether the section was ever written.
   *
   * @returns `false` if everything in it is a default.
   */
  async exists(): Promise<boolean> {
    return (await this.#documents.get(ID))?.has(this.#name) ?? false;
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

  #checked(section: unknown): T {
    const parsed = this.#shape.safeParse(section);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    const key = [this.#name, ...issue?.path ?? []].join(".");
    throw new MeshError("config_invalid", `config.json: "${key}": ${issue?.message ?? "invalid"}`, {
      hint: "mend config.json in the state directory",
    });
  }
}

function plainSection(file: JsonObject | undefined, name: string): Record<string, unknown> {
  const section = file?.get(name);
  if (section === undefined) return {};
  if (section instanceof JsonObject) return toPlain(section) as Record<string, unknown>;
  throw new MeshError("config_invalid", `config.json: "${name}" is not an object`, {
    hint: "mend config.json in the state directory",
  });
}
