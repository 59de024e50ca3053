import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { ServerResponse } from "node:http";
import { AgentError } from "../../../lib/agent/agent_error.ts";
import { chatUrl } from "../../../lib/agent/chat_url.ts";
import { askAgent, type AskOptions } from "../../../lib/agent/client.ts";
import type { AgentAnswer } from "../../../lib/agent/completion.ts";
import { type Handler, json, withService } from "./fake_service.ts";

const KEY = "sk-secret-0123456789";

/** Asks a service that answers with `handler`. */
async function ask(
  handler: Handler,
  { stream = false, ...options }: Partial<AskOptions> & { stream?: boolean } = {},
): Promise<AgentAnswer> {
  let answer: AgentAnswer | undefined;
  await withService(handler, async (base) => {
    answer = await askAgent(
      { url: chatUrl(base), apiKey: KEY, model: "mock" },
      { messages: [{ role: "user", content: "hello" }], user: "conv:1", stream },
      { timeoutMs: 5000, ...options },
    );
  });
  return answer as AgentAnswer;
}

async function failure(work: Promise<unknown>): Promise<AgentError> {
  const error = await assertRejects(() => work, AgentError);
  assert(!error.message.includes(KEY), error.message);
  return error;
}

function whole(message: unknown, finish: string | null = "stop"): Handler {
  return (_, answer) =>
    json(answer, { id: "1", model: "m", choices: [{ index: 0, message, finish_reason: finish }] });
}

function events(answer: ServerResponse, list: readonly unknown[], end = "\n\n"): void {
  answer.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
  for (const event of list) {
    answer.write(`data: ${typeof event === "string" ? event : JSON.stringify(event)}${end}`);
  }
}

function delta(content: string | null, finish: string | null = null): unknown {
  return { choices: [{ index: 0, delta: { role: "assistant", content }, finish_reason: finish }] };
}

Deno.test("a question goes out as OpenAI's API has it, and no field more", async () => {
  await withService(whole({ role: "assistant", content: "hi" }), async (base, seen) => {
    const url = chatUrl(base);
    const messages = [
      { role: "system", content: "be brief" },
      { role: "user", content: "ü" },
    ] as const;
    const headers = { "x-openclaw-session-key": "agent:main:fed-bob" };
    await askAgent({ url, apiKey: KEY, model: "mock" }, { messages, user: "c", headers }, {
      timeoutMs: 5000,
    });
    await askAgent({ url }, { messages, stream: false }, { timeoutMs: 5000 });
    const [first, second] = seen;
    assertEquals(first?.path, "/v1/chat/completions");
    assertEquals(first?.headers.authorization, `Bearer ${KEY}`);
    assertEquals(first?.headers["x-openclaw-session-key"], "agent:main:fed-bob");
    assertEquals(JSON.parse(first?.body ?? ""), {
      model: "mock",
      messages,
      stream: false,
      user: "c",
    });
    assertEquals(second?.headers.authorization, undefined);
    assertEquals(JSON.parse(second?.body ?? ""), { messages, stream: false });
  });
});

Deno.test("a whole answer is its text", async () => {
  assertEquals(await ask(whole({ content: " Grüße 👋 \n" })), {
    text: "Grüße 👋",
    truncated: false,
    model: "m",
  });
  const parts = [{ type: "text", text: "a" }, { type: "image_url" }, { type: "text", text: "b" }];
  assertEquals((await ask(whole({ content: parts }))).text, "ab");
  assertEquals((await ask(whole({ content: "cut" }, "length"))).truncated, true);
  assertEquals(
    (await ask((_, a) => json(a, { choices: [{ text: "old style" }] }))).text,
    "old style",
  );
});

Deno.test("a streamed answer is put together, and its pieces are told in order", async () => {
  const pieces: string[] = [];
  const { text } = await ask((seen, answer) => {
    assertEquals(JSON.parse(seen.body).stream, true);
    answer.writeHead(200, { "content-type": "text/event-stream" });
    const bytes = new TextEncoder().encode(
      `data: ${JSON.stringify(delta("Grü"))}\r\n\r\ndata: ${
        JSON.stringify(delta("ße 👋"))
      }\r\n\r\n` +
        "data: [DONE]\r\n\r\n",
    );
    for (const byte of bytes) answer.write(Uint8Array.of(byte));
  }, { stream: true, onText: (piece) => void pieces.push(piece) });
  assertEquals([text, pieces], ["Grüße 👋", ["Grü", "ße 👋"]]);
});

