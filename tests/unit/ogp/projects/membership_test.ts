import { assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../../lib/error.ts";
import { addContribution, contributionIndex } from "../../../../lib/ogp/projects/contributions.ts";
import {
  addMember,
  askToJoin,
  createProject,
  deleteProject,
  removeMember,
} from "../../../../lib/ogp/projects/membership.ts";
import { isProjectId } from "../../../../lib/ogp/projects/project_record.ts";
import {
  findProject,
  getProject,
  listProjects,
} from "../../../../lib/ogp/projects/project_store.ts";
import { filesBelow } from "../../store/temporary_root.ts";
import { testGateway } from "../gateways.ts";
import { refused, team } from "./team.ts";

const KEYS = ["11", "22", "33"].map((byte) => "302a300506032b6570032100" + byte.repeat(32));

Deno.test("ids of projects are names of files, folders and topics", () => {
  for (const id of ["my-app", "a", "v1.2", "Überblick", "x".repeat(100), "_a", "2026"]) {
    assertEquals([id, isProjectId(id)], [id, true]);
  }
  const wrong = [
    ...["", ".", "..", "../x", "a/b", "a b", "a,b", ".hidden", "a.", "-x", "x.json", "x.JSON"],
    ...["a\n", "a\u0000", "\ud800", "x".repeat(101), "é".repeat(100), "a\u202eb"],
  ];
  for (const id of wrong) assertEquals([id, isProjectId(id)], [id, false]);
});

Deno.test("a project is created once, also by two at the same time", async () => {
  await using gateway = await testGateway();
  const both = await Promise.allSettled(
    ["A", "B"].map((name) => createProject(gateway.node, { id: "p", name })),
  );
  assertEquals(both.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
  await refused(() => createProject(gateway.node, { id: "p", name: "C" }), "exists");
  for (
    const wrong of [{ id: "a/b", name: "x" }, { id: "q", name: " " }, { id: "q", name: "\u001b" }]
  ) {
    await refused(() => createProject(gateway.node, wrong), "usage");
  }
  assertEquals((await listProjects(gateway.node.state)).length, 1);
});

Deno.test("a project that is deleted and made again begins empty, also after a crash", async () => {
  await using gateway = await team();
  const { node, root, project } = gateway;
  const origin = { author: "a", now: node.now(), source: "s" };
  await addContribution(node.state, project, { entryType: "t", summary: "old" }, origin);
  // A crash comes after the record went, and before its folder did.
  await Deno.remove(`${root}/ogp/projects/p1.json`);
  assertEquals(await findProject(node.state, "p1"), undefined);
  const again = await createProject(node, { id: "p1", name: "Again" });
  assertEquals(await contributionIndex(node.state, again), []);
  await addContribution(node.state, again, { entryType: "t", summary: "new" }, origin);
  await deleteProject(node, "p1");
  await refused(() => deleteProject(node, "p1"), "not_found");
  const left = (await filesBelow(root)).filter((path) => path.startsWith("ogp/projects"));
  assertEquals(left, []);
});

Deno.test("members that are added at once are all members", async () => {
  await using gateway = await testGateway();
  const { node } = gateway;
  await createProject(node, { id: "p", name: "P" });
  const again = await gateway.again();
  await Promise.all(KEYS.map((key, n) => addMember(n % 2 ? node : again, "p", key)));
  const { members } = await getProject(node.state, "p");
  assertEquals(members.map(({ publicKey }) => publicKey).sort(), KEYS);
});

Deno.test("who asks is remembered once, and may be turned down", async () => {
  await using gateway = await testGateway();
  const { node } = gateway;
  const [asker = "", other = ""] = KEYS;
  await createProject(node, { id: "p", name: "P" });
  for (let n = 0; n < 3; n++) assertEquals((await askToJoin(node, "p", asker)).state, "pending");
  assertEquals((await getProject(node.state, "p")).asking.length, 1);
  await refused(() => removeMember(node, "p", other), "not_found");
  assertEquals((await removeMember(node, "p", asker)).asking, []);
});

Deno.test("decisions about members are on record before they take effect", async () => {
  await using gateway = await testGateway();
  const { node, root } = gateway;
  const [key = ""] = KEYS;
  await createProject(node, { id: "p", name: "P" });
  await addMember(node, "p", key);
  await removeMember(node, "p", key);
  await deleteProject(node, "p");
  const events: string[] = [];
  for await (const { name } of Deno.readDir(`${root}/audit`)) {
    const text = await Deno.readTextFile(`${root}/audit/${name}`);
    events.push(...text.trim().split("\n").map((line) => JSON.parse(line).event));
  }
  assertEquals(events.filter((event) => event.startsWith("project.")), [
    ...["project.created", "project.member.added", "project.member.removed", "project.deleted"],
  ]);
});

Deno.test("a record that was edited into something else is reported and left alone", async () => {
  await using gateway = await team();
  const { node, root } = gateway;
  const file = `${root}/ogp/projects/p1.json`;
  const text = (await Deno.readTextFile(file)).replace("contributions-", "../../../etc-");
  await Deno.writeTextFile(file, text);
  await assertRejects(() => getProject(node.state, "p1"), MeshError);
  assertEquals(await Deno.readTextFile(file), text);
});
