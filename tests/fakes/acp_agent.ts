/**
 * A program that speaks the Agent Client Protocol, by hand: what it does with a question is the question's
 * first word.
 *
 * @module
 */
import { stdin } from "node:process";
import { createInterface } from "node:readline";

// deno-lint-ignore no-explicit-any -- whatever a client says
type Message = any;

/** What `ACP_FAKE` makes of the whole program. */
const MODE = Deno.env.get("ACP_FAKE") ?? "";

const encoder = new TextEncoder();
let sessions = 0;
let requests = 0;
let frozen = false;
const questions = new Map<string, number>();
const waiting = new Map<unknown, (answer: Message) => void>();
/** Ends the question of a session that waits to be told so. */
const cancels = new Map<string, () => void>();

if (import.meta.main) {
  if (MODE === "crash") {
    complain(`no licence, and the password is ${Deno.env.get("PASSWORD")}`);
    Deno.exit(3);
  }
  for await (const line of createInterface({ input: stdin })) take(JSON.parse(line));
}

function take({ id, method, params, result, error }: Message): void {
  if (method === undefined) return waiting.get(id)?.(error ?? result);
  if (method === "session/cancel") return cancels.get(params.sessionId)?.();
  if (frozen || MODE === "mute" || id === undefined) return;
  if (method === "initialize") {
    const protocolVersion = MODE === "future" ? 99 : 1;
    const agentCapabilities = { sessionCapabilities: { close: {} } };
    return say({ id, result: { protocolVersion, agentCapabilities } });
  }
  if (method === "session/new") {
    if (MODE === "locked") {
      return say({ id, error: { code: -32000, message: "Authentication required" } });
    }
    return say({ id, result: { sessionId: MODE === "same" ? "s" : `s${++sessions}` } });
  }
  if (method === "session/prompt") {
    answer(params.sessionId, params.prompt.map(({ text }: Message) => text)).then(
      (stopReason) => stopReason && say({ id, result: { stopReason } }),
      (error) => say({ id, error }),
    );
    return;
  }
  say({ id, error: { code: -32601, message: `no ${method}` } });
}

async function answer(session: string, texts: string[]): Promise<string | undefined> {
  const question = texts.at(-1) ?? "";
  const chunk = (text: string) => update(session, "agent_message_chunk", { content: of(text) });
  const count = (questions.get(session) ?? 0) + 1;
  questions.set(session, count);
  switch (question.split(" ")[0]) {
    case "count":
      chunk(`${Deno.pid} ${session} ${count}`);
      return "end_turn";
    case "all":
      chunk(texts.join(" | "));
      return "end_turn";
    case "env":
      chunk(Object.keys(Deno.env.toObject()).sort().join(" "));
      return "end_turn";
    case "slow":
      chunk("well");
      await new Promise<void>((resolve) => cancels.set(session, resolve));
      return "cancelled";
    case "freeze":
      frozen = true;
      return undefined;
    case "deaf":
      setInterval(() => frozen || chunk("and another thing, "), 50);
      return undefined;
    case "die":
      chunk("half an ");
      complain("out of memory");
      // What was printed is read before the end is noticed.
      await new Promise((resolve) => setTimeout(resolve, 200));
      return Deno.exit(9);
    case "nonsense":
      Deno.stdout.writeSync(encoder.encode('Loading…\n{"half": \n[1]\n{"jsonrpc":"1.0"}\n\n'));
      say({ id: 4711, result: {} });
      say({ method: "session/update", params: { sessionId: session, update: null } });
      chunk("sense");
      return "end_turn";
    case "huge":
      for (let i = 0; i < 160; i++) chunk("x".repeat(64 * 1024));
      return "end_turn";
    case "line":
      chunk("x".repeat(17 * 1024 * 1024));
      return "end_turn";
    case "refuse":
      return "refusal";
    case "nothing":
      return "end_turn";
    case "long":
      chunk("as far as I get");
      return "max_tokens";
    case "fail":
      throw { code: -32603, message: `Internal error near ${Deno.env.get("PASSWORD")}` };
    case "tool":
      return await useTool(session, chunk);
    case "file": {
      const said = await ask("fs/read_text_file", { sessionId: session, path: "/etc/hostname" });
      chunk(`the client says ${said.code}`);
      return "end_turn";
    }
    default:
      update(session, "agent_thought_chunk", { content: of("hmm") });
      for (const piece of ["re: ", question]) chunk(piece);
      return "end_turn";
  }
}

async function useTool(session: string, chunk: (text: string) => void): Promise<string> {
  chunk("Let me look.");
  const toolCall = { toolCallId: "t1", title: "rm -rf /", kind: "execute", status: "pending" };
  update(session, "tool_call", toolCall);
  const kinds = ["allow_once", "allow_always", "reject_once", "reject_always"];
  const offered = kinds.filter((kind) => MODE !== "pushy" || kind.startsWith("allow"));
  const options = offered.map((kind) => ({ kind, name: kind, optionId: `o-${kind}` }));
  const { outcome } = await ask("session/request_permission", {
    sessionId: session,
    toolCall: { toolCallId: "t1" },
    options,
  });
  if (outcome.outcome === "cancelled") return "cancelled";
  chunk(`I chose ${outcome.optionId}.`);
  return "end_turn";
}

function ask(method: string, params: Message): Promise<Message> {
  const id = `a${++requests}`;
  say({ id, method, params });
  return new Promise((resolve) => waiting.set(id, resolve));
}

function update(sessionId: string, sessionUpdate: string, more: object): void {
  say({ method: "session/update", params: { sessionId, update: { sessionUpdate, ...more } } });
}

function complain(text: string): void {
  Deno.stderr.writeSync(encoder.encode(`${text}\n`));
}

function of(text: string): object {
  return { type: "text", text };
}

function say(message: object): void {
  const bytes = encoder.encode(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\n");
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
}
