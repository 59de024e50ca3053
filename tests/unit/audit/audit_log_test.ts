import { assert, assertEquals, assertRejects } from "@std/assert";
import { AuditLog } from "../../../lib/audit/audit_log.ts";
import { MeshError } from "../../../lib/error.ts";
import { auditEvents, Clock, temporaryRoot } from "../mesh/parties.ts";

Deno.test("a decision is a line of the day, readable by its owner alone", async () => {
  await using root = await temporaryRoot();
  const clock = new Clock("2026-03-12T23:59:59.500Z");
  const log = new AuditLog(root.path, { now: clock.now });
  await log.decision({ event: "contact.approved", agent_id: "stan", left_out: undefined });
  clock.pass(1000);
  await log.decision({ event: "peer.removed", agent_id: "stan" });
  const [first, second] = await Promise.all(
    ["2026-03-12", "2026-03-13"].map((day) => Deno.readTextFile(`${root.path}/audit/${day}.jsonl`)),
  );
  assertEquals(
    first,
    '{"at":"2026-03-12T23:59:59.500Z","event":"contact.approved","agent_id":"stan"}\n',
  );
  assertEquals(JSON.parse(second!).event, "peer.removed");
  if (Deno.build.os !== "windows") {
    const modes = ["audit", "audit/2026-03-12.jsonl"].map((path) =>
      (Deno.statSync(`${root.path}/${path}`).mode ?? 0) & 0o777
    );
    assertEquals(modes, [0o700, 0o600]);
  }
});

Deno.test("what strangers say is cut, and cannot make a line of its own", async () => {
  await using root = await temporaryRoot();
  const log = new AuditLog(root.path);
  await log.decision({ event: "x", agent_id: "a".repeat(5000), note: '"}\n{"event":"forged' });
  const [event, ...more] = await auditEvents(root.path);
  assertEquals(more, []);
  assertEquals([String(event?.agent_id).length, event?.event], [200, "x"]);
});

Deno.test("a decision that cannot be written is an error", async () => {
  await using root = await temporaryRoot();
  await Deno.writeTextFile(`${root.path}/audit`, "in the way");
  const log = new AuditLog(root.path);
  const error = await assertRejects(() => log.decision({ event: "x" }), MeshError);
  assertEquals(error.code, "io");
});

Deno.test("a refusal that cannot be written is not", async () => {
  await using root = await temporaryRoot();
  await Deno.writeTextFile(`${root.path}/audit`, "in the way");
  await new AuditLog(root.path).refusal({ event: "x" });
});

Deno.test("refusals are counted when there are too many in a minute, and the count is told", async () => {
  await using root = await temporaryRoot();
  const clock = new Clock("2026-03-12T18:05:00Z");
  const log = new AuditLog(root.path, { refusalsPerMinute: 3, now: clock.now });
  for (let n = 0; n < 10; n++) await log.refusal({ event: "refused", n });
  // Decisions are never held back.
  await log.decision({ event: "decided" });
  clock.pass(60_000);
  await log.refusal({ event: "refused", n: 10 });
  await log.refusal({ event: "refused", n: 11 });
  assertEquals(
    (await auditEvents(root.path)).map(({ event, n, suppressed }) => [event, n, suppressed]),
    [
      ["refused", 0, undefined],
      ["refused", 1, undefined],
      ["refused", 2, undefined],
      ["decided", undefined, undefined],
      ["refused", 10, 7],
      ["refused", 11, undefined],
    ],
  );
});

Deno.test("refusals of a whole day do not fill the disk either", async () => {
  await using root = await temporaryRoot();
  const clock = new Clock("2026-03-12T00:00:00Z");
  const log = new AuditLog(root.path, { refusalsPerDay: 100, now: clock.now });
  for (let n = 0; n < 300; n++) {
    await log.refusal({ event: "refused" });
    clock.pass(10_000);
  }
  assertEquals((await auditEvents(root.path)).length, 100);
  clock.pass(24 * 3_600_000);
  await log.refusal({ event: "refused" });
  const events = await auditEvents(root.path);
  assertEquals([events.length, events.at(-1)?.suppressed], [101, 200]);
});

Deno.test("lines of several writers at once stay whole", async () => {
  await using root = await temporaryRoot();
  const logs = Array.from({ length: 4 }, () => new AuditLog(root.path));
  await Promise.all(
    Array.from(
      { length: 100 },
      (_, n) => logs[n % 4]!.decision({ event: "x", n, pad: "y".repeat(n) }),
    ),
  );
  const numbers = (await auditEvents(root.path)).map(({ n }) => Number(n));
  assertEquals(numbers.sort((a, b) => a - b), Array.from({ length: 100 }, (_, n) => n));
  assert(numbers.length === 100);
});
