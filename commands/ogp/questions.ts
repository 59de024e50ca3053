/**
 * The questions of `mesh ogp setup` on a terminal. Enter keeps what is there, a hyphen takes it away, and an
 * answer that cannot be is asked for again.
 *
 * @module
 */
import { messageOf } from "../../lib/error.ts";
import type { OgpNode } from "../../lib/ogp/node.ts";
import { parsePeerUrl } from "../../lib/net/post.ts";
import { parsePort } from "../flags.ts";
import type { Prompt } from "../prompt.ts";
import { safeText, type Terminal } from "../terminal.ts";
import { type Changes, tidied } from "./answers.ts";

/** One question. */
interface Question {
  /** The key of the answer. */
  readonly key: string;
  /** What is asked. */
  readonly words: string;
  /** What holds if nothing is typed: what is set, else a proposal. */
  readonly preset?: string | undefined;
  /** Whether there must be an answer. */
  readonly required?: boolean;
  /** Makes a value of what was typed; throws if it cannot be one. */
  readonly read: (typed: string) => unknown;
}

/** Where OpenClaw listens unless it was told otherwise. */
const OPENCLAW = "http://localhost:18789";

/** Most characters of a name. */
const LONGEST_NAME = 200;

/**
 * Asks.
 *
 * @param terminal Where complaints go.
 * @param prompt Who is asked.
 * @param node The gateway as it is.
 * @returns What changes.
 * @throws {MeshError} `interrupted` if it is given up.
 */
export async function askQuestions(
  terminal: Terminal,
  prompt: Prompt,
  node: OgpNode,
): Promise<Changes> {
  terminal.note("Enter keeps what is in brackets; - takes it away.");
  const changes: Record<string, unknown> = {};
  for (const question of questionsFor(node)) {
    const answer = await ask(terminal, prompt, question);
    if (answer !== undefined) changes[question.key] = answer.value;
  }
  const { openclawToken } = node.config;
  const token = await prompt.secret(`OpenClaw API token [${openclawToken ? "set" : "not set"}]:`);
  if (token !== "") changes["openclawToken"] = token === "-" ? undefined : token;
  return tidied(changes);
}

function questionsFor({ config, displayName }: OgpNode): Question[] {
  const { daemonPort, gatewayUrl, email, openclawUrl } = config;
  return [
    {
      key: "daemonPort",
      words: "Port to listen on",
      preset: String(daemonPort),
      required: true,
      read: parsePort,
    },
    { key: "gatewayUrl", words: "URL at which peers reach it", preset: gatewayUrl, read: url },
    { key: "displayName", words: "Display name", preset: displayName, read: name },
    { key: "email", words: "Email, shown to peers", preset: email || undefined, read: name },
    { key: "openclawUrl", words: "OpenClaw URL", preset: openclawUrl ?? OPENCLAW, read: url },
  ];
}

/** `undefined` if everything stays as it is. */
async function ask(
  terminal: Terminal,
  prompt: Prompt,
  { words, preset, required, read }: Question,
): Promise<{ value: unknown } | undefined> {
  while (true) {
    const typed = await prompt.line(`${words} [${safeText(preset ?? "not set")}]:`);
    if (typed === "-" && !required) return { value: undefined };
    const answer = typed === "" ? preset : typed;
    if (answer === undefined) return undefined;
    try {
      return { value: read(answer) };
    } catch (error) {
      terminal.note(`  ${safeText(messageOf(error))}.`);
    }
  }
}

function url(typed: string): string {
  parsePeerUrl(typed);
  return typed;
}

function name(typed: string): string {
  if (typed.length <= LONGEST_NAME) return typed;
  throw new RangeError(`More than ${LONGEST_NAME} characters`);
}
