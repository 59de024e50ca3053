/**
 * What platforms and browsers ask of channels over HTTP, and which channel answers it.
 *
 * @module
 */
import { MeshError } from "../error.ts";

/**
 * Answers a request.
 *
 * @param request What came in.
 * @returns The answer; never an error.
 */
export type Answerer = (request: Request) => Promise<Response>;

/** Paths that are not a channel's to have. */
const TAKEN = /^\/(?:ocg|chat)(?:\/|$)/;

/** The paths of channels. */
export class Webhooks {
  readonly #answerers = new Map<string, { readonly owner: string; readonly answer: Answerer }>();

  /**
   * Gives a path to an account; one that it had goes.
   *
   * @param path The path.
   * @param owner The account, `<channel>/<account>`.
   * @param answer Answers what comes there.
   * @throws {MeshError} `config_invalid` if the path is somebody else's.
   */
  give(path: string, owner: string, answer: Answerer): void {
    const holder = this.#answerers.get(path);
    if (TAKEN.test(path) || holder && holder.owner !== owner) {
      const by = holder ? `"${holder.owner}"` : "the gateway itself";
      throw new MeshError("config_invalid", `The path "${path}" is taken by ${by}`, {
        hint: "give the account another webhookPath",
      });
    }
    for (const [known, one] of this.#answerers) {
      if (one.owner === owner) this.#answerers.delete(known);
    }
    this.#answerers.set(path, { owner, answer });
  }

  /**
   * Who answers at a path.
   *
   * @param path The path.
   * @returns What answers, if anybody does.
   */
  at(path: string): Answerer | undefined {
    return this.#answerers.get(path)?.answer;
  }
}
