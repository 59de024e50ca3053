/** What `mesh ocg channels login` does. @module */
import { MeshError } from "../../../lib/error.ts";
import { DEFAULT_ACCOUNT, putAccount } from "../../../lib/ocg/account_edit.ts";
import { chatAccounts } from "../../../lib/ocg/accounts.ts";
import { changeOcgConfig, readOcgConfig } from "../../../lib/ocg/config_file.ts";
import { pluginLogin } from "../../../lib/ocg/plugins/registry.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import type { ActionContext } from "../../define.ts";
import { interruption } from "../../interrupt.ts";
import { stateDirectory } from "../../state_directory.ts";
import { safeText } from "../../terminal.ts";
import { documentLine } from "../document_line.ts";
import { accountDocument, sayAccounts } from "./account_words.ts";
import { nameOf } from "./accounts.ts";
import type { ChannelFlags } from "./arguments.ts";
import { LoginScreen } from "./login_screen.ts";
import { takeUp } from "./take_up.ts";
import { channelSource } from "./which_channel.ts";

/** How one gets into the channels that are built in. */
const OTHER_WAYS: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  telegram: [
    "needs the token that BotFather gives, and no login",
    "mesh ocg channels add --channel telegram --token -",
  ],
  discord: [
    "needs the token of Discord's developer portal, and no login",
    "mesh ocg channels add --channel discord --token -",
  ],
  webchat: ["needs no login: its link opens it", "mesh ocg status"],
};

/**
 * Logs in to a plugin's channel.
 *
 * @param context The terminal.
 * @param flags Which.
 */
export default async function (context: ActionContext, flags: ChannelFlags): Promise<void> {
  const { terminal, env } = context;
  const { channel } = flags;
  const name = { channel, account: flags.account ?? DEFAULT_ACCOUNT };
  const root = stateDirectory(flags, env);
  const source = await channelSource(root, channel);
  if (source.kind === "missing") {
    throw new MeshError("not_found", `Channel "${channel}" is a plugin's that is not installed`, {
      hint: `mesh ocg plugins install ${source.package}`,
    });
  }
  if (source.kind === "built-in") {
    const [why, hint] = OTHER_WAYS[channel] ?? ["needs no login", "mesh ocg channels list --all"];
    throw new MeshError("usage", `Channel "${channel}" ${why}`, { hint });
  }
  // A file that cannot be changed afterwards is found out before anybody scans anything.
  const { config, path } = await readOcgConfig(root, env);
  using asked = interruption();
  const screen = new LoginScreen(terminal);
  const { text } = await pluginLogin(root, channel, {
    account: name.account,
    onQr: (code) => screen.code(code),
    onStatus: (said) => screen.said(said),
    signal: asked.signal,
    env,
  });
  await screen.shown;
  const isThere = chatAccounts(config, env).some((one) =>
    nameOf(one) === nameOf(name) && one.enabled
  );
  if (!isThere) {
    await changeOcgConfig(openFileStore(root), root, env, (file) => {
      putAccount(file, name, { enabled: true }, true);
    });
  }
  const gateway = await takeUp(terminal, root, name, true);
  documentLine(terminal, {
    ok: true,
    ...name,
    text,
    config: path,
    gateway: gateway && gateway.map(accountDocument),
  });
  terminal.line(`Logged in to ${nameOf(name)}.`);
  if (terminal.json) return;
  if (text !== "") terminal.note(safeText(text));
  if (gateway) sayAccounts(terminal, gateway);
  else terminal.note("next: mesh ocg start --background");
}
