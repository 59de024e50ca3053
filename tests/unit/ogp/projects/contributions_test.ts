import { assert, assertEquals } from "@std/assert";
import {
  authorToken,
  contributionId,
  contributionName,
  typeToken,
} from "../../../../lib/ogp/projects/contribution_name.ts";
import { recordOfContribution } from "../../../../lib/ogp/projects/contribution_record.ts";
import {
  addContribution,
  contributionIndex,
  listContributions,
} from "../../../../lib/ogp/projects/contributions.ts";
import { createProject } from "../../../../lib/ogp/projects/membership.ts";
import { contributionsIn } from "../../../../lib/ogp/projects/project_store.ts";
import { summarizeProject } from "../../../../lib/ogp/projects/topic_summary.ts";
import { printJson } from "../../../../lib/signing/json_print.ts";
import { testGateway } from "../gateways.ts";
import { team } from "./team.ts";

Deno.test("processes that contribute at once lose nothing and wait for nobody", async () => {
  await using gateway = await testGateway();
  const { node, root } = gateway;
  const project = await createProject(node, { id: "busy", name: "Busy" });
  const script = new URL("contributor.ts", import.meta.url).pathname;
  const runs = ["a", "b", "c"].map((name) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--quiet", script, root, "busy", "100", name],
      stderr: "inherit",
    }).output()
  );
  assertEquals((await Promise.all(runs)).map(({ code }) => code), [0, 0, 0]);
  const all = await listContributions(node.state, project);
  assertEquals(new Set(all.map(({ summary }) => summary)).size, 300);
  const { topics, contributionCount } = await summarizeProject(node.state, project, []);
  assertEquals([contributionCount, topics[0]?.contributors.toSorted()], [300, ["a", "b", "c"]]);
});

Deno.test("a damaged contribution is left out, and nothing else", async () => {
  await using gateway = await team();
  const { node, project, root } = gateway;
  for (const summary of ["one", "two"]) {
    const origin = { author: "a", now: node.now(), source: summary };
    await addContribution(node.state, project, { entryType: "t", summary }, origin);
    gateway.clock.pass(1000);
  }
  const [first] = await contributionIndex(node.state, project);
  const file = `${root}/${contributionsIn(node.state, project).name}/${first?.name}.json`;
  await Deno.writeTextFile(file, '{"id": ');
  const all = await listContributions(node.state, project);
  assertEquals(all.map(({ summary }) => summary), ["two"]);
});

Deno.test("of many contributions the newest and the sums are found by their names", async () => {
  await using gateway = await team();
  const { node, project, root } = gateway;
  const own = "302a300506032b6570032100" + "ab".repeat(32);
  const folder = `${root}/${contributionsIn(node.state, project).name}`;
  await Deno.mkdir(folder, { recursive: true });
  const types = ["progress", "decision", "blocker", "context"];
  fill(folder, own, await Promise.all(types.map(typeToken)), types, await authorToken(own));
  const newest = await listContributions(node.state, project, { limit: 5 });
  const decisions = await listContributions(node.state, project, {
    ...{ entryType: "decision", authors: [own], limit: 2 },
  });
  const { contributionCount, topics } = await summarizeProject(node.state, project, [own]);
  assertEquals(newest.map(({ summary }) => summary), [
    ...["Step 9999", "Step 9998", "Step 9997", "Step 9996", "Step 9995"],
  ]);
  assertEquals(decisions.map(({ summary }) => summary), ["Step 9997", "Step 9993"]);
  assertEquals(contributionCount, 10_000);
  assertEquals(topics.map((topic) => [topic.name, topic.contributionCount, topic.contributors]), [
    ...types.map((type) => [type, 2_500, [own]]),
  ]);
});

Deno.test("a type that an attacker makes up by the thousand does not fill the summary", async () => {
  await using gateway = await team();
  const { node, project, clock } = gateway;
  for (let n = 0; n < 150; n++) {
    clock.pass(1000);
    const origin = { author: "a", now: node.now(), source: String(n) };
    await addContribution(node.state, project, { entryType: `t${n}`, summary: "s" }, origin);
  }
  const { topics, contributionCount } = await summarizeProject(node.state, project, []);
  assertEquals([topics.length, topics.at(-1)?.name, contributionCount], [100, "t149", 150]);
  assert(topics.every(({ name }) => Number(name.slice(1)) >= 50));
});

Deno.test("an id is made of what a contribution comes from", async () => {
  assertEquals(await contributionId("a"), await contributionId("a"));
  assert(await contributionId("a") !== await contributionId("b"));
});

/** Writes ten thousand records, or rather their names: what is in most of them is never read. */
function fill(
  folder: string,
  own: string,
  tokens: readonly string[],
  types: readonly string[],
  author: string,
): void {
  const start = Date.parse("2026-01-01T00:00:00Z");
  for (let n = 0; n < 10_000; n++) {
    const time = new Date(start + n * 1000);
    const id = n.toString(16).padStart(24, "0");
    const name = contributionName({ time, type: tokens[n % 4] ?? "", author, id });
    const said = { entryType: types[n % 4] ?? "", summary: `Step ${n}` };
    const record = { ...said, id, author: own, timestamp: time.toISOString() };
    const text = n > 9_900 ? printJson(recordOfContribution(record)) : "";
    Deno.writeTextFileSync(`${folder}/${name}.json`, text);
  }
}
