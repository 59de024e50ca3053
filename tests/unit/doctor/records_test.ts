import { assert, assertEquals, assertLess, assertMatch, assertStringIncludes } from "@std/assert";
import { takeOver } from "../../../lib/doctor/access.ts";
import type { Finding } from "../../../lib/doctor/check.ts";
import { everyRecord } from "../../../lib/doctor/every_record.ts";
import { records } from "../../../lib/doctor/records.ts";
import { runChecks } from "../../../lib/doctor/runner.ts";
import { MeshError } from "../../../lib/error.ts";
import type { Peer } from "../../../lib/mesh/records.ts";
import type { Collection } from "../../../lib/store/store.ts";
import { only, TempNode } from "./nodes.ts";

const ASIDE = /\.corrupt-\d{8}T\d{6}Z/;

function levels(findings: readonly Finding[]): string[] {
  return findings.map(({ level }) => level);
}

Deno.test("records of every kind are read and counted", async () => {
  await using node = await TempNode.named("stan");
  assertEquals(only(await node.run(records)).message, "There are no records yet");
  const card = await node.card();
  await node.write("peers/stan.json", JSON.stringify(card));
  const folders = ["requests/incoming", "requests/outgoing", "messages/incoming"];
  for (const folder of [...folders, "messages/outgoing"]) {
    await node.write(`${folder}/a.json`, "{}");
  }
  const entry = {
    id: "a",
    protocol: "mesh",
    to: "stan",
    created_at: "2026-01-01T00:00:00Z",
    attempts: 0,
    next_attempt_at: "2026-01-01T00:00:00Z",
  };
  await node.write("outbox/a.json", JSON.stringify(entry));
  await node.write("outbox/failed/b.json", JSON.stringify(entry));
  const found = only(await node.run(records));
  assertEquals([found.level, found.message], ["ok", "7 records can be read"]);
});

Deno.test("a damaged record is set aside and named, in this run and in the next ones", async () => {
  await using node = await TempNode.named("stan");
  await node.write("messages/incoming/msg_2.json", '{"a": 1}{"b": 2}');
  const first = only(await node.run(records));
  assertEquals(first.level, "warning");
  assertStringIncludes(first.message, "1 damaged record was set aside");
  assertStringIncludes(first.message, '"messages/incoming/msg_2.json.corrupt-');
  assertEquals(first.fix, `ls -l ${node.root}/messages/incoming/*.corrupt-*`);
  const listed = await new Deno.Command("sh", { args: ["-c", first.fix!] }).output();
  assertEquals(listed.code, 0);
  const next = only(await node.run(records));
  assertEquals([next.level, next.fix], [first.level, first.fix]);
  assertMatch(next.message, ASIDE);
});

Deno.test("several damaged records in several folders are one line", async () => {
  await using node = await TempNode.named("stan");
  for (let i = 0; i < 5; i++) await node.write(`messages/incoming/msg_${i}.json`, "{");
  await node.write("peers/kyle.json", "[1");
  const found = only(await node.run(records));
  assertStringIncludes(found.message, "6 damaged records were set aside");
  assertStringIncludes(found.message, "and 3 more");
  assertStringIncludes(found.fix!, `${node.root}/peers/*.corrupt-*`);
  assertStringIncludes(found.fix!, `${node.root}/messages/incoming/*.corrupt-*`);
});

Deno.test("a record of an unexpected shape stays where it is and is named", async () => {
  await using node = await TempNode.named("stan");
  for (let i = 0; i < 7; i++) await node.write(`peers/p${i}.json`, '{"agent_id": 7}');
  const found = await node.run(records);
  assertEquals(levels(found), Array(6).fill("warning"));
  assertEquals(found[0]!.fix, `cat ${node.root}/peers/p0.json`);
  assertStringIncludes(found[0]!.message, "agent_id");
  assertStringIncludes(found[5]!.message, "2 more records");
  assertEquals(await node.read("peers/p0.json"), '{"agent_id": 7}');
});

Deno.test("a record under a name that the store does not see is a warning with the right name", async () => {
  await using node = await TempNode.named("stan");
  const card = { ...await node.card(), agent_id: "my agent" };
  await node.write("peers/my agent.json", JSON.stringify(card));
  const found = only(await node.run(records));
  const path = `${node.root}/peers/my`;
  assertEquals([found.level, found.fix], [
    "warning",
    `mv -n '${path} agent.json' ${path}%20agent.json`,
  ]);
  await new Deno.Command("sh", { args: ["-c", found.fix!] }).output();
  assertEquals(only(await node.run(records)).level, "ok");
  assertEquals((await node.state.peers.get("my agent"))?.agent_id, "my agent");
});

Deno.test("a name that cannot be mended is shown", async () => {
  await using node = await TempNode.named("stan");
  await node.write(`peers/${" ".repeat(100)}.json`, "{}");
  assertStringIncludes(only(await node.run(records)).fix!, "ls -l ");
});

Deno.test("what cannot be opened or listed is a failure, and the rest is still read", async () => {
  await using node = await TempNode.named("stan");
  await node.write("messages/incoming/a.json", "{");
  const cause = Object.assign(new Error("Permission denied"), { code: "EACCES" });
  const denied = (what: string) =>
    Promise.reject(
      new MeshError("io", `Cannot ${what}: permission denied`, { cause, hint: "ask" }),
    );
  const failing = async (collection: object): Promise<Finding[]> => {
    const context = node.context();
    const peers = { ...context.state.peers, ...collection } as Collection<Peer>;
    return await runChecks([records], { ...context, state: { ...context.state, peers } });
  };
  const ids = () => Promise.resolve(["a", "b", "c"]);
  const get = (id: string) => id === "b" ? Promise.resolve({}) : denied(`read "${id}"`);
  const cases = [
    [{ ids, get }, '2 records cannot be opened, such as: cannot read "a": permission denied'],
    [{ ids: () => Promise.resolve(["c"]), get }, 'Cannot read "c": permission denied'],
    [{ ids: () => denied("list"), get }, "Cannot list: permission denied"],
  ] as const;
  for (const [collection, message] of cases) {
    const [access, damage] = await failing(collection);
    assertEquals([access?.level, access?.message, access?.fix], [
      "failure",
      message,
      takeOver(node.root),
    ]);
    assertStringIncludes(damage!.message, "1 damaged record was set aside");
  }
});

Deno.test("reading gives way to others and stops when its time is up", async () => {
  const ids = Array.from({ length: 1_000_000 }, (_, i) => String(i));
  const collection: Pick<Collection<number>, "get" | "ids"> = {
    ids: () => Promise.resolve(ids),
    get: (id) => Promise.resolve(Number(id)),
  };
  const until = performance.now() + 200;
  let turns = 0;
  const timer = setInterval(() => turns++, 10);
  let last = -1;
  const reading = await everyRecord(
    collection,
    (value) => last = value,
    () => performance.now() > until,
  );
  clearInterval(timer);
  assertEquals([reading.total, reading.seen], [1_000_000, last + 1]);
  assertLess(reading.seen, 1_000_000);
  assert(turns >= 3, `Others had ${turns} turns in 200 ms`);
});
