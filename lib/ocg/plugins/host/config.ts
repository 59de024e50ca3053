/**
 * The configuration that a plugin gets to see: OpenClaw's form, with one account of one channel in it. Who
 * may talk is decided by the gateway, so the plugin lets everybody through.
 *
 * @module
 */
import type { PluginOrder } from "./wire.ts";

/** A configuration in OpenClaw's form. */
export type PluginConfig = Readonly<Record<string, unknown>>;

const OPEN = { dmPolicy: "open", allowFrom: ["*"], groupPolicy: "open", groupAllowFrom: ["*"] };

/**
 * Makes it.
 *
 * @param plugin The plugin with its account.
 * @returns The configuration.
 */
export function pluginConfig({ channel, settings }: PluginOrder): PluginConfig {
  return {
    channels: { [channel]: { ...OPEN, ...settings, enabled: true } },
    // OpenClaw's own commands would be offered to everybody, and there is nobody to follow them.
    commands: { native: false, nativeSkills: false, text: false },
    session: { dmScope: "per-account-channel-peer" },
    plugins: { entries: { [channel]: { enabled: true } } },
  };
}
