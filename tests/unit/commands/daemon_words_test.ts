import { assertEquals, assertMatch } from "@std/assert";
import { Teller } from "../../../commands/daemon_words.ts";
import { Terminal } from "../../../commands/terminal.ts";
import type { DaemonEvent } from "../../../server/daemon_event.ts";
import { Sinks } from "./sinks.ts";

const STAN = { name: "Stan", id: "302a", publicKey: "302a300506032b6570032100" + "0f".repeat(32) };
const LISTENING = { kind: "listening", ok: true, host: "h", port: 1 } as const;

/** What is said of an event, without the time. */
function said(event: DaemonEvent): string {
  const sinks = new Sinks();
  const teller = new Teller(new Terminal(sinks));
  teller.listening(LISTENING, "listening");
  teller.tell(event);
  const [, line = ""] = sinks.stdout.text.split("\n");
  assertMatch(line, /^\d\d:\d\d:\d\d /);
  return line.slice(9);
}

Deno.test("what happens to a gateway is said with the command that answers it", () => {
  const request = { kind: "ogp-request", from: STAN, gatewayUrl: "http://s" } as const;
  assertEquals(
    said(request),
    "Stan at http://s asks for federation: mesh ogp federation approve 302a",
  );
  assertMatch(
    said({ ...request, claimsUrlOf: ["peer-a"] }),
    /CAREFUL: it names the URL of peer-a and has another key$/,
  );
  const message = { kind: "ogp-message", from: STAN, intent: "message", nonce: "n1" } as const;
  assertEquals(said(message), "message from Stan (message): n1");
  assertEquals(
    said({ ...message, intent: "agent-comms", topic: "a\u001b[2J" }),
    "message from Stan (agent-comms, a\ufffd[2J): n1",
  );
  const approval = { kind: "ogp-approval", from: STAN } as const;
  assertEquals(said({ ...approval, effect: "approved" }), "Stan approved the federation");
  assertEquals(said({ ...approval, effect: "rejected" }), "Stan rejected the federation");
  assertMatch(said({ ...approval, effect: "grants" }), /mesh ogp federation scopes 302a$/);
  assertMatch(said({ kind: "ogp-approval", effect: "noted" }), /without a signature$/);
  const removal = { kind: "ogp-removal", from: STAN } as const;
  assertEquals(said({ ...removal, confirmed: true }), "Stan ended the federation");
  assertMatch(said({ ...removal, confirmed: false }), /is said to have ended/);
  assertEquals(said({ kind: "ogp-reply", nonce: "n1" }), "reply to n1");
});

Deno.test("deliveries of messages are known by their ids, of news by what they are", () => {
  const delivered = { kind: "delivered", to: "Stan", message_id: "m1" } as const;
  assertEquals(said(delivered), "delivered to Stan: m1");
  assertEquals(said({ ...delivered, protocol: "ogp" }), "delivered to Stan: m1");
  assertEquals(
    said({ ...delivered, protocol: "ogp-approve" }),
    "delivered to Stan: the approval with its grants",
  );
  const dead = { kind: "dead", to: "Stan", message_id: "m1", reason: "no" } as const;
  assertEquals(said(dead), "gave up m1 to Stan: no");
});

Deno.test("a log is dated, and what happened before the first line comes after it", () => {
  const sinks = new Sinks();
  const teller = new Teller(new Terminal(sinks), { dated: true });
  teller.tell({ kind: "requeued", message_id: "m1" });
  assertEquals(sinks.stdout.text, "");
  teller.listening(LISTENING, "listening on h");
  teller.note("Stopping.");
  const stamp = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`;
  const words = `^${stamp} listening on h\n${stamp} queued again after a crash: m1\n$`;
  assertMatch(sinks.stdout.text, new RegExp(words));
  assertMatch(sinks.stderr.text, new RegExp(`^${stamp} Stopping\\.\n$`));
});

Deno.test("with JSON each event is a line, an error as its sentence", () => {
  const sinks = new Sinks();
  const teller = new Teller(new Terminal({ ...sinks, json: true }));
  teller.listening(LISTENING, "unsaid");
  teller.tell({ kind: "ogp-reply", nonce: "é" });
  teller.tell({ kind: "fault", error: new Error("no disk") });
  assertEquals(sinks.stdout.text.trimEnd().split("\n"), [
    JSON.stringify(LISTENING),
    '{"kind":"ogp-reply","nonce":"\\u00e9"}',
    '{"kind":"fault","error":"no disk"}',
  ]);
});
