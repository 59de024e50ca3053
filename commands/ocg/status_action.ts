/** What `mesh ocg status` does. @module */
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { safeText } from "../terminal.ts";
import { ago } from "../text.ts";
import { accountName } from "../ocg_words.ts";
import { accountDocument, agentWords, sinceWords, stateWords } from "./channels/account_words.ts";
import { type OcgSurvey, surveyChannels, type SurveyedAccount } from "./survey.ts";

/**
 * Shows the channels and what runs them.
 *
 * @param context The terminal.
 * @param flags The state directory.
 */
export default async function (context: ActionContext, flags: CommonFlags): Promise<void> {
  const { terminal } = context;
  const page = await surveyChannels(context, flags);
  terminal.document(documentOf(page));
  for (const [label, ...lines] of rowsOf(page)) {
    for (const [i, text] of lines.entries()) {
      terminal.line(`${(i === 0 ? label : "").padEnd(10)}${safeText(text)}`.trimEnd());
    }
  }
}

type Row = readonly [label: string, ...lines: string[]];

function rowsOf(page: OcgSurvey): Row[] {
  const { loaded, webchat, root } = page;
  return [
    ["gateway", ...daemonLines(page)],
    ["channels", ...channelLines(page)],
    ...(webchat === undefined ? [] : [["chat at", webchat] as const]),
    ["people", peopleLine(page)],
    ["answers", answersLine(page)],
    ["sending", sendingLine(page)],
    ["config", loaded.exists ? loaded.path : `${loaded.path}, which is not there yet`],
    ["state", root],
  ];
}

function daemonLines({ daemons, silence }: OcgSurvey): string[] {
  if (daemons.length === 0) return ["does not run: mesh ocg start --background"];
  const lines = daemons.map(({ pid, host, port, started_at }) =>
    `runs: process ${pid}, on ${host} port ${port}, started ${ago(new Date(started_at))}`
  );
  return silence === undefined ? lines : [...lines, `it does not say how it is: ${silence}`];
}

function channelLines(page: OcgSurvey): string[] {
  if (page.accounts.length === 0) return ["none: mesh ocg channels add --channel CHANNEL"];
  return page.accounts.flatMap((account) => channelLine(account, page.daemons.length > 0));
}

function channelLine(account: SurveyedAccount, isRunning: boolean): string[] {
  const { channel, account: name, status, waiting = 0 } = account;
  const who = status?.self && status.state === "running" ? ` as ${status.self}` : "";
  const since = isRunning && status && status.state !== "stopped"
    ? `, since ${sinceWords(status.since)}`
    : "";
  const much = waiting === 1
    ? ", 1 message waits"
    : waiting > 1
    ? `, ${waiting} messages wait`
    : "";
  const state = stateWords(account, isRunning);
  return [
    `${accountName(channel, name)}: ${state}${who}${since}${much}`,
    ...(status?.error === undefined ? [] : [`  ${status.error}`]),
    `  → ${agentWords(account)}${account.isAsync ? ", which calls back" : ""}`,
  ];
}

function peopleLine({ asking }: OcgSurvey): string {
  if (asking === 0) return "nobody waits to be let in";
  return `${asking === 1 ? "1 waits" : `${asking} wait`} to be let in: mesh ocg channels people`;
}

function answersLine({ callbacks, callbackUrl, loaded: { config } }: OcgSurvey): string {
  const signed = config.callbackSecret === undefined ? "not signed" : "signed";
  return `by callback at ${callbackUrl}, ${signed}; ${callbacks} awaited`;
}

function sendingLine({ loaded: { config } }: OcgSurvey): string {
  const isOn = config.sendSecret !== undefined || config.callbackSecret !== undefined;
  return isOn ? "POST /ocg/send, signed" : "POST /ocg/send is off: it needs sendSecret in ocg.json";
}

function documentOf(page: OcgSurvey): Record<string, unknown> {
  const { loaded: { config, path, exists }, daemons, silence, accounts } = page;
  return {
    ok: true,
    running: daemons.length > 0,
    processes: daemons,
    problem: silence ?? null,
    state_dir: page.root,
    config: path,
    config_exists: exists,
    channels: accounts.map((one) => ({ ...accountDocument(one), async: one.isAsync })),
    webchat_url: page.webchat ?? null,
    people_waiting: page.asking,
    callback_url: page.callbackUrl,
    callbacks_open: page.callbacks,
    callback_secret: config.callbackSecret === undefined ? "not set" : "set",
    send_secret: config.sendSecret === undefined ? "not set" : "set",
    verbose: page.verbose,
  };
}
