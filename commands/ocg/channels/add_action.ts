/** What `mesh ocg channels add` does. @module */
import { MeshError, messageOf } from "../../../lib/error.ts";
import { DEFAULT_ACCOUNT, putAccount } from "../../../lib/ocg/account_edit.ts";
import { type ChatAccount, chatAccounts } from "../../../lib/ocg/accounts.ts";
import { checkToken } from "../../../lib/ocg/channels/check_token.ts";
import { knownChannel } from "../../../lib/ocg/channel_names.ts";
import { changeOcgConfig, type LoadedConfig, readOcgConfig } from "../../../lib/ocg/config_file.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import type { ActionContext } from "../../define.ts";
import { stateDirectory } from "../../state_directory.ts";
import { safeText, type Terminal } from "../../terminal.ts";
import { accountDocument, sayAccounts } from "./account_words.ts";
import { nameOf } from "./accounts.ts";
import type { AddFlags } from "./changing.ts";
import { canAsk, readSecret } from "./secrets.ts";
import { settingsFrom } from "./settings.ts";
import { takeUp } from "./take_up.ts";
import { type ChannelSource, channelSource } from "./which_channel.ts";

/** The sign for standard input. */
const STDIN = "-";

/** What the platform said of the token; `null` where it was not asked. */
type Checked = { readonly ok: true; readonly self: string } | {
  readonly ok: false;
  readonly error: string;
} | null;

/**
 * Adds an account of a channel.
 *
 * @param context The terminal.
 * @param flags Which, and its keys.
 */
export default async function (context: ActionContext, flags: AddFlags): Promise<void> {
  const { terminal, env } = context;
  const root = stateDirectory(flags, env);
  const name = { channel: flags.channel, account: flags.account ?? DEFAULT_ACCOUNT };
  const source = await channelSource(root, name.channel);
  const before = await readOcgConfig(root, env);
  for (const warning of before.warnings) terminal.warn(warning);
  const known = Object.hasOwn(before.config.channels, name.channel);
  // Nobody is asked for a secret that could not be kept.
  putAccount({ channels: before.config.channels }, name, { token: "" }, flags.force);
  const settings = await givenSettings(terminal, flags, source, known && flags.force);
  const loaded = await change(context, root, before, (file) => {
    putAccount(file, name, settings, flags.force);
  });
  const account = chatAccounts(loaded.config, env).find((one) => nameOf(one) === nameOf(name));
  if (!account) throw new MeshError("unexpected", `Channel "${nameOf(name)}" was not added`);
  if (!terminal.json) {
    terminal.note(`${nameOf(name)} is in ${safeText(loaded.path)}.`);
  }
  const checked = flags.check ? await check(terminal, account) : null;
  const gateway = await takeUp(terminal, root, name);
  terminal.document({
    ok: true,
    ...name,
    config: loaded.path,
    check: checked,
    gateway: gateway && gateway.map(accountDocument),
  });
  if (gateway) sayAccounts(terminal, gateway);
  else terminal.line(`${nameOf(name)} was added.`);
  if (!terminal.json) {
    for (const line of nextSteps(account, source, gateway)) {
      terminal.note(line);
    }
  }
}

async function givenSettings(
  terminal: Terminal,
  flags: AddFlags,
  source: ChannelSource,
  isThere: boolean,
): Promise<Record<string, unknown>> {
  const { channel, allowFrom, agentUrl, model } = flags;
  if (flags.token !== undefined && flags.botToken !== undefined) {
    throw new MeshError("usage", "Only one of --token and --bot-token can be given");
  }
  let read: string | undefined;
  const fromInput = async (what: string) => {
    if (read !== undefined) throw new MeshError("usage", "Only one value can be read from stdin");
    return read = await readSecret(terminal, what);
  };
  const set: string[] = [];
  for (const one of flags.set ?? []) {
    const [, key] = /^([^=:]+)=-$/.exec(one) ?? [];
    set.push(key === undefined ? one : `${key}:=${JSON.stringify(await fromInput(`"${key}"`))}`);
  }
  const given = flags.token ?? flags.botToken;
  const label = `The token for ${knownChannel(channel)?.label ?? channel}`;
  const typed = given === STDIN ? await fromInput(label) : given;
  const settings = settingsFrom({ channel, token: typed, allowFrom, agentUrl, model, set });
  const needed = knownChannel(channel)?.token ?? [];
  if (isThere || needed.every((key) => Object.hasOwn(settings, key))) return settings;
  if (!canAsk(terminal)) {
    throw new MeshError("usage", `Channel "${channel}" needs a token`, {
      hint: `mesh ocg channels add --channel ${channel} --token - < token.txt`,
    });
  }
  if (source.kind === "missing") terminal.note(needsPlugin(source.package));
  const parts = needed.length > 1 ? ` (${needed.join(":")})` : "";
  const token = await fromInput(label + parts);
  return { ...settingsFrom({ channel, token }), ...settings };
}

/** Changes the file; what is wrong then is wrong with what was typed. */
async function change(
  { env }: ActionContext,
  root: string,
  { path }: LoadedConfig,
  edit: (file: Record<string, unknown>) => void,
): Promise<LoadedConfig> {
  try {
    return await changeOcgConfig(openFileStore(root), root, env, edit);
  } catch (error) {
    if (!(error instanceof MeshError) || error.code !== "config_invalid") throw error;
    const what = error.message.replace(`${path}: `, "");
    throw new MeshError("usage", `Cannot add this: ${what}`, {
      cause: error,
      hint: "nothing was changed; mesh ocg channels add --help",
    });
  }
}

async function check(
  terminal: Terminal,
  { channel, settings }: ChatAccount,
): Promise<Checked> {
  try {
    const self = await checkToken(channel, settings);
    if (self === undefined) return null;
    if (!terminal.json) terminal.note(`The token is that of ${safeText(self)}.`);
    return { ok: true, self };
  } catch (error) {
    terminal.warn(`the token could not be confirmed: ${safeText(messageOf(error))}`);
    return { ok: false, error: messageOf(error) };
  }
}

function nextSteps(account: ChatAccount, source: ChannelSource, gateway: unknown): string[] {
  const { channel, allowFrom, pairing } = account;
  return [
    ...(source.kind === "missing" ? [needsPlugin(source.package)] : []),
    ...(allowFrom.length > 0 || channel === "webchat" ? [] : [
      pairing
        ? "Nobody may talk to the agent yet: who writes gets a code for you to approve, " +
          "by: mesh ocg channels approve CODE"
        : 'Nobody may talk to the agent yet: name people in "allowFrom".',
    ]),
    ...(gateway ? [] : ["next: mesh ocg start --background"]),
  ];
}

function needsPlugin(name: string): string {
  return `This channel is a plugin's: mesh ocg plugins install ${name}`;
}
