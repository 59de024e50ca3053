/**
 * What an owner should know about the way in which answers by callback come.
 *
 * @module
 */
import type { ChatAccount } from "../../lib/ocg/accounts.ts";
import { isOpenToOthers } from "../../lib/ocg/callback_address.ts";
import type { LoadedConfig } from "../../lib/ocg/config_file.ts";

/**
 * Looks for what may surprise.
 *
 * @param loaded The configuration.
 * @param accounts Its accounts.
 * @param host The address that is bound.
 * @returns Sentences.
 */
export function callbackWarnings(
  { config, path }: Pick<LoadedConfig, "config" | "path">,
  accounts: readonly Pick<ChatAccount, "async" | "agent">[],
  host: string,
): string[] {
  const called = accounts.filter((one) => one.async && one.agent.type === "openai");
  if (called.length === 0) return [];
  const warnings: string[] = [];
  if (config.callbackSecret === undefined && isOpenToOthers(host)) {
    warnings.push(
      `Answers are taken at ${host}, where other machines may reach it, and are not signed: ` +
        `set "callbackSecret" in ${path}, or "callbackHost" to "127.0.0.1"`,
    );
  }
  const far = called.map(({ agent }) => URL.parse(agent.url)?.hostname ?? "")
    .find((name) => name !== "" && isOpenToOthers(name));
  if (far !== undefined && config.callbackUrl === undefined) {
    warnings.push(
      `The agent at ${far} is told to call back to 127.0.0.1, which there is another machine: ` +
        `set "callbackUrl" in ${path}`,
    );
  }
  return warnings;
}
