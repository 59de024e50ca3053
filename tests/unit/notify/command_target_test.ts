import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { commandTarget } from "../../../lib/notify/command.ts";
import type { CommandConfig } from "../../../lib/notify/config_types.ts";
import type { Handover, HandoverOutcome } from "../../../lib/notify/handover.ts";
import { messageOf } from "../../../lib/notify/message.ts";
import { handover } from "./handovers.ts";

async function run(
  script: string,
  { message = handover(), ...changes }: Partial<CommandConfig> & { message?: Handover } = {},
): Promise<HandoverOutcome> {
  const fixed = { type: "command", argv: ["sh", "-c", script], timeoutMs: 5000 } as const;
  return await commandTarget({ ...fixed, ...changes }).handOn(message);
}

function textOf(outcome: HandoverOutcome): string {
  assertEquals(outcome.kind, "replied");
  return outcome.kind === "replied" ? (outcome.data as { text: string }).text : "";
}

Deno.test("the message is on the input as JSON and in variables, and the output is the reply", async () => {
  assertEquals(JSON.parse(textOf(await run("cat"))), messageOf(handover()));
  const peer = { ...handover().peer, displayName: "Stan\u001b[31m\0" };
  const script = 'printf "%s|" "$OGP_INTENT" "$OGP_FROM" "$OGP_PEER_KEY" "$OGP_PEER_NAME" ' +
    '"$OGP_NONCE" "$OGP_TIMESTAMP" "$OGP_TOPIC" "$OGP_PRIORITY" "$OGP_LEVEL" "$OGP_CONVERSATION_ID"';
  const conversationId = "$(touch /tmp/x); `id`";
  assertEquals(
    textOf(await run(script, { message: handover({ peer, conversationId }) })),
    "agent-comms|stan:18790|302a300506032b6570032100aa|Stan(31m|abc-123|2026-03-23T10:30:00.000Z|" +
      "memory-management|high|full|$(touch /tmp/x); `id`|",
  );
  assertEquals(JSON.parse(textOf(await run('echo "$OGP_PAYLOAD"'))), handover().payload);
  const huge = handover({ payload: { a: "x".repeat(200_000) } });
  assertEquals(textOf(await run('echo "${OGP_PAYLOAD-none}"', { message: huge })), "none");
  assertEquals(
    textOf(await run('echo "$A$OGP_TOPIC"', { env: { A: "1", OGP_TOPIC: "mine" } })),
    "1memory-management",
  );
});

Deno.test("no output is no reply, and exit code 75 asks to come back", async () => {
  assertEquals(await run("cat > /dev/null"), { kind: "handed" });
  const later = await run("echo busy >&2; exit 75");
  assertEquals(later.kind, "retry");
  assertStringIncludes("reason" in later ? later.reason : "", "busy");
});

Deno.test("a failure is one sentence for the peer; the rest is for the owner, without secrets", async () => {
  const outcome = await run('echo partial; echo "trace with $TOKEN at /home/owner" >&2; exit 3', {
    env: { TOKEN: "hush-hush" },
  });
  assertEquals(outcome, {
    kind: "failed",
    reason: '"sh" ended with exit code 3: trace with [secret] at /home/owner',
    sentence: "The agent could not answer",
  });
  assertEquals((await run("kill -9 $$")).kind, "failed");
});

Deno.test("a command that hangs, prints for ever or cannot be started comes back", async () => {
  const start = performance.now();
  const hang = await run("sleep 60", { timeoutMs: 300 });
  assertEquals(hang.kind === "failed" && hang.sentence, "The agent did not answer in time");
  assert(performance.now() - start < 4000);
  const much = await run("yes");
  assertEquals(much.kind === "failed" && much.sentence, "The agent's answer was too large");
  const exact = textOf(await run("printf %0262144d 0"));
  assertEquals(exact.length, 256 * 1024);
  const none = await run("", { argv: ["no-such-program-here"] });
  assertEquals(none.kind === "retry" && none.retryAfter, 300);
  const signal = AbortSignal.timeout(100);
  const target = commandTarget({ type: "command", argv: ["sleep", "60"], timeoutMs: 60_000 });
  assertEquals((await target.handOn(handover(), { signal })).kind, "retry");
});

Deno.test("a look tells whether the program is there", async () => {
  const look = async (name: string) =>
    await commandTarget({ type: "command", argv: [name], timeoutMs: 1000 }).check?.();
  assertEquals((await look("sh"))?.ok, true);
  assertEquals((await look("no-such-program-here"))?.ok, false);
  assertEquals((await look("/etc/passwd"))?.ok, false);
});
