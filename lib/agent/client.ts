/**
 * Asks an agent that speaks OpenAI's chat completions, whole or streamed, and comes back in any case:
 * with its text, or with an error that tells what to do.
 *
 * @module
 */
import { AgentError, type AgentFailure } from "./agent_error.ts";
import { type AgentAnswer, Completion } from "./completion.ts";
import { EventStream } from "./event_stream.ts";
import { saidBy } from "./redact.ts";
import { exchange, RequestError, type RequestLimits, type ServiceAnswer } from "./request.ts";

/** An agent, and how to reach it. */
export interface AgentEndpoint {
  /** The URL that takes chat completions; `chatUrl` makes one from a base URL. */
  readonly url: URL;
  /** Sent as a bearer token. */
  readonly apiKey?: string | undefined;
  /** The model; left out if the agent has only one. */
  readonly model?: string | undefined;
}

/** Something said in a conversation. */
export interface AgentMessage {
  /** Who says it. */
  readonly role: "system" | "user" | "assistant";
  /** What. */
  readonly content: string;
}

/** A question. */
export interface AgentQuestion {
  /** The conversation, the last message being what is to be answered. */
  readonly messages: readonly AgentMessage[];
  /** Whose session it is, for agents that keep sessions. */
  readonly user?: string | undefined;
  /** Whether the answer is wanted in pieces. */
  readonly stream?: boolean | undefined;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** How to ask. */
export interface AskOptions extends RequestLimits {
  /**
   * Takes each piece of a streamed answer as it comes; the next one waits for it.
   *
   * @param text The piece, never empty.
   */
  readonly onText?: (text: string) => void | Promise<void>;
}

/** How statuses other than 2xx are taken. What is not listed is `rejected` below 500, `failed` above. */
const STATUSES: Readonly<Record<number, AgentFailure>> = {
  401: "misconfigured",
  402: "misconfigured",
  403: "misconfigured",
  404: "misconfigured",
  405: "misconfigured",
  408: "busy",
  409: "busy",
  425: "busy",
  429: "busy",
  502: "busy",
  503: "busy",
  504: "busy",
  529: "busy",
};

/** An explanation of a failure fits in here; the rest of the answer is not waited for. */
const LONGEST_EXPLANATION = 4096;
/** Milliseconds that an explanation may take after its status. */
const EXPLANATION_MS = 5000;

/** How a stream of events begins, for those who do not say that it is one. */
const EVENTS = /^\s*(?:data|event|id|retry)?:/;

/**
 * Asks a question.
 *
 * @param endpoint Whom.
 * @param question What.
 * @param options Limits, and where pieces go.
 * @returns The answer.
 * @throws {AgentError} if there is none. What `onText` throws is passed on.
 *
 * @example
 * ```ts
 * import { askAgent } from "./client.ts";
 * import { chatUrl } from "./chat_url.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const server = Deno.serve({ port: 0, onListen() {} }, () =>
 *   Response.json({ choices: [{ message: { role: "assistant", content: "42" } }] }));
 * const url = chatUrl(`http://127.0.0.1:${server.addr.port}`);
 * const messages = [{ role: "user", content: "6 * 7?" }] as const;
 * const { text } = await askAgent({ url }, { messages }, { timeoutMs: 5000 });
 * assertEquals(text, "42");
 * await server.shutdown();
 * ```
 */
export async function askAgent(
  endpoint: AgentEndpoint,
  question: AgentQuestion,
  options: AskOptions,
): Promise<AgentAnswer> {
  const { url, apiKey, model } = endpoint;
  const { messages, user, stream = false } = question;
  const request = {
    headers: {
      ...(stream ? { accept: "text/event-stream, application/json" } : {}),
      ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
      ...question.headers,
    },
    body: JSON.stringify({ model, messages, stream, user }),
  };
  const completion = new Completion([apiKey]);
  try {
    return await exchange(url, request, options, async (answer) => {
      if (answer.status < 200 || answer.status > 299) throw await refusalOf(answer, apiKey);
      await read(answer, completion, options.onText);
      return completion.answer();
    });
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    // The agent had finished; only the stream's own end was missing.
    if (completion.ended && error.failure !== "interrupted") return completion.answer();
    throw new AgentError(error.failure, error.message, { cause: error, partial: completion.text });
  }
}

/** Takes the answer in the form that it has, whichever was asked for. */
async function read(
  answer: ServiceAnswer,
  completion: Completion,
  onText: AskOptions["onText"],
): Promise<void> {
  const stream = new EventStream();
  let done = false;
  const take = async (data: string) => {
    done ||= data.trim() === "[DONE]";
    if (done) return;
    const text = completion.take(data);
    if (text !== "") await onText?.(text);
  };
  if (answer.mediaType === "text/event-stream") {
    for await (const piece of answer.pieces()) {
      for (const { data } of stream.push(piece)) await take(data);
      if (done) return;
    }
  } else {
    const whole = await answer.text();
    if (!EVENTS.test(whole)) return await take(whole);
    for (const { data } of stream.push(new TextEncoder().encode(whole))) await take(data);
  }
  for (const { data } of stream.end()) await take(data);
  if (done || completion.ended) return;
  const partial = completion.text;
  throw new AgentError("cut_off", "The agent's answer ended before it was finished", { partial });
}

async function refusalOf(answer: ServiceAnswer, apiKey: string | undefined): Promise<AgentError> {
  const { status, retryAfter } = answer;
  const failure = status < 400
    ? "misconfigured"
    : STATUSES[status] ?? (status < 500 ? "rejected" : "failed");
  const words = saidBy(sentenceOf(await soon(beginning(answer))), [apiKey]);
  const sentence = `The agent answered with status ${status}${words === "" ? "" : `: ${words}`}`;
  return new AgentError(failure, sentence, { retryAfter });
}

/** What an answer that hangs had to say is not worth its time. */
async function soon(words: Promise<string>): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(() => resolve(""), EXPLANATION_MS);
  return await Promise.race([words, promise]).finally(() => clearTimeout(timer));
}

async function beginning(answer: ServiceAnswer): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const piece of answer.pieces()) {
      text += decoder.decode(piece, { stream: true });
      if (text.length > LONGEST_EXPLANATION) break;
    }
  } catch {
    // The status has said the most important.
  }
  return text.slice(0, LONGEST_EXPLANATION);
}

/** The sentence in the forms of errors that are common: `{error: {message}}`, `{error}`, text. */
function sentenceOf(body: string): string {
  try {
    const { error, message } = JSON.parse(body) ?? {};
    const sentence = error?.message ?? error ?? message;
    return typeof sentence === "string" ? sentence : body;
  } catch {
    return body;
  }
}
