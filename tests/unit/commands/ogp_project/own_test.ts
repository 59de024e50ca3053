import { assertEquals, assertStringIncludes } from "@std/assert";
import { owner } from "../ogp/household.ts";
import { document, project, types } from "./household.ts";

Deno.test("the README's commands work on a project of one's own", async () => {
  await using anna = await owner("Anna");
  const create = ["create", "my-app", "My Awesome App", "--description", "Expense tracking"];
  const created = await project(anna, ...create);
  assertEquals([created.code, created.out], [
    ...[0, "Created project my-app: My Awesome App\n  members  you\n"],
  ]);
  await types(
    anna,
    [
      ...["contribute", "my-app", "progress", "Completed authentication system"],
    ],
    ["contribute", "my-app", "decision", "Using PostgreSQL for persistence"],
    [
      ...["contribute", "my-app", "blocker", "Waiting for API key approval"],
      ...["--metadata", '{"ticket":12}', "--local-only"],
    ],
  );
  const status = await project(anna, "status", "my-app");
  assertStringIncludes(status.out, "My Awesome App (my-app)\n  about    Expense tracking\n");
  assertStringIncludes(status.out, "progress  1 here   you  just now, you: Completed");
  const all = await document(anna, ["query", "my-app", "--limit", "10"]);
  assertEquals(all.map(({ entryType }: { entryType: string }) => entryType), [
    ...["blocker", "decision", "progress"],
  ]);
  assertEquals(all[0].metadata, { ticket: 12 });
  assertEquals([all[0].author, all[0].projectId, all[0].topic], ["Anna", "my-app", "blocker"]);
  for (const filter of [["--type", "progress"], ["--topic", "progress"], ["--search", "AUTHENT"]]) {
    const found = await document(anna, ["query", "my-app", ...filter]);
    assertEquals(found.length, 1);
  }
  assertEquals((await document(anna, ["query", "my-app", "--author", "me"])).length, 3);
  assertEquals(await document(anna, ["query", "my-app", "--author", "nobody"]), []);
  const [listed] = await document(anna, ["list"]);
  assertEquals([listed.id, listed.contributionCount, listed.members.length], ["my-app", 3, 1]);
});

Deno.test("what cannot be done says why, and what to type instead", async () => {
  await using anna = await owner("Anna");
  await types(anna, ["create", "p", "P"]);
  const wrong: [code: number, ...args: string[]][] = [
    [5, "create", "p", "Again"],
    [2, "create", "a/b", "Bad"],
    [2, "create", "q", " "],
    [3, "create", "q", "Q", "--members", "nobody"],
    [3, "contribute", "nope", "progress", "x"],
    [4, "contribute", "p", " ", "x"],
    [2, "contribute", "p", "progress", ""],
    [4, "contribute", "p", "progress", "x".repeat(10_001)],
    [2, "contribute", "p", "progress", "x", "--metadata", "[]"],
    [3, "query", "nope"],
    [2, "query", "p", "--limit", "0"],
    [3, "status", "x".repeat(10_000)],
    [3, "join", "nope"],
    [2, "join", "../nope"],
    [2, "join", "nope", "--create"],
    [3, "invite", "p", "nobody"],
    [3, "remove", "p", "nobody"],
    [2, "delete", "p"],
    [2, "remove", "p"],
    [3, "delete", "nope", "--force"],
    [3, "request-join", "nobody", "p", "P"],
    [3, "query-peer", "nobody", "p"],
  ];
  for (const [code, ...args] of wrong) {
    const said = await project(anna, ...args);
    assertEquals([args, said.code, said.out], [args, code, ""]);
    assertEquals(said.err.startsWith("mesh: "), true, said.err);
  }
  assertEquals((await document(anna, ["list"])).length, 1);
});

Deno.test("join says that a project is here, or makes it", async () => {
  await using anna = await owner("Anna");
  await types(anna, ["join", "p", "P", "--create", "--description", "d"]);
  const said = await project(anna, "join", "p");
  assertEquals([said.code, said.out], [0, "You are a member of project p (P).\n"]);
});

Deno.test("a project that is deleted is gone with its entries", async () => {
  await using anna = await owner("Anna");
  await types(anna, ["create", "p", "P"], ["contribute", "p", "progress", "x"]);
  const gone = await document(anna, ["delete", "p", "--force"]);
  assertEquals(gone, { deleted: true, projectId: "p", contributionCount: 1 });
  await types(anna, ["create", "p", "P"]);
  assertEquals(await document(anna, ["query", "p"]), []);
  await types(anna, ["remove", "p", "--force"]);
  assertEquals((await project(anna, "list")).out, "No projects.\n");
});

Deno.test("text of a project cannot move a cursor", async () => {
  await using anna = await owner("Anna");
  await types(anna, ["create", "p", "P"], ["contribute", "p", "note", "a\u001b[31mb\nc\u202e"]);
  const { out } = await project(anna, "query", "p");
  assertStringIncludes(out, "a\ufffd[31mb c\ufffd");
});
