import { assert, assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { notifyConfig } from "../../../lib/notify/config.ts";
import type { NotifyConfig } from "../../../lib/notify/config_types.ts";
import { openTarget } from "../../../lib/notify/open_target.ts";
import { type Routed, targetFor } from "../../../lib/notify/route.ts";
import { sessionOf } from "../../../lib/notify/session.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { handover } from "./handovers.ts";

/** Reads a section as it would stand in the file. */
async function read(section: unknown): Promise<NotifyConfig> {
  const root = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${root}/config.json`, JSON.stringify({ notify: section }));
    return await notifyConfig(await openFileStore(root)).read();
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const SECRET = `whsec_${btoa("x".repeat(32))}`;

Deno.test("a section is read with its defaults, and each target can be made from it", async () => {
  assertEquals(await read({}), { targets: {}, routes: [] });
  const config = await read({
    default: "claw",
    targets: {
      claw: { type: "openclaw", hooksToken: "t" },
      a2a: { type: "openclaw", url: "http://127.0.0.1:1", a2a: { token: "t", peer: "mesh" } },
      hermes: { type: "hermes", url: "http://127.0.0.1:8644/webhooks/ogp", secret: "s s" },
      hook: { type: "webhook", url: "https://example.com/in", secrets: [SECRET] },
      ollama: { type: "agent", url: "http://127.0.0.1:11434", model: "llama" },
      script: { type: "command", argv: ["/usr/local/bin/answer", "--quick"] },
      nobody: { type: "none" },
    },
    routes: [{ peer: "stan", topic: "deploy", target: "script" }, { intent: "x", target: "none" }],
  });
  const { claw, ollama, script } = config.targets;
  assertEquals(claw, {
    type: "openclaw",
    url: "http://127.0.0.1:18789",
    hooksToken: "t",
    hooksPath: "/hooks",
    timeoutMs: 300_000,
  });
  assertEquals(ollama?.type === "agent" && [ollama.stream, ollama.timeoutMs], [false, 300_000]);
  assertEquals(script?.type === "command" && script.timeoutMs, 30_000);
  for (const target of Object.values(config.targets)) {
    assertEquals((await openTarget(target)).kind, target.type);
  }
});

Deno.test("what cannot be meant is refused, with its key and without its secret", async () => {
  const target = (fields: unknown) => ({ targets: { t: fields } });
  const secret = "my secret\nvalue";
  const bad: [section: unknown, key: string][] = [
    [{ default: "gone" }, "notify.default"],
    [{ routes: [{ target: "gone" }] }, "notify.routes.0.target"],
    [{ routes: [{ target: "constructor" }] }, "notify.routes.0.target"],
    [{ targets: { "a b": { type: "none" } } }, "notify.targets.a b"],
    [target({ type: "odd" }), "notify.targets.t.type"],
    [target({ type: "openclaw" }), "notify.targets.t.hooksToken"],
    [target({ type: "openclaw", hooksToken: secret }), "notify.targets.t.hooksToken"],
    [
      target({ type: "openclaw", hooksToken: "t", hooksPath: "hooks" }),
      "notify.targets.t.hooksPath",
    ],
    [target({ type: "agent", url: "ftp://h" }), "notify.targets.t.url"],
    [target({ type: "agent", url: "http://u:my%20secret@h" }), "notify.targets.t.url"],
    [
      target({ type: "agent", url: "http://h", sessionHeader: "Host" }),
      "notify.targets.t.sessionHeader",
    ],
    [
      target({ type: "agent", url: "http://h", sessionHeader: "a b" }),
      "notify.targets.t.sessionHeader",
    ],
    [target({ type: "agent", url: "http://h", timeoutMs: 1 }), "notify.targets.t.timeoutMs"],
    [target({ type: "agent", url: "http://h", timeoutMs: 1e12 }), "notify.targets.t.timeoutMs"],
    [target({ type: "webhook", url: "http://h", secrets: [] }), "notify.targets.t.secrets"],
    [target({ type: "webhook", url: "http://h", secrets: [secret] }), "notify.targets.t.secrets.0"],
    [target({ type: "command", argv: [] }), "notify.targets.t.argv"],
    [target({ type: "command", argv: ["./here"] }), "notify.targets.t.argv.0"],
    [target({ type: "command", argv: ["a", "b\0"] }), "notify.targets.t.argv.1"],
    [target({ type: "command", argv: ["a"], env: { "A=B": "c" } }), "notify.targets.t.env"],
    [target({ type: "none", extra: 1 }), "notify.targets.t"],
  ];
  for (const [section, key] of bad) {
    const error = await assertRejects(() => read(section), MeshError);
    assertEquals(error.code, "config_invalid");
    assert(error.message.startsWith(`config.json: "${key}`), `${key}: ${error.message}`);
    assert(!error.message.includes("my secret"), error.message);
  }
});

Deno.test("the first route that matches wins, else the default, else nothing", async () => {
  const section = {
    default: "d",
    targets: Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, { type: "none" }])),
    routes: [
      { peer: "stan", topic: "deploy", target: "a" },
      { peer: "stan", target: "b" },
      { intent: "task-request", target: "c" },
      { peer: "302a", topic: "deploy", intent: "agent-comms", target: "none" },
    ],
  };
  const config = await read(section);
  const route = (message: Partial<Routed>) =>
    targetFor(config, { peer: ["302b"], intent: "agent-comms", ...message }).name;
  assertEquals(route({ peer: ["302a", "stan"], topic: "deploy" }), "a");
  assertEquals(route({ peer: ["302a", "stan"], topic: "deploy/staging" }), "a");
  assertEquals(route({ peer: ["302a", "stan"], topic: "deployment" }), "b");
  assertEquals(route({ peer: ["stan"] }), "b");
  assertEquals(route({ intent: "task-request" }), "c");
  assertEquals(route({ peer: ["302a"], topic: "deploy" }), "none");
  assertEquals(route({}), "d");
  const bare = await read({});
  assertEquals(targetFor(bare, { peer: [], intent: "x" }), {
    name: "none",
    config: { type: "none" },
  });
});

Deno.test("no peer gets into another one's session, whatever it calls its conversation", async () => {
  const peer = handover().peer;
  const sessions = await Promise.all([
    sessionOf(handover()),
    sessionOf(handover({ peer: { ...peer, publicKey: "302b" } })),
    sessionOf(handover({ conversationId: "other" })),
    sessionOf(handover({ conversationId: undefined })),
    sessionOf(handover({ conversationId: undefined, id: "conv-001" })),
    sessionOf(handover({ conversationId: `message:${handover().id}` })),
    sessionOf(handover({ protocol: "mesh" })),
  ]);
  assertEquals(new Set(sessions).size, sessions.length);
  assertEquals(await sessionOf(handover({ id: "other", nonce: "other" })), sessions[0]);
});

Deno.test("what is only stored counts as handed", async () => {
  const target = await openTarget({ type: "none" });
  assertEquals(await target.handOn(handover()), { kind: "handed" });
  assertEquals((await target.check?.())?.ok, true);
});
