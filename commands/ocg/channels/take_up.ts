/**
 * Telling the gateway that runs of a change of its configuration.
 *
 * @module
 */
import { codeOf, messageOf } from "../../../lib/error.ts";
import type { AccountName } from "../../../lib/ocg/account_edit.ts";
import { ocgDaemons, ocgOrder } from "../../../lib/ocg/order_client.ts";
import type { AccountReport } from "../../../lib/ocg/orders.ts";
import { safeText, type Terminal } from "../../terminal.ts";
import { settledAccounts } from "./accounts.ts";

/**
 * Makes the gateway run an account as the file has it now.
 *
 * @param terminal For warnings: the file is changed, whatever the gateway says.
 * @param root The state directory.
 * @param name Which account.
 * @param mustRestart Whether it has something new that is not in the file.
 * @returns How it is then; `null` if no gateway runs or answers.
 */
export async function takeUp(
  terminal: Terminal,
  root: string,
  { channel, account }: AccountName,
  mustRestart = false,
): Promise<AccountReport[] | null> {
  return await telling(terminal, root, async () => {
    await ocgOrder(root, { do: "reload" });
    const [now] = await settledAccounts(root, channel, account);
    // One that could not be started, or was stopped, is not started by reading the file alone.
    if (mustRestart || (now?.enabled && /stopped|failed/.test(now.status.state))) {
      // Why it does not start is in its status as well.
      await ocgOrder(root, { do: "channel", action: "restart", channel, account }).catch(() => {});
    }
    return await settledAccounts(root, channel, account);
  });
}

/**
 * Makes the gateway stop an account, before it is taken out of the file.
 *
 * @param terminal For warnings.
 * @param root The state directory.
 * @param channel The channel's id.
 * @param account The account's name; all of them if it is left out.
 */
export async function stopFirst(
  terminal: Terminal,
  root: string,
  channel: string,
  account: string | undefined,
): Promise<void> {
  await telling(terminal, root, async () => {
    await ocgOrder(root, { do: "channel", action: "stop", channel, account }).catch((error) => {
      // A channel that it does not know needs no stopping.
      if (codeOf(error) !== "not_found") throw error;
    });
  });
}

/**
 * Makes the gateway read the file again.
 *
 * @param terminal For warnings.
 * @param root The state directory.
 * @returns Whether one did.
 */
export async function reload(terminal: Terminal, root: string): Promise<boolean> {
  const told = await telling(terminal, root, () => ocgOrder(root, { do: "reload" }));
  return told !== null;
}

async function telling<T>(
  terminal: Terminal,
  root: string,
  tell: () => Promise<T>,
): Promise<T | null> {
  if ((await ocgDaemons(root)).length === 0) return null;
  try {
    return await tell();
  } catch (error) {
    const why = safeText(messageOf(error));
    terminal.warn(`the running gateway did not take it up: ${why} (mesh ocg restart)`);
    return null;
  }
}
