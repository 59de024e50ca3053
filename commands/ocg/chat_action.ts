/** What `mesh ocg chat` does. @module */
import { MeshError, messageOf } from "../../lib/error.ts";
import type { ChatAccount } from "../../lib/ocg/accounts.ts";
import { TerminalChannel } from "../../lib/ocg/channels/terminal/terminal.ts";
import { readOcgConfig } from "../../lib/ocg/config_file.ts";
import { pauseFor } from "../../lib/ocg/pause_for.ts";
import { shownUrl } from "../../lib/ocg/shown_url.ts";
import type { ActionContext } from "../define.ts";
import { interruption } from "../interrupt.ts";
import { stateDirectory } from "../state_directory.ts";
import { safeText, type Terminal } from "../terminal.ts";
import { adviceOn, failureKind } from "./advice.ts";
import type { ChatFlags } from "./chat.ts";
import { chosenAccount } from "./chosen_agent.ts";
import { converse } from "./conversation.ts";
import { documentLine } from "./document_line.ts";
import { type Turn, Turns } from "./turns.ts";

const PROMPT = "> ";
/** Exit codes: the last question got no answer; ended by Ctrl-C. */
const NO_ANSWER = 6;
const INTERRUPTED = 130;
/** Milliseconds between looks whether everything is answered. */
const LOOK_EVERY = 50;

/**
 * Lets a person talk to the agent.
 *
 * @param context The terminal.
 * @param flags Which agent.
 * @returns The exit code.
 */
export default async function (context: ActionContext, flags: ChatFlags): Promise<number> {
  const { terminal, env } = context;
  const root = stateDirectory(flags, env);
  const { config, warnings } = await readOcgConfig(root, env);
  for (const warning of warnings) terminal.warn(warning);
  const chosen = chosenAccount(config, env, "terminal", flags);
  const account = { ...chosen, historyTurns: flags.history ?? chosen.historyTurns };
  using asked = interruption();
  const { signal } = asked;
  const isScreen = !terminal.json && Deno.stdout.isTerminal();
  const isTyped = isScreen && Deno.stdin.isTerminal();
  const byCallback = account.async && account.agent.type === "openai";
  const turns = new Turns((turn) => documentLine(terminal, documentOf(turn)));
  const channel = new TerminalChannel({
    input: Deno.stdin.readable,
    write: (text) => print(terminal, text),
    prompt: isTyped ? PROMPT : "",
    live: isScreen && !byCallback,
    onSaid: ({ text, mediaUrl }) => {
      if (byCallback) turns.answer(text ?? mediaUrl ?? "");
    },
  });
  if (isTyped) introduce(terminal, account);
  await using _ = await converse({
    context,
    root,
    config,
    account,
    channel,
    onEvent: (event) => {
      if (event.type === "message") turns.ask(event.said);
      if (event.type === "fault") terminal.warn(safeText(event.error));
      if (event.type !== "answered" || byCallback) return;
      turns.answer(event.said);
      // A reader that went away is noticed below.
      channel.endAnswer().catch(() => {});
    },
    onFailure: (error) => {
      turns.fail(error);
      if (terminal.json) return;
      terminal.note(`mesh: ${safeText(messageOf(error))}`);
      terminal.note(`hint: ${safeText(adviceOn(error, account.agent))}`);
    },
  });
  if (isTyped) terminal.raw(PROMPT);
  const isOver = () => signal.aborted || terminal.unheard;
  await Promise.race([channel.ended, until(isOver)]);
  const patience = byCallback ? config.callbackTokenTTL * 1000 : Infinity;
  await until(() => isOver() || turns.open === 0 || turns.waitingMs > patience);
  if (isTyped) terminal.raw("\n");
  if (signal.aborted) return INTERRUPTED;
  return turns.hasFailed || turns.open > 0 ? NO_ANSWER : 0;
}

async function print(terminal: Terminal, text: string): Promise<void> {
  if (!terminal.json) terminal.raw(text);
  if (terminal.unheard) throw new MeshError("unavailable", "Nobody reads the answers any more");
  return await Promise.resolve();
}

function introduce(terminal: Terminal, { agent, async }: ChatAccount): void {
  const where = agent.type === "acp" ? `the program ${agent.url}` : shownUrl(agent.url);
  const what = agent.model === undefined ? where : `${agent.model} @ ${where}`;
  terminal.note(`Talking to ${safeText(what)}${async ? ", by callback" : ""}. Ctrl-D ends it.`);
}

function documentOf({ question, answer, ms, error }: Turn): Record<string, unknown> {
  if (error === undefined) return { ok: true, question, answer, ms };
  return { ok: false, question, answer, ms, error: failureKind(error), message: messageOf(error) };
}

async function until(holds: () => boolean): Promise<void> {
  const never = new AbortController().signal;
  while (!holds()) await pauseFor(LOOK_EVERY, never);
}
