/**
 * How accounts of channels are said.
 *
 * @module
 */
import { safeText, type Terminal } from "../../terminal.ts";
import { ago } from "../../text.ts";
import { nameOf, type SeenAccount } from "./accounts.ts";

/**
 * How an account is, in a few words.
 *
 * @param account The account.
 * @param isRunning Whether a gateway runs.
 * @returns Such as `running`, `off`, `not started`, `failed`.
 */
export function stateWords({ status, enabled }: SeenAccount, isRunning: boolean): string {
  if (status && status.state !== "stopped") return status.state;
  if (!enabled) return "off";
  if (!isRunning) return "not started";
  return status ? "stopped" : "not loaded";
}

/**
 * The agent that an account's chats talk to.
 *
 * @param account The account.
 * @returns Such as `gpt-4o @ http://127.0.0.1:11434/v1/chat/completions`.
 */
export function agentWords({ agent: { type, url, model } }: SeenAccount): string {
  const where = type === "acp" ? `program ${url}` : url;
  return safeText(model ? `${model} @ ${where}` : where);
}

/**
 * An account as programs read it.
 *
 * @param account The account.
 * @returns The document; without a gateway, `status` is `null`.
 */
export function accountDocument(account: SeenAccount): Record<string, unknown> {
  const { channel, account: name, enabled, agent, status, waiting = 0 } = account;
  const { type, url, model = null } = agent;
  return {
    channel,
    account: name,
    enabled,
    agent: { type, url, model },
    status: status
      ? {
        state: status.state,
        self: status.self ?? null,
        error: status.error ?? null,
        since: isSometime(status.since) ? status.since : null,
      }
      : null,
    waiting,
  };
}

/**
 * Says what became of accounts.
 *
 * @param terminal Where to.
 * @param accounts The accounts, as a gateway that runs has them.
 */
export function sayAccounts(terminal: Terminal, accounts: readonly SeenAccount[]): void {
  for (const account of accounts) {
    const { self, error } = account.status ?? {};
    const who = self === undefined ? "" : ` as ${safeText(self)}`;
    const why = error === undefined ? "" : `: ${safeText(error)}`;
    terminal.line(`${nameOf(account)} is ${stateWords(account, true)}${who}${why}`);
  }
}

/**
 * Since when an account is as it is.
 *
 * @param since ISO 8601.
 * @param now The present.
 * @returns Such as `5 min ago`; a dash if it never was otherwise.
 */
export function sinceWords(since: string, now: Date = new Date()): string {
  return isSometime(since) ? ago(new Date(since), now) : "-";
}

/** A channel that never ran has no time. */
function isSometime(since: string): boolean {
  return Date.parse(since) > 0;
}
