import { assertEquals } from "@std/assert";
import { ownKey } from "../../../../lib/ogp/card.ts";
import { keyId } from "../../../../lib/ogp/names.ts";
import { listContributions } from "../../../../lib/ogp/projects/contributions.ts";
import { importProjects } from "../../../../lib/ogp/projects/import_projects.ts";
import { getProject } from "../../../../lib/ogp/projects/project_store.ts";
import { befriend, stranger, testGateway } from "../gateways.ts";

Deno.test("projects of OGP's own program keep members, times and authors, however often they come", async () => {
  await using gateway = await testGateway();
  const { node } = gateway;
  const stan = await befriend(gateway, stranger());
  const old = await befriend(gateway, stranger(), { gatewayUrl: "http://127.0.1.1:18801" });
  const importer = { ...node, ownKey: ownKey(node) };
  const one = (id: string, authorId: string, more: Record<string, unknown> = {}) => ({
    ...{ id, timestamp: "2026-01-02T03:04:05.678Z", authorId, summary: `about ${id}`, ...more },
  });
  const file = [
    {
      ...{ id: "my-app", name: "My App", description: "d", createdAt: "2026-01-01T00:00:00.000Z" },
      members: [
        "me@example.test",
        ownKey(node),
        keyId(stan.publicKey),
        "127.0.1.1:18801",
        "gone:1",
      ],
      topics: [
        { name: "progress", contributions: [one("c1", keyId(stan.publicKey)), { summary: 1 }] },
        { name: "decision", contributions: [one("c2", "gone:1", { entryType: "decision" })] },
      ],
    },
    {
      ...{ id: "flat", name: "Flat", members: [], topics: ["notes"] },
      contributions: [one("c3", ownKey(node), { topic: "notes", metadata: { k: 1 } })],
    },
    { id: "a/b", name: "Bad id" },
    { name: "No id" },
    null,
  ];
  const expected = [
    {
      ...{ id: "my-app", fate: "taken", contributions: 2 },
      detail: "1 of its members are no peers here; 1 contributions are damaged or too long",
    },
    { id: "flat", fate: "taken", contributions: 1, detail: "" },
    { id: "a/b", fate: "refused", contributions: 0, detail: 'Cannot call a project "a/b"' },
    { id: "", fate: "refused", contributions: 0, detail: "It has no id or no name" },
    { id: "", fate: "refused", contributions: 0, detail: "It has no id or no name" },
  ];
  assertEquals(await importProjects(importer, file), expected as never);
  assertEquals(await importProjects(importer, { projects: file }), expected as never);
  const project = await getProject(node.state, "my-app");
  assertEquals(project.members.map(({ publicKey }) => publicKey), [stan.publicKey, old.publicKey]);
  const told = (await listContributions(node.state, project)).map((contribution) => [
    ...[contribution.summary, contribution.entryType, contribution.author, contribution.timestamp],
  ]);
  const time = "2026-01-02T03:04:05.678Z";
  assertEquals(told.sort(), [
    ["about c1", "progress", stan.publicKey, time],
    ["about c2", "decision", "gone:1", time],
  ]);
  const [flat] = await listContributions(node.state, await getProject(node.state, "flat"));
  assertEquals([flat?.author, flat?.entryType, flat?.metadata], [ownKey(node), "notes", { k: 1 }]);
});

Deno.test("what is no list of projects is refused as a whole", async () => {
  await using gateway = await testGateway();
  for (const plain of [null, 1, "x", {}, { projects: {} }]) {
    const outcome = await importProjects(gateway.node, plain);
    assertEquals(outcome.map(({ fate }) => fate), ["refused"]);
  }
});