Deno.test("a stream is over when it says so, though the connection stays open", async () => {
  const { text } = await ask((_, answer) => {
    events(answer, [delta(""), delta("a"), delta(null, "stop"), { choices: [], usage: {} }]);
    answer.write(": a comment\n\ndata: [DONE]\n\n");
  }, { stream: true });
  assertEquals(text, "a");
});

Deno.test("what is no JSON within a stream is nonsense", async () => {
  const error = await failure(ask((_, answer) => events(answer, [delta("a"), "oops"]), {
    stream: true,
  }));
  assertEquals([error.failure, error.partial], ["nonsense", "a"]);
});

Deno.test("the form of the answer counts, not the form that was asked for", async () => {
  const streamed: Handler = (_, answer) => {
    answer.writeHead(200, { "content-type": "text/plain" });
    answer.end(`data: ${JSON.stringify(delta("a", "stop"))}\n\ndata: [DONE]\n\n`);
  };
  assertEquals((await ask(streamed)).text, "a");
  const pieces: string[] = [];
  const onText = (piece: string) => void pieces.push(piece);
  assertEquals((await ask(whole({ content: "b" }), { stream: true, onText })).text, "b");
  assertEquals(pieces, ["b"]);
});

Deno.test("a stream that ends early is no answer, and says what had come", async () => {
  for (const how of ["end", "destroy"] as const) {
    const error = await failure(ask((_, answer) => {
      events(answer, [delta("The password is n")]);
      setTimeout(() => answer[how](), 50);
    }, { stream: true }));
    assertEquals([error.failure, error.partial], ["cut_off", "The password is n"]);
  }
  const half = await failure(ask((_, answer) => {
    events(answer, [delta("a")]);
    answer.end('data: {"choices":[{"de');
  }, { stream: true }));
  assertEquals([half.failure, half.partial], ["nonsense", "a"]);
});

Deno.test("an answer that had finished counts, though its stream did not end well", async () => {
  const finished = (_: unknown, answer: ServerResponse) => {
    events(answer, [delta("all of it", "stop")]);
    setTimeout(() => answer.destroy(), 50);
  };
  assertEquals((await ask(finished, { stream: true })).text, "all of it");
  const silent: Handler = (_, answer) => events(answer, [delta("all of it", "stop")]);
  assertEquals((await ask(silent, { stream: true, idleMs: 100 })).text, "all of it");
});

Deno.test("an error within a stream is an error, as OpenClaw reports it without a model", async () => {
  const type = "authentication_error";
  const message = `No route-compatible authentication source for ${KEY}.`;
  const error = await failure(ask((_, answer) => {
    events(answer, [delta(""), { error: { message, type } }, "[DONE]"]);
    answer.end();
  }, { stream: true }));
  assertEquals(error.failure, "misconfigured");
  assertStringIncludes(error.message, "No route-compatible authentication source for [secret]");
  const kinds: [error: unknown, failure: string][] = [
    [{ type: "rate_limit_error", message: "slow down" }, "busy"],
    [{ code: "overloaded", message: "later" }, "busy"],
    [{ type: "invalid_request_error", message: "no" }, "rejected"],
    [{ code: 500, message: "boom" }, "failed"],
    ["boom", "failed"],
    [{}, "failed"],
  ];
  for (const [error, wanted] of kinds) {
    const { failure: kind } = await failure(ask((_, answer) => json(answer, { error })));
    assertEquals([error, kind], [error, wanted]);
  }
});

Deno.test("statuses are told apart by what can be done about them", async () => {
  const statuses: [status: number, failure: string][] = [
    [301, "misconfigured"],
    [400, "rejected"],
    [401, "misconfigured"],
    [404, "misconfigured"],
    [413, "rejected"],
    [429, "busy"],
    [500, "failed"],
    [503, "busy"],
  ];
  for (const [status, wanted] of statuses) {
    const error = await failure(ask((_, answer) => {
      json(answer, { error: { message: `Incorrect API key ${KEY}` } }, status, {
        "retry-after": "9",
      });
    }));
    assertEquals([status, error.failure, error.retryAfter], [status, wanted, 9]);
    assertStringIncludes(error.message, `status ${status}: Incorrect API key [secret]`);
  }
  const html = await failure(ask((_, answer) => {
    answer.writeHead(502, { "content-type": "text/html" });
    answer.end(`<html>${"bad gateway ".repeat(10_000)}`);
  }));
  assert(html.message.length < 400, html.message);
});

