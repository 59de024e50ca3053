/** What `mesh ocg test` does. @module */
import { MeshError, messageOf } from "../../lib/error.ts";
import { type ChatAccount, chatAccounts } from "../../lib/ocg/accounts.ts";
import { readOcgConfig } from "../../lib/ocg/config_file.ts";
import { shownUrl } from "../../lib/ocg/shown_url.ts";
import type { ActionContext } from "../define.ts";
import { interruption } from "../interrupt.ts";
import { stateDirectory } from "../state_directory.ts";
import { safeText, type Terminal } from "../terminal.ts";
import { adviceOn, failureKind } from "./advice.ts";
import { chosenAccount } from "./chosen_agent.ts";
import type { TestFlags } from "./test.ts";
import { type Trial, tryAgent } from "./try_agent.ts";

/** An agent with the accounts that talk to it. */
interface Tested {
  readonly account: ChatAccount;
  readonly channels: string[];
}

/** The channel that a machine has on which none is configured. */
const FRESH = "webchat";
/** Exit code if an agent gave no answer. */
const NO_ANSWER = 6;
/** Most characters of an answer that are printed. */
const MOST_SHOWN = 400;

/**
 * Tests agents.
 *
 * @param context The terminal.
 * @param flags Which, with what, for how long.
 * @returns The exit code.
 */
export default async function (context: ActionContext, flags: TestFlags): Promise<number> {
  const { terminal, env } = context;
  const root = stateDirectory(flags, env);
  const { config, warnings } = await readOcgConfig(root, env);
  for (const warning of warnings) terminal.warn(warning);
  using asked = interruption();
  const { signal } = asked;
  const documents = [];
  for (
    const tested of agentsOf(
      chatAccounts(config, env),
      flags,
      () => chosenAccount(config, env, flags.channel ?? FRESH, flags),
    )
  ) {
    const { account, channels } = tested;
    const { agent } = account;
    const name = agent.type === "acp" ? `the program ${agent.url}` : shownUrl(agent.url);
    terminal.progress(`asking ${safeText(agent.model ? `${agent.model} @ ${name}` : name)} …`);
    const trial = await tryAgent({
      context,
      root,
      config,
      account,
      question: flags.text,
      patienceMs: flags.timeout,
      signal,
    });
    terminal.endProgress();
    documents.push(documentOf(tested, trial));
    say(terminal, tested, name, trial);
    if (channels.length > 1) terminal.line(`  channels  ${channels.join(", ")}`);
  }
  const ok = documents.every((one) => one.ok);
  terminal.document({ ok, agents: documents });
  return ok ? 0 : NO_ANSWER;
}

/** Each agent once, however many accounts talk to it. */
function agentsOf(
  accounts: readonly ChatAccount[],
  { channel, agentUrl, model }: TestFlags,
  another: () => ChatAccount,
): Tested[] {
  if (agentUrl !== undefined || model !== undefined) return [{ account: another(), channels: [] }];
  const meant = accounts.filter((one) =>
    channel === undefined ? one.enabled : one.channel === channel
  );
  if (meant.length === 0 && channel !== undefined) {
    throw new MeshError("not_found", `Channel "${channel}" is not configured`, {
      hint: "mesh ocg channels list",
    });
  }
  if (meant.length === 0) return [{ account: another(), channels: [] }];
  const found = new Map<string, Tested>();
  for (const account of meant) {
    const key = JSON.stringify([account.agent, account.async]);
    const tested = found.get(key) ?? { account, channels: [] };
    tested.channels.push(`${account.channel}/${account.account}`);
    found.set(key, tested);
  }
  return [...found.values()];
}

function documentOf({ account, channels }: Tested, trial: Trial) {
  const { type, url, model = null } = account.agent;
  const { shown, firstMs, totalMs, pieces, error } = trial;
  return {
    ok: error === undefined,
    agent: { type, url: shownUrl(url), model },
    channels,
    async: account.async,
    answer: error === undefined ? shown : null,
    first_ms: firstMs,
    total_ms: totalMs,
    pieces,
    ...(error === undefined ? {} : {
      error: failureKind(error),
      message: messageOf(error),
      hint: adviceOn(error, account.agent),
      // What people would read in the chat.
      chat_shows: shown || null,
    }),
  };
}

function say(terminal: Terminal, { account }: Tested, name: string, trial: Trial): void {
  const { model } = account.agent;
  const { shown, firstMs, totalMs, pieces, error } = trial;
  const label = safeText(model ? `${model} @ ${name}` : name);
  if (error !== undefined) {
    terminal.line(`${label} gives no answer: ${safeText(messageOf(error))}`);
    terminal.line(`  do this   ${safeText(adviceOn(error, account.agent))}`);
    if (shown) terminal.line(`  in chats  ${short(shown)}`);
    return;
  }
  const how = account.async
    ? "by callback"
    : pieces > 1
    ? `first words after ${duration(firstMs ?? totalMs)}, in ${pieces} pieces`
    : "in one piece";
  terminal.line(`${label} answers after ${duration(totalMs)} (${how})`);
  terminal.line(`  answer    ${short(shown)}`);
}

function short(text: string): string {
  const safe = safeText(text.trim());
  return safe.length <= MOST_SHOWN ? safe : `${safe.slice(0, MOST_SHOWN).toWellFormed()}…`;
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}
