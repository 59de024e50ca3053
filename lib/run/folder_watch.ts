/**
 * Noticing changes of a folder, and letting time pass where the system cannot tell of them.
 *
 * @module
 */

/** What to look out for. */
export interface FolderWatchOptions {
  /** Milliseconds between looks where no change was noticed. Default 3,000. */
  readonly everyMs?: number;
  /**
   * Whether a change of a file is worth a look.
   *
   * @param path The file's path.
   */
  readonly matters: (path: string) => boolean;
}

/** Notices changes of a folder from its construction on. */
export class FolderWatch {
  readonly #watcher: Deno.FsWatcher | undefined;
  readonly #watching: Promise<void>;
  readonly #everyMs: number;
  /** A change that came while nobody waited. */
  #changed = false;
  #wake: () => void = () => {};

  /**
   * Watches a folder, as far as that can be done.
   *
   * @param folder The folder.
   * @param options What to look out for.
   */
  constructor(folder: string, { everyMs = 3_000, matters }: FolderWatchOptions) {
    this.#everyMs = everyMs;
    try {
      this.#watcher = Deno.watchFs(folder, { recursive: false });
    } catch {
      // The system has a limit on watches; then it is looked at from time to time only.
    }
    this.#watching = this.#follow(matters);
  }

  /**
   * Waits for a change since the last waiting, for some time, or for the signal.
   *
   * @param signal Ends the waiting.
   */
  async wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    const timer = setTimeout(resolve, this.#everyMs);
    signal.addEventListener("abort", this.#wake);
    if (signal.aborted || this.#changed) resolve();
    await promise;
    this.#changed = false;
    signal.removeEventListener("abort", this.#wake);
    clearTimeout(timer);
  }

  /** Watches no more. */
  async close(): Promise<void> {
    this.#watcher?.close();
    await this.#watching;
  }

  async #follow(matters: (path: string) => boolean): Promise<void> {
    try {
      for await (const { kind, paths } of this.#watcher ?? []) {
        // Looking is a change of this kind itself.
        if (kind === "access" || !paths.some(matters)) continue;
        this.#changed = true;
        this.#wake();
      }
    } catch {
      // As above.
    }
  }
}
