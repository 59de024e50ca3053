/**
 * An agent to chat with, behind HTTP: what it does is the first word of what it is told. Runs as a
 * {@link ./helper.ts} process.
 *
 * @module
 */
import { doTasks } from "./helper.ts";

/** What to do next. */
export type AgentTask =
  /** Open; answers with the port. */
  | { readonly do: "open"; readonly thinkMs: number }
  /** Wait until so many questions are held or can be called back; answers with the callbacks' URLs. */
  | { readonly do: "gather"; readonly count: number };

const HEADERS = { "content-type": "text/event-stream" };
const encoder = new TextEncoder();
const gathered: string[] = [];
let wake = () => {};
let thinkMs = 0;

async function answer(request: Request): Promise<Response> {
  const callback = request.headers.get("x-ocg-callback");
  const { messages } = await request.json();
  if (callback !== null) return note(callback, Response.json({}, { status: 202 }));
  const [word] = messages.at(-1).content.split(" ");
  // Holds the answer open after a few words, as an agent does that calls a slow tool.
  if (word === "hold") return note("", new Response(stream(false), { headers: HEADERS }));
  await new Promise((resolve) => setTimeout(resolve, thinkMs));
  return new Response(stream(true), { headers: HEADERS });
}

function note(callback: string, response: Response): Response {
  gathered.push(callback);
  wake();
  return response;
}

function stream(ends: boolean): ReadableStream<Uint8Array> {
  const event = JSON.stringify({
    choices: [{ index: 0, delta: { content: "The harbour opens" } }],
  });
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(`data: ${event}\n\n`));
      if (!ends) return;
      controller.enqueue(encoder.encode("data: [DONE]\n\n"));
      controller.close();
    },
  });
}

async function work(task: AgentTask): Promise<unknown> {
  if (task.do === "open") {
    thinkMs = task.thinkMs;
    return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer).addr.port;
  }
  while (gathered.length < task.count) await new Promise<void>((resolve) => wake = resolve);
  return gathered.splice(0, task.count);
}

if (import.meta.main) {
  await doTasks(work);
  Deno.exit(0);
}
