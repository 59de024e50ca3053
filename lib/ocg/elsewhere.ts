/**
 * Accounts that another program on the same root runs, such as a daemon that is about to end: they are
 * looked at again until they are free.
 *
 * @module
 */
import { codeOf } from "../error.ts";
import type { Store } from "../store/store.ts";
import type { AccountName } from "./account_edit.ts";

/**
 * The name of the claim that whoever runs an account holds.
 *
 * @param name The account.
 * @returns The claim's name.
 */
export function claimName({ channel, account }: AccountName): string {
  return `ocg/channel/${channel}/${account}`;
}

/** The accounts that are run elsewhere, as far as it is known. */
export class Elsewhere {
  readonly #accounts = new Map<string, AccountName>();

  /**
   * Notes why an account was not started.
   *
   * @param name The account.
   * @param error What was thrown.
   */
  note({ channel, account }: AccountName, error: unknown): void {
    if (codeOf(error) === "locked") {
      this.#accounts.set(claimName({ channel, account }), { channel, account });
    }
  }

  /**
   * Notes that an account is to run here, or not at all.
   *
   * @param name The account.
   */
  forget(name: AccountName): void {
    this.#accounts.delete(claimName(name));
  }

  /**
   * Those that nobody runs any more.
   *
   * @param store The root's store.
   * @returns The accounts.
   * @throws {MeshError} `io` or `disk_full` if that cannot be found out.
   */
  async free(store: Store): Promise<AccountName[]> {
    const free: AccountName[] = [];
    for (const [claim, name] of [...this.#accounts]) {
      const held = await store.tryClaim(claim);
      await held?.release();
      if (held) free.push(name);
    }
    return free;
  }
}
