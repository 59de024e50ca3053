/**
 * What runs where nobody has configured a channel: the page to chat on, which needs no account anywhere.
 *
 * @module
 */
import type { OcgConfig } from "./config_types.ts";

/**
 * Adds the webchat to a configuration that names no channel.
 *
 * @param config The configuration.
 * @returns The same if it names one.
 *
 * @example
 * ```ts
 * import { parseOcgConfig } from "./config.ts";
 * import { withDefaultChannel } from "./default_channel.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { config } = parseOcgConfig("{}");
 * assertEquals(Object.keys(withDefaultChannel(config).channels), ["webchat"]);
 * ```
 */
export function withDefaultChannel(config: OcgConfig): OcgConfig {
  if (Object.keys(config.channels).length > 0) return config;
  return { ...config, channels: { webchat: {} } };
}
