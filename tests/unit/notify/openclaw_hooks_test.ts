import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { OpenClawConfig } from "../../../lib/notify/config_types.ts";
import type { HandoverOutcome } from "../../../lib/notify/handover.ts";
import { openClawTarget } from "../../../lib/notify/openclaw.ts";
import { type Handler, json, withService } from "../agent/fake_service.ts";
import { FakeOpenClaw, type FakeOptions } from "./fake_openclaw.ts";
import { handover } from "./handovers.ts";

const TOKEN = "hook-secret-0123456789abcdef";

function config(url: string, changes: Partial<OpenClawConfig> = {}): OpenClawConfig {
  const fixed = { type: "openclaw", hooksPath: "/hooks", timeoutMs: 5000 } as const;
  return { ...fixed, url, hooksToken: TOKEN, ...changes };
}

async function withOpenClaw(
  options: FakeOptions,
  work: (url: string, fake: FakeOpenClaw) => Promise<void>,
): Promise<void> {
  const fake = new FakeOpenClaw(options);
  await withService(fake.handler, (url) => work(url, fake));
}

function reasonOf(outcome: HandoverOutcome): string {
  const reason = "reason" in outcome ? outcome.reason : "";
  assert(!reason.includes(TOKEN), reason);
  return reason;
}

Deno.test("a message starts a run, once, whatever happens to the first answer", async () => {
  await withOpenClaw({ hooksToken: TOKEN }, async (url, { runs }) => {
    const target = openClawTarget(config(url, { agentId: "main", deliver: false }));
    assert(target.idempotent);
    assertEquals(await target.handOn(handover()), { kind: "handed" });
    assertEquals(
      await openClawTarget(config(url, { agentId: "main", deliver: false }))
        .handOn(handover()),
      { kind: "handed" },
    );
    assertEquals(runs, [{
      message: handover().frame,
      name: "OGP Stan",
      agentId: "main",
      deliver: false,
    }]);
    for (const id of ["x".repeat(1000), "odd\r\nid"]) {
      await target.handOn(handover({ id }));
      await target.handOn(handover({ id }));
    }
    assertEquals(runs.length, 3);
  });
});

Deno.test("a session is addressed as a persistent one", async () => {
  await withOpenClaw({ hooksToken: TOKEN }, async (url, { runs }) => {
    const { handOn } = openClawTarget(
      config(`${url}/`, { sessionKey: "hook:fed", channel: "telegram", to: "42" }),
    );
    assertEquals(await handOn(handover()), { kind: "handed" });
    const [{ sessionKey, sessionMode, channel, to } = {}] = runs;
    assertEquals([sessionKey, sessionMode, channel, to], [
      "hook:fed",
      "persistent",
      "telegram",
      "42",
    ]);
  });
});

Deno.test("where runs are not offered the agent is woken", async () => {
  await withOpenClaw({ hooksToken: TOKEN, wakeOnly: true }, async (url, { wakes }) => {
    const target = openClawTarget(config(url));
    assertEquals((await target.check?.())?.ok, true);
    assertEquals(wakes, []);
    assertEquals(await target.handOn(handover()), { kind: "handed" });
    assertEquals(wakes, [{ text: handover().frame, mode: "now" }]);
  });
});

Deno.test("a mistake in the settings holds messages back and says what it is", async () => {
  const cases: [changes: Partial<OpenClawConfig>, options: FakeOptions, words: string][] = [
    [{ hooksToken: "wrong" }, { hooksToken: TOKEN }, "status 401: Unauthorized"],
    [{}, {}, "status 404"],
    [{ hooksPath: "/other" }, { hooksToken: TOKEN }, "status 404"],
    [{ agentId: "nope" }, { hooksToken: TOKEN }, 'unknown agentId "nope"'],
    [{ sessionKey: "agent:x" }, { hooksToken: TOKEN }, "sessionKey must start with"],
    [{ channel: "odd" }, { hooksToken: TOKEN }, "channel must be last"],
  ];
  for (const [changes, options, words] of cases) {
    await withOpenClaw(options, async (url, { runs }) => {
      const outcome = await openClawTarget(config(url, changes)).handOn(handover());
      assertEquals([words, outcome.kind, runs.length], [words, "retry", 0]);
      assertStringIncludes(reasonOf(outcome), words);
      assertEquals(outcome.kind === "retry" ? outcome.retryAfter : 0, 300);
    });
  }
});

