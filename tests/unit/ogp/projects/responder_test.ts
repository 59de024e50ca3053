import { assert, assertEquals, assertLess } from "@std/assert";
import fc from "fast-check";
import { MeshError } from "../../../../lib/error.ts";
import { keyId } from "../../../../lib/ogp/names.ts";
import { listContributions } from "../../../../lib/ogp/projects/contributions.ts";
import { addMember, removeMember } from "../../../../lib/ogp/projects/membership.ts";
import { getProject } from "../../../../lib/ogp/projects/project_store.ts";
import { createProject } from "../../../../lib/ogp/projects/membership.ts";
import { PROJECT_INTENTS } from "../../../../lib/ogp/projects/project_intents.ts";
import { refused, says, team } from "./team.ts";

const contribute = (summary: string, more: Record<string, unknown> = {}) => ({
  intent: "project.contribute",
  payload: { projectId: "p1", entryType: "progress", summary, ...more },
});
const query = (more: Record<string, unknown> = {}) => ({
  intent: "project.query",
  payload: { projectId: "p1", ...more },
});
const status = { intent: "project.status", payload: { projectId: "p1" } };
const join = (more: Record<string, unknown> = {}) => ({
  intent: "project.join",
  payload: { projectId: "p1", projectName: "P", ...more },
});

Deno.test("who is not a member reads nothing and contributes nothing", async () => {
  await using gateway = await team();
  const { other, node, project } = gateway;
  for (const said of [contribute("s"), query(), status]) {
    await refused(() => says(gateway, other, said), "refused", "Not a member of project 'p1'");
  }
  assertEquals(await listContributions(node.state, project), []);
});

Deno.test("a project that is not here is 404 for members of others, whatever it is called", async () => {
  await using gateway = await team();
  for (const id of ["nope", "P1", "p1/", "../p1", "p1.json", "x".repeat(10_000), "\u0000", "p1 "]) {
    for (const intent of PROJECT_INTENTS) {
      const payload = { projectId: id, projectName: "n", entryType: "t", summary: "s" };
      await refused(
        () => says(gateway, gateway.member, { intent, payload }),
        "not_found",
        "not found",
      );
    }
  }
});

Deno.test("payloads that are none are refused with what is missing or wrong", async () => {
  await using gateway = await team();
  const wrong: [intent: string, payload: Record<string, unknown>, sentence: string][] = [
    ["project.join", { projectId: "p1" }, "Missing required fields: projectId, projectName"],
    ["project.join", { projectId: "p1", projectName: 1 }, "have to be texts"],
    ["project.contribute", { projectId: "p1", summary: "s" }, "Missing required fields"],
    ["project.contribute", { projectId: "p1", entryType: "t" }, "Missing required fields"],
    ["project.contribute", { projectId: "p1", entryType: ["t"], summary: "s" }, '"entryType"'],
    ["project.contribute", { projectId: "p1", topic: "a\nb", summary: "s" }, "An entry type"],
    ["project.contribute", { projectId: "p1", topic: "t", summary: " " }, "The summary is empty"],
    ["project.contribute", { projectId: "p1", topic: "t", summary: "s", metadata: 1 }, "metadata"],
    ["project.query", {}, "Missing required fields: projectId"],
    ["project.query", { projectId: "p1", limit: 0 }, '"limit"'],
    ["project.query", { projectId: "p1", limit: "5" }, '"limit"'],
    ["project.status", { projectId: null }, "Missing required fields: projectId"],
    ["project.status", { projectId: {} }, "have to be texts"],
  ];
  for (const [intent, payload, sentence] of wrong) {
    await refused(() => says(gateway, gateway.member, { intent, payload }), "malformed", sentence);
  }
});

Deno.test("a contribution that is too large is refused", async () => {
  await using gateway = await team();
  const large: Record<string, unknown>[] = [
    { summary: "x".repeat(10_001) },
    { entryType: "x".repeat(101) },
    { metadata: { x: "x".repeat(32 * 1024) } },
    { metadata: { x: JSON.parse("[".repeat(30) + "]".repeat(30)) } },
  ];
  for (const more of large) {
    await refused(() => says(gateway, gateway.member, contribute("s", more)), "too_large");
  }
});

Deno.test("the same message handled twice contributes once, under one id", async () => {
  await using gateway = await team();
  const { member, node, project, clock } = gateway;
  const said = { ...contribute("s"), nonce: "n-1" };
  const first = await says(gateway, member, said);
  clock.pass(4000);
  const again = await says(gateway, member, said);
  assertEquals(again.contributionId, first.contributionId);
  const stored = await listContributions(node.state, project);
  assertEquals(stored.map(({ id }) => id), [first.contributionId]);
  assertEquals(stored[0]?.timestamp, first.timestamp);
  assertEquals((await says(gateway, member, status)).topics[0].contributionCount, 1);
  const other = await says(gateway, member, { ...said, nonce: "n-2" });
  assert(other.contributionId !== first.contributionId);
});

