/**
 * A program that speaks the Agent Client Protocol as the agent of chats: one program for all accounts that
 * are configured alike, and in it a session for each chat. A program that died is started again, with new
 * sessions, and the chats are told nothing of that.
 *
 * @module
 */
import { AgentError } from "../../agent/agent_error.ts";
import type { AgentMessage } from "../../agent/client.ts";
import { MeshError } from "../../error.ts";
import type { ChatAccount } from "../accounts.ts";
import type { ChatAgent, ChatAnswer, ChatAskOptions, ChatQuestion } from "../chat_agent.ts";
import type { AcpConfig } from "../config_types.ts";
import type { AcpConnection, TextBlock } from "./connection.ts";
import { failureOf, secretsOf } from "./failures.ts";
import { AcpProgram, type AcpProgramOptions, workingFolder } from "./program.ts";
import { Turn } from "./turn.ts";

/** Makes the agent of an account. */
export type MakeAcpAgent = (config: AcpConfig, account: ChatAccount) => ChatAgent;

interface Shared {
  readonly program: AcpProgram;
  users: number;
}

/**
 * Agents that are programs. Those that are configured alike share one.
 *
 * @param options How patient to be.
 * @returns Makes the agents; what makes one throws `config_invalid` where `cwd` is not an absolute path.
 */
export function acpAgents(options: AcpProgramOptions = {}): MakeAcpAgent {
  const programs = new Map<string, Shared>();
  return (config) => {
    const cwd = workingFolder(config);
    if (!/^(?:[/\\]|[A-Za-z]:[/\\])/.test(cwd)) {
      throw new MeshError("config_invalid", `"acp.cwd" is not an absolute path: "${cwd}"`);
    }
    const key = JSON.stringify(config);
    let mine: Shared | undefined;
    const use = (): AcpProgram => {
      if (mine) return mine.program;
      mine = programs.get(key) ?? { program: new AcpProgram(config, options), users: 0 };
      programs.set(key, mine);
      mine.users++;
      return mine.program;
    };
    return {
      ask: (question, how) => ask(use(), config, question, how),
      async stop() {
        const used = mine;
        mine = undefined;
        if (!used || --used.users > 0) return;
        programs.delete(key);
        await used.program.stop();
      },
    };
  };
}

/**
 * The agent of an account, with the programs of this process.
 *
 * @param config The program.
 * @param account The account.
 * @returns The agent; its program is started with the first question.
 * @throws {MeshError} `config_invalid` if `cwd` is not an absolute path.
 */
export const acpAgent: MakeAcpAgent = acpAgents();

async function ask(
  program: AcpProgram,
  config: AcpConfig,
  { messages, session }: ChatQuestion,
  { signal, onText }: ChatAskOptions,
): Promise<ChatAnswer> {
  const end = new AbortController();
  const interrupt = () => end.abort(new AgentError("interrupted", "The answer was interrupted"));
  if (signal.aborted) interrupt();
  signal.addEventListener("abort", interrupt, { once: true });
  const seconds = config.timeoutMs / 1000;
  const late = () =>
    end.abort(new AgentError("timeout", `The agent did not answer within ${seconds} s`));
  const timer = setTimeout(late, config.timeoutMs);
  const turn = new Turn(
    onText,
    () => end.abort(new AgentError("too_large", "The agent's answer does not end")),
  );
  let run: { connection: AcpConnection; ended: Promise<AgentError> } | undefined;
  try {
    run = await program.connect(end.signal);
    const blocks = (isNew: boolean) => blocksOf(messages, isNew);
    const reason = await run.connection.ask(session, blocks, turn, end.signal);
    program.answered();
    return turn.answer(reason);
  } catch (error) {
    const why = end.signal.aborted ? end.signal.reason : await reasonOf(error, run);
    throw failureOf(why, secretsOf(config), turn.text);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", interrupt);
  }
}

/** That the connection is closed is known at once, why so a moment later. */
async function reasonOf(
  error: unknown,
  run: { connection: AcpConnection; ended: Promise<AgentError> } | undefined,
): Promise<unknown> {
  return run?.connection.isClosed && !(error instanceof AgentError) ? await run.ended : error;
}

/** A session remembers what was said; a new one is told as much of it as an agent without one would be. */
function blocksOf(messages: readonly AgentMessage[], isNew: boolean): TextBlock[] {
  const text = (text: string): TextBlock => ({ type: "text", text });
  const question = text(messages.at(-1)?.content ?? "");
  const before = isNew ? messages.slice(0, -1) : [];
  if (before.length === 0) return [question];
  const said = before.map(({ role, content }) =>
    `${role === "assistant" ? "You" : "They"}: ${content}`
  );
  return [text(`Earlier in this conversation:\n\n${said.join("\n\n")}`), question];
}