Deno.test("nonsense, blanks, refusals and calls for tools are no answers", async () => {
  const cases: [handler: Handler, failure: string][] = [
    [(_, answer) => answer.end("<html>Hello</html>"), "nonsense"],
    [(_, answer) => answer.end(""), "nonsense"],
    [(_, answer) => json(answer, {}), "nonsense"],
    [(_, answer) => json(answer, []), "nonsense"],
    [(_, answer) => json(answer, { choices: [] }), "nonsense"],
    [(_, answer) => json(answer, { choices: "x" }), "nonsense"],
    [(_, answer) => answer.end("[".repeat(100_000)), "nonsense"],
    [(_, answer) => answer.end(Uint8Array.of(0xff, 0xfe, 0x00)), "nonsense"],
    [whole({ content: " \n" }), "empty"],
    [whole({ content: null }), "empty"],
    [whole(null), "empty"],
    [whole({ content: null, tool_calls: [{ id: "1" }] }, "tool_calls"), "tool_calls"],
    [whole({ content: null, refusal: "I cannot help with that" }), "refused"],
    [whole({ content: "half a" }, "content_filter"), "refused"],
  ];
  for (const [i, [handler, wanted]] of cases.entries()) {
    assertEquals([i, (await failure(ask(handler))).failure], [i, wanted]);
  }
  const streamed = await failure(ask((_, answer) => {
    events(answer, [{ choices: [{ delta: { refusal: "I can" } }] }]);
    events.call(null, { writeHead() {}, write: answer.write.bind(answer) } as never, [
      { choices: [{ delta: { refusal: "not" }, finish_reason: "stop" }] },
      "[DONE]",
    ]);
    answer.end();
  }, { stream: true }));
  assertEquals(streamed.failure, "refused");
  assertStringIncludes(streamed.message, "I cannot");
});

Deno.test("10 MB are not read, streamed or whole", async () => {
  for (const stream of [false, true]) {
    const error = await failure(ask((_, answer) => {
      answer.writeHead(200, { "content-type": stream ? "text/event-stream" : "application/json" });
      const piece = "x".repeat(1024 * 1024);
      let sent = 0;
      const more = () => {
        while (!answer.destroyed && sent < 12) {
          sent++;
          if (!answer.write(piece)) return void answer.once("drain", more);
        }
        answer.end();
      };
      more();
    }, { stream, timeoutMs: 20_000 }));
    assertEquals([stream, error.failure], [stream, "too_large"]);
  }
});

Deno.test("an agent that hangs ends at the time limit, and one that is slow does not", async () => {
  const hang = await failure(ask(() => {}, { timeoutMs: 200 }));
  assertEquals(hang.failure, "timeout");
  const stall = await failure(
    ask((_, answer) => events(answer, [delta("a")]), { stream: true, idleMs: 200 }),
  );
  assertEquals([stall.failure, stall.partial], ["timeout", "a"]);
  const slow = await ask((_, answer) => {
    events(answer, []);
    const words = ["a", "b", "c"];
    const timer = setInterval(() => {
      const word = words.shift();
      if (word) return void answer.write(`data: ${JSON.stringify(delta(word))}\n\n`);
      answer.end("data: [DONE]\n\n");
      clearInterval(timer);
    }, 100);
  }, { stream: true, idleMs: 1000 });
  assertEquals(slow.text, "abc");
});

Deno.test("a question can be interrupted, and a taker of pieces that fails ends it", async () => {
  const interruption = new AbortController();
  const handler: Handler = (_, answer) => {
    events(answer, [delta("a")]);
    setTimeout(() => interruption.abort(), 50);
  };
  const error = await failure(ask(handler, { stream: true, signal: interruption.signal }));
  assertEquals([error.failure, error.partial], ["interrupted", "a"]);
  const onText = () => Promise.reject(new RangeError("full"));
  await assertRejects(() => ask(whole({ content: "a" }), { onText }), RangeError, "full");
});

Deno.test("an agent that is not there is unreachable", async () => {
  let gone = "";
  await withService(() => {}, (base) => {
    gone = base;
    return Promise.resolve();
  });
  const ask = askAgent({ url: chatUrl(gone), apiKey: KEY }, { messages: [] }, { timeoutMs: 1000 });
  assertEquals((await failure(ask)).failure, "unreachable");
});
