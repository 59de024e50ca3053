/**
 * People at the webchat's page, and an agent that calls back. Runs as a {@link ./helper.ts} process.
 *
 * @module
 */
import { doTasks } from "./helper.ts";

/** What to do next. */
export type ClientTask =
  /** Say something at so many new pages, each in a room of its own. */
  | { readonly do: "say"; readonly page: string; readonly count: number; readonly text: string }
  /** Say something so often at one page; answers with the milliseconds until each answer begins. */
  | { readonly do: "wait"; readonly page: string; readonly count: number }
  /** Ask the agent itself; answers with the same. */
  | { readonly do: "bare"; readonly agent: string; readonly count: number }
  /** Answer by callback, one after the other; answers with the milliseconds that each took. */
  | { readonly do: "call"; readonly urls: readonly string[] };

/** How many say something at a time. */
const AT_ONCE = 16;

/** A browser that was let in. */
class Visitor {
  private constructor(readonly base: string, readonly cookie: string) {}

  static async open(page: string): Promise<Visitor> {
    const { origin, hash } = new URL(page);
    const base = `${origin}/chat`;
    const body = JSON.stringify({ token: hash.slice(1) });
    const response = await fetch(`${base}/session`, { method: "POST", headers: { origin }, body });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`The page lets nobody in: ${response.status}`);
    return new Visitor(base, response.headers.get("set-cookie")?.split(";")[0] ?? "");
  }

  async say(text: string): Promise<void> {
    const { origin } = new URL(this.base);
    const headers = { origin, cookie: this.cookie };
    const body = JSON.stringify({ key: crypto.randomUUID(), text });
    const response = await fetch(`${this.base}/messages`, { method: "POST", headers, body });
    await response.body?.cancel();
    if (response.status !== 202) throw new Error(`A message was refused: ${response.status}`);
  }

  /** What the page is told, as texts. */
  async events(): Promise<ReadableStreamDefaultReader<string>> {
    const response = await fetch(`${this.base}/events`, { headers: { cookie: this.cookie } });
    if (!response.body) throw new Error("The page is told nothing");
    return response.body.pipeThrough(new TextDecoderStream()).getReader();
  }
}

async function say({ page, count, text }: ClientTask & { do: "say" }): Promise<number> {
  let left = count;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (left-- > 0) await (await Visitor.open(page)).say(text);
  }));
  return count;
}

async function wait({ page, count }: ClientTask & { do: "wait" }): Promise<number[]> {
  const visitor = await Visitor.open(page);
  const events = await visitor.events();
  await events.read();
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    const said = visitor.say(`question ${i}`);
    await until(events, '"from":"bot"');
    times.push(performance.now() - started);
    await said;
    // The end of an answer is written down before the next question's turn comes.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await events.cancel();
  return times;
}

async function bare({ agent, count }: ClientTask & { do: "bare" }): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    const messages = [{ role: "user", content: `question ${i}` }];
    const body = JSON.stringify({ messages, stream: true });
    const response = await fetch(agent, { method: "POST", body });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    await until(reader, '"content"');
    times.push(performance.now() - started);
    await reader.cancel();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return times;
}

async function until(reader: ReadableStreamDefaultReader<string>, text: string): Promise<void> {
  for (let seen = ""; !seen.includes(text);) {
    const { value } = await reader.read();
    if (value === undefined) throw new Error(`It ended before ${text}`);
    seen += value;
  }
}

async function call({ urls }: ClientTask & { do: "call" }): Promise<number[]> {
  const times: number[] = [];
  for (const url of urls) {
    const started = performance.now();
    const body = JSON.stringify({ reply: "The harbour opens at six." });
    const response = await fetch(url, { method: "POST", body });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`A callback was refused: ${response.status}`);
    times.push(performance.now() - started);
  }
  return times;
}

function work(task: ClientTask): Promise<unknown> {
  switch (task.do) {
    case "say":
      return say(task);
    case "wait":
      return wait(task);
    case "bare":
      return bare(task);
    case "call":
      return call(task);
  }
}

if (import.meta.main) await doTasks(work);
