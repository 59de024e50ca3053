/** What `mesh ocg channels remove` does. @module */
import { MeshError } from "../../../lib/error.ts";
import { dropAccount } from "../../../lib/ocg/account_edit.ts";
import { type ChatAccount, chatAccounts } from "../../../lib/ocg/accounts.ts";
import { changeOcgConfig, readOcgConfig } from "../../../lib/ocg/config_file.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import type { ActionContext } from "../../define.ts";
import { Prompt } from "../../prompt.ts";
import { stateDirectory } from "../../state_directory.ts";
import { safeText } from "../../terminal.ts";
import { nameOf } from "./accounts.ts";
import type { RemoveFlags } from "./changing.ts";
import { canAsk } from "./secrets.ts";
import { reload, stopFirst } from "./take_up.ts";

/**
 * Removes a channel or one of its accounts.
 *
 * @param context The terminal.
 * @param flags Which.
 */
export default async function (context: ActionContext, flags: RemoveFlags): Promise<void> {
  const { terminal, env } = context;
  const { channel, account } = flags;
  const root = stateDirectory(flags, env);
  const { config, path } = await readOcgConfig(root, env);
  const meant = chatAccounts(config, env).filter((one) =>
    one.channel === channel && (account === undefined || one.account === account)
  );
  // Says what is wrong with the name, before anything is stopped.
  dropAccount({ channels: config.channels }, channel, account);
  if (!flags.yes && canAsk(terminal)) await confirm(context, channel, meant, path);
  await stopFirst(terminal, root, channel, account);
  await changeOcgConfig(openFileStore(root), root, env, (file) => {
    dropAccount(file, channel, account);
  });
  const told = await reload(terminal, root);
  const removed = meant.map((one) => ({ channel: one.channel, account: one.account }));
  terminal.document({ ok: true, removed, config: path, gateway_told: told });
  const names = removed.length === 0 ? channel : removed.map(nameOf).join(", ");
  terminal.line(`Removed ${names} from ${safeText(path)}.`);
}

async function confirm(
  { terminal }: ActionContext,
  channel: string,
  accounts: readonly ChatAccount[],
  path: string,
): Promise<void> {
  const what = accounts.length === 0 ? channel : accounts.map(nameOf).join(", ");
  const question = `Remove ${what} with its token from ${safeText(path)}? [y/N]`;
  const answer = await new Prompt(terminal).line(question);
  if (/^y(?:es)?$/i.test(answer)) return;
  throw new MeshError("interrupted", "Nothing was changed", { hint: "--yes does not ask" });
}
