/**
 * Logs in to a plugin's platform by a QR code.
 *
 * @module
 */
import { accountIdOf, LOGIN_FILE } from "./account.ts";
import { fields, method, text, type Unknown } from "./any.ts";
import type { PluginConfig } from "./config.ts";
import { HostError } from "./failure.ts";
import { writeJson } from "./small_file.ts";
import type { LoginBegun, LoginEnd, PluginOrder } from "./wire.ts";

/**
 * Asks the platform for a code.
 *
 * @param channel The plugin's channel.
 * @returns The login.
 * @throws {HostError} `settings` if the plugin has no such login, `later` if there is no code.
 */
export async function beginLogin(channel: Unknown): Promise<LoginBegun> {
  const start = method(channel.gateway, "loginWithQrStart");
  if (!start) {
    throw new HostError("settings", `The channel "${channel.id}" has no login by QR code`);
  }
  // Without the account's name: what is scanned may be another one than before.
  const { qrDataUrl, message, sessionKey } = fields(
    await start({ force: true, timeoutMs: 60_000 }),
  );
  const qr = text(qrDataUrl);
  const said = text(message) ?? "";
  if (qr === undefined) throw new HostError("later", said || "The platform gave no QR code");
  return { qr, text: said, session: text(sessionKey) ?? "" };
}

/**
 * Waits until somebody has scanned the code, or it is too late.
 *
 * @param channel The plugin's channel.
 * @param order What was ordered.
 * @param config The configuration.
 * @param session The login's name.
 * @param timeoutMs Milliseconds to wait at most.
 * @returns How it ended.
 */
export async function endLogin(
  channel: Unknown,
  order: PluginOrder,
  config: PluginConfig,
  session: string,
  timeoutMs: number,
): Promise<LoginEnd> {
  const wait = method(channel.gateway, "loginWithQrWait");
  if (!wait) throw new HostError("plugin", "The plugin cannot wait for a login");
  const named = session === "" ? {} : { sessionKey: session };
  const { connected, message, accountId } = fields(await wait({ ...named, timeoutMs }));
  const isConnected = connected === true;
  if (isConnected) remember(channel, order, config, text(accountId));
  return { connected: isConnected, text: text(message) ?? "" };
}

/** Keeps which account was logged in to, by the name that the plugin lists it under. */
function remember(
  channel: Unknown,
  order: PluginOrder,
  config: PluginConfig,
  id: string | undefined,
): void {
  const listed = method(channel.config, "listAccountIds")?.(config);
  const ids = Array.isArray(listed) ? listed.map(String) : [];
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const account = ids.find((one) => one === id) ??
    ids.find((one) => id !== undefined && plain(one) === plain(id)) ??
    accountIdOf(channel, order, config);
  writeJson(`${order.state}/${LOGIN_FILE}`, { account });
}