Deno.test("what is about the message itself is final, and the peer learns no more than that", async () => {
  await withOpenClaw({ hooksToken: TOKEN }, async (url) => {
    const { handOn } = openClawTarget(config(url));
    assertEquals(await handOn(handover({ frame: "unlucky" })), {
      kind: "failed",
      reason: "OpenClaw answered with status 400: something about this very message",
      sentence: "The message could not be handed to the agent",
    });
    const large = await handOn(handover({ frame: "x".repeat(300_000) }));
    assertEquals(
      large.kind === "failed" ? large.sentence : large,
      "The message is too large for the agent",
    );
  });
});

Deno.test("what may pass is tried again, when OpenClaw says so", async () => {
  const answers: [handler: Handler, words: string, retryAfter: number | undefined][] = [
    [
      (_, a) => {
        a.writeHead(429, { "retry-after": "60" });
        a.end("Too Many Requests");
      },
      "429: Too Many Requests",
      60,
    ],
    [
      (_, a) => json(a, { ok: false, error: "hook agent run did not start" }, 503),
      "503",
      undefined,
    ],
    [
      (_, a) => {
        const error = "hook agent run failed before entering the agent runner";
        json(a, { ok: false, error }, 502);
      },
      "before entering",
      300,
    ],
    [(_, a) => json(a, { ok: false, error: "hooks config changed" }, 409), "409", undefined],
    [(_, a) => a.destroy(), "cut the connection", undefined],
    [
      (_, a) => {
        a.writeHead(200, { "content-length": "100" });
        a.write('{"ok"');
        setTimeout(() => a.destroy(), 20);
      },
      "cut the connection",
      undefined,
    ],
    [() => {}, "did not answer within", undefined],
    [(_, a) => a.end("<html>some other server</html>"), "something else", 300],
    [(_, a) => json(a, { ok: false }), "something else", 300],
    [
      (_, a) => {
        a.writeHead(302, { location: "http://127.0.0.1:1/" });
        a.end();
      },
      "status 302",
      300,
    ],
    [(_, a) => a.end("x".repeat(10_000_000)), "more than", undefined],
  ];
  for (const [handler, words, retryAfter] of answers) {
    await withService(handler, async (url) => {
      const outcome = await openClawTarget(config(url, { timeoutMs: 300 })).handOn(handover());
      assertEquals([words, outcome.kind], [words, "retry"]);
      assertStringIncludes(reasonOf(outcome), words);
      assertEquals([words, outcome.kind === "retry" && outcome.retryAfter], [words, retryAfter]);
    });
  }
});

Deno.test("a gateway that is not there is tried again", async () => {
  let gone = "";
  await withOpenClaw({}, (url) => Promise.resolve(void (gone = url)));
  const outcome = await openClawTarget(config(gone)).handOn(handover());
  assertEquals(outcome.kind, "retry");
  assertStringIncludes(reasonOf(outcome), "nothing listens there");
  assertEquals((await openClawTarget(config(gone)).check?.())?.ok, false);
});

Deno.test("a look tells whether messages would be taken, and hands none on", async () => {
  await withOpenClaw({ hooksToken: TOKEN }, async (url, { runs, wakes }) => {
    const look = async (changes: Partial<OpenClawConfig>) =>
      await openClawTarget(config(url, changes)).check?.();
    assertEquals((await look({}))?.ok, true);
    const wrong = await look({ hooksToken: "wrong" });
    assertEquals(wrong?.ok, false);
    assertStringIncludes(wrong?.detail ?? "", "hooks.token");
    assertEquals([runs, wakes], [[], []]);
  });
  await withOpenClaw({}, async (url) => {
    const off = await openClawTarget(config(url)).check?.();
    assertStringIncludes(off?.detail ?? "", "hooks.enabled");
  });
  await withService((_, answer) => answer.end("<html>"), async (url) => {
    const other = await openClawTarget(config(url)).check?.();
    assertEquals(other?.ok, false);
    assertStringIncludes(other?.detail ?? "", "not OpenClaw");
  });
});
