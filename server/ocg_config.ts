/**
 * The configuration of the channels while a daemon runs: read when it starts, when its file changes, and when
 * somebody asks for it.
 *
 * @module
 */
import { codeOf, messageOf } from "../lib/error.ts";
import { type Environment, findOcgConfig, readOcgConfig } from "../lib/ocg/config_file.ts";
import type { LoadedConfig } from "../lib/ocg/config_file.ts";
import { withDefaultChannel } from "../lib/ocg/default_channel.ts";
import type { Chore } from "./chores.ts";
import { fileMark } from "./file_mark.ts";

/** Milliseconds between looks at the file's time, which cost next to nothing. */
const LOOK_EVERY = 2_000;

/** Reads `ocg.json` again and again. */
export class OcgConfigFile {
  readonly #root: string;
  readonly #env: Environment;
  #known: string | undefined;
  /** The file that was read last, if there was one. */
  #path: string | undefined;
  /** One reading after the other, so that an older one does not win. */
  #reading: Promise<unknown> = Promise.resolve();

  /**
   * Nothing is read yet.
   *
   * @param root The state directory.
   * @param env The environment.
   */
  constructor(root: string, env: Environment) {
    this.#root = root;
    this.#env = env;
  }

  /**
   * Reads the file.
   *
   * @returns The configuration; a channel is in it even if none is in the file.
   * @throws {MeshError} `config_invalid` or `io`.
   */
  async read(): Promise<LoadedConfig> {
    // What is written while it is read counts as another file.
    this.#known = await this.#mark();
    const loaded = await readOcgConfig(this.#root, this.#env);
    this.#path = loaded.exists ? loaded.path : undefined;
    return { ...loaded, config: withDefaultChannel(loaded.config) };
  }

  /**
   * Reads the file and has it taken.
   *
   * @param take Takes it.
   * @throws {MeshError} As {@linkcode read}; then what held before goes on.
   */
  async reload(take: (loaded: LoadedConfig) => Promise<void>): Promise<void> {
    const reading = this.#reading.then(async () => await take(await this.read()));
    this.#reading = reading.catch(() => {});
    await reading;
  }

  /**
   * The chore of noticing that the file has changed.
   *
   * @param take Takes what it holds now.
   * @returns The chore. What is wrong with a file is told once.
   */
  chore(take: (loaded: LoadedConfig) => Promise<void>): Chore {
    let told: string | undefined;
    let doubtful: string | undefined;
    return {
      everyMs: LOOK_EVERY,
      run: async () => {
        const mark = await this.#mark();
        if (mark === this.#known) return;
        // An editor may have the file out of its place for a moment, which is no wish to run another one.
        if (mark !== doubtful && !await this.#isThere()) {
          doubtful = mark;
          return;
        }
        doubtful = undefined;
        try {
          await this.reload(take);
          told = undefined;
        } catch (error) {
          // A file that cannot be read right now is tried again, one with a mistake in it is not.
          if (codeOf(error) !== "config_invalid") this.#known = undefined;
          if (messageOf(error) === told) return;
          told = messageOf(error);
          throw error;
        }
      },
    };
  }

  /** Whether the file that was read last is still there. */
  async #isThere(): Promise<boolean> {
    const path = this.#path;
    return path === undefined || await Deno.lstat(path).then(() => true, () => false);
  }

  /** The file may also be another one than before: the first one that is there counts. */
  async #mark(): Promise<string> {
    const path = await findOcgConfig(this.#root, this.#env);
    return `${path} ${await fileMark(path)}`;
  }
}
