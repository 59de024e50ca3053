/** What `mesh ocg channels status` does. @module */
import { MeshError } from "../../../lib/error.ts";
import type { ActionContext } from "../../define.ts";
import { stateDirectory } from "../../state_directory.ts";
import { safeText, type Terminal } from "../../terminal.ts";
import { accountDocument, agentWords, sinceWords, stateWords } from "./account_words.ts";
import { nameOf, seeChannels, type SeenAccount } from "./accounts.ts";
import type { MaybeChannelFlags } from "./arguments.ts";

/**
 * Shows how channels are.
 *
 * @param context The terminal.
 * @param flags Which ones.
 */
export default async function (context: ActionContext, flags: MaybeChannelFlags): Promise<void> {
  const { terminal } = context;
  const root = stateDirectory(flags, context.env);
  const seen = await seeChannels(context, root);
  const { channel } = flags;
  const accounts = seen.accounts.filter((one) => channel === undefined || one.channel === channel);
  if (channel !== undefined && accounts.length === 0) {
    throw new MeshError("not_found", `Channel "${channel}" is not configured`, {
      hint: `mesh ocg channels add --channel ${channel}, or: mesh ocg channels list --all`,
    });
  }
  terminal.document({
    ok: true,
    running: seen.isRunning,
    channels: accounts.map(accountDocument),
  });
  if (accounts.length === 0) terminal.line("No channel is configured.");
  for (const account of accounts) show(terminal, account, seen.isRunning);
  if (!seen.isRunning && !terminal.json) {
    terminal.note("The channel gateway does not run: mesh ocg start --background");
  }
}

function show(terminal: Terminal, account: SeenAccount, isRunning: boolean): void {
  const { status, waiting } = account;
  terminal.line(nameOf(account));
  const lines: [string, string | undefined][] = [
    ["state", stateWords(account, isRunning)],
    ["since", status && sinceWords(status.since)],
    ["self", status?.self],
    ["problem", status?.error],
    ["waiting", waiting ? `${waiting} message${waiting === 1 ? "" : "s"}` : undefined],
    ["agent", agentWords(account)],
  ];
  for (const [label, value] of lines) {
    if (value !== undefined) terminal.line(`  ${label.padEnd(9)}${safeText(value)}`);
  }
}