Deno.test("a peer that asks waits for the owner, and gets in once it is invited", async () => {
  await using gateway = await team();
  const { other, node } = gateway;
  await refused(() => says(gateway, other, join()), "refused", "The owner has to let you into");
  const pending = await says(gateway, other, join({ acceptsPending: true }));
  assertEquals([pending.joined, pending.status], [false, "pending"]);
  assertEquals("projectName" in pending, false);
  const { asking } = await getProject(node.state, "p1");
  assertEquals(asking.map(({ publicKey }) => publicKey), [other.publicKey]);
  await refused(() => says(gateway, other, query()), "refused");
  await addMember(node, "p1", other.publicKey);
  const joined = await says(gateway, other, join());
  assertEquals([joined.joined, joined.projectName], [true, "Proj One"]);
  assertEquals((await getProject(node.state, "p1")).asking, []);
  await says(gateway, other, contribute("hello"));
  await removeMember(node, "p1", other.publicKey);
  await refused(() => says(gateway, other, query()), "refused");
});

Deno.test("an open project lets in every approved peer that asks", async () => {
  await using gateway = await team();
  await createProject(gateway.node, { id: "ideas", name: "Ideas", joining: "open" });
  const said = { intent: "project.join", payload: { projectId: "ideas", projectName: "x" } };
  assertEquals((await says(gateway, gateway.other, said)).joined, true);
  assertEquals((await says(gateway, gateway.other, said)).joined, true);
  assertEquals((await getProject(gateway.node.state, "ideas")).members.length, 1);
});

Deno.test("what a peer asks for is filtered, newest first, and bounded", async () => {
  await using gateway = await team();
  const { member, other, node, clock } = gateway;
  await addMember(node, "p1", other.publicKey);
  for (
    const [who, type, summary] of [
      [member, "progress", "Login works"],
      [other, "decision", "Use PostgreSQL"],
      [member, "decision", "No cookies"],
    ] as const
  ) {
    clock.pass(1000);
    await says(gateway, who, contribute(summary, { entryType: type, topic: type }));
  }
  const summaries = async (more: Record<string, unknown>) => {
    const { contributions } = await says(gateway, member, query(more));
    return contributions.map(({ summary }: { summary: string }) => summary);
  };
  assertEquals(await summaries({}), ["No cookies", "Use PostgreSQL", "Login works"]);
  assertEquals(await summaries({ limit: 1 }), ["No cookies"]);
  assertEquals(await summaries({ limit: 1e9 }), ["No cookies", "Use PostgreSQL", "Login works"]);
  assertEquals(await summaries({ topic: "decision" }), ["No cookies", "Use PostgreSQL"]);
  assertEquals(await summaries({ authorId: keyId(other.publicKey) }), ["Use PostgreSQL"]);
  assertEquals(await summaries({ authorId: member.publicKey, topic: "progress" }), ["Login works"]);
  assertEquals(await summaries({ authorId: "nobody" }), []);
  assertEquals(await summaries({ search: "POSTGRES" }), ["Use PostgreSQL"]);
});

Deno.test("an answer stays small, however large the contributions are", async () => {
  await using gateway = await team();
  const metadata = { deep: Array.from({ length: 10_000 }, () => 1) };
  for (let i = 0; i < 30; i++) {
    await says(gateway, gateway.member, contribute(`${i} ${"é".repeat(9000)}`, { metadata }));
  }
  const answer = await says(gateway, gateway.member, query({ limit: 200 }));
  assert(answer.contributions.length > 0);
  assertLess(JSON.stringify(answer, null, 2).length, 1_000_000);
});

Deno.test("two members whose keys begin alike are told apart by their whole keys", async () => {
  await using gateway = await team();
  const { member, node } = gateway;
  const twin = keyId(member.publicKey) + "0".repeat(56);
  await addMember(node, "p1", twin);
  const { project } = await says(gateway, member, status);
  assertEquals(project.members.slice(1), [member.publicKey, twin]);
});

Deno.test("no payload makes anything but an answer or a refusal", async () => {
  await using gateway = await team();
  const odd = fc.oneof(
    ...[fc.string(), fc.integer(), fc.constant("p1"), fc.constant(null), fc.jsonValue()],
    fc.string({ unit: "binary", maxLength: 300 }),
  );
  const payload = fc.record({
    ...{ projectId: fc.oneof(fc.constant("p1"), odd), projectName: odd, entryType: odd },
    ...{ topic: odd, summary: odd, metadata: odd, authorIdentity: odd, authorId: odd, limit: odd },
    search: odd,
  }, { requiredKeys: [] });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PROJECT_INTENTS), payload, async (intent, payload) => {
      try {
        await says(gateway, gateway.member, { intent, payload });
      } catch (error) {
        assert(error instanceof MeshError, String(error));
        assert(["malformed", "too_large", "not_found", "refused"].includes(error.code), error.code);
      }
    }),
    { numRuns: 300 },
  );
});
