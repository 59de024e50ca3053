/** What `mesh ocg channels list` does. @module */
import { KNOWN_CHANNELS } from "../../../lib/ocg/channel_names.ts";
import { installedPlugins } from "../../../lib/ocg/plugins/registry.ts";
import type { ActionContext } from "../../define.ts";
import { stateDirectory } from "../../state_directory.ts";
import { safeText } from "../../terminal.ts";
import { accountDocument, agentWords, stateWords } from "./account_words.ts";
import { seeChannels } from "./accounts.ts";
import type { ListFlags } from "./looking.ts";

/** A channel that can be added. */
interface Available {
  readonly channel: string;
  readonly label: string;
  /** The plugin that brings it; `null` if it is built in. */
  readonly plugin: string | null;
}

const COLUMNS = [
  { title: "CHANNEL" },
  { title: "ACCOUNT" },
  { title: "STATE" },
  { title: "AGENT" },
];

/**
 * Lists channels.
 *
 * @param context The terminal.
 * @param flags Which ones.
 */
export default async function (context: ActionContext, flags: ListFlags): Promise<void> {
  const { terminal } = context;
  const root = stateDirectory(flags, context.env);
  const { accounts, isRunning, loaded } = await seeChannels(context, root);
  const known = new Set(accounts.map(({ channel }) => channel));
  const available = flags.all
    ? (await channelsThere(root)).filter(({ channel }) => !known.has(channel))
    : [];
  terminal.document({
    ok: true,
    running: isRunning,
    config: loaded.path,
    channels: accounts.map(accountDocument),
    ...(flags.all ? { available } : {}),
  });
  const rows = [
    ...accounts.map((one) => [
      one.channel,
      one.account,
      stateWords(one, isRunning),
      agentWords(one),
    ]),
    ...available.map(({ channel, label, plugin }) => [
      channel,
      "-",
      "not configured",
      plugin === null ? label : `${label}, by ${plugin}`,
    ]),
  ];
  if (rows.length === 0) {
    terminal.line("No channel is configured.");
    if (!terminal.json) terminal.note("next: mesh ocg channels list --all, and what it names: add");
    return;
  }
  terminal.table(COLUMNS, rows);
  if (terminal.json) return;
  if (!isRunning) terminal.note("The channel gateway does not run: mesh ocg start --background");
  if (available.length > 0) terminal.note("add one: mesh ocg channels add --channel CHANNEL");
  if (flags.all) { for (const line of missing(available, known)) terminal.note(line); }
}

async function channelsThere(root: string): Promise<Available[]> {
  const builtIn = KNOWN_CHANNELS.filter(({ plugin }) => plugin === undefined)
    .map(({ id, label }) => ({ channel: id, label, plugin: null }));
  const installed = (await installedPlugins(root)).map(({ channel, label, package: plugin }) => ({
    channel,
    label,
    plugin,
  }));
  return [...builtIn, ...installed];
}

/** Plugins that are worth knowing of. */
function missing(available: readonly Available[], known: ReadonlySet<string>): string[] {
  return KNOWN_CHANNELS.flatMap(({ id, label, plugin }) => {
    const isThere = known.has(id) || available.some(({ channel }) => channel === id);
    if (plugin === undefined || isThere) return [];
    return [safeText(`for ${label}: mesh ocg plugins install ${plugin}`)];
  });
}
