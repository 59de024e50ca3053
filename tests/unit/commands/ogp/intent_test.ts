import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { intentRecords } from "../../../../lib/ogp/intents/record.ts";
import { command, owner } from "./household.ts";

Deno.test("an intent is registered, listed, granted its schema, and removed", async () => {
  await using anna = await owner("Anna");
  const intent = (...args: string[]) => command(anna.root, "ogp", "intent", ...args);
  const file = `${anna.root}/schema.json`;
  await Deno.writeTextFile(file, '{"type":"object","required":["env"]}');
  const registered = await intent(
    "register",
    "deployment",
    "--description",
    "Deployment notifications",
    "--session-key",
    "agent:main:main",
    "--handler",
    "/bin/sh",
    "--timeout",
    "5s",
    "--schema",
    file,
    "--json",
  );
  assertEquals(registered.code, 0, registered.err);
  const { registeredAt, ...document } = JSON.parse(registered.out);
  assert(Date.parse(registeredAt) > 0);
  assertEquals(document, {
    ok: true,
    replaced: false,
    name: "deployment",
    builtIn: false,
    description: "Deployment notifications",
    sessionKey: "agent:main:main",
    handler: ["/bin/sh"],
    schema: { type: "object", required: ["env"] },
    timeoutMs: 5000,
  });
  const listed = JSON.parse((await intent("list", "--json")).out);
  assertEquals(listed.filter(({ builtIn }: { builtIn: boolean }) => !builtIn).length, 1);
  assertStringIncludes((await intent("list")).out, "Deployment notifications");
  const card = await anna.listen().then(() => fetch(`${anna.url}/.well-known/ogp`));
  assert((await card.json()).capabilities.intents.includes("deployment"));
  assertStringIncludes(
    (await intent("register", "deployment")).out,
    "Registered again: deployment",
  );
  assertEquals((await intent("remove", "deployment")).code, 0);
  assertEquals(await intentRecords(anna.state).ids(), []);
});

Deno.test("what cannot be registered is said so, and nothing is stored", async () => {
  await using anna = await owner("Anna");
  const intent = (...args: string[]) => command(anna.root, "ogp", "intent", ...args);
  const tries: readonly (readonly [args: string[], code: number, sentence: string])[] = [
    [["register", "message"], 5, '"message" is built in'],
    [["register", "project.x"], 5, "keeps for itself"],
    [["register", "a b"], 2, "cannot be the name of an intent"],
    [["register", "x", "--schema", '{"if":{}}'], 4, '"if" is a keyword that is not known here'],
    [["register", "x", "--schema", "{"], 2, "Cannot read the schema as JSON"],
    [["register", "x", "--schema", "/no/such/file"], 3, "There is no file"],
    [["register", "x", "--handler", "/no/such/file"], 3, "no program"],
    [["register", "x", "--timeout", "5s"], 2, "none is given"],
    [["register", "x", "--handler", "/bin/sh", "--timeout", "2h"], 2, "from 100ms to 1h"],
    [["remove", "message"], 4, "built in and cannot be removed"],
    [["remove", "x"], 3, 'No intent is called "x"'],
  ];
  for (const [args, code, sentence] of tries) {
    const said = await intent(...args);
    assertEquals([args, said.code], [args, code]);
    assertStringIncludes(said.err, sentence);
  }
  assertEquals(await intentRecords(anna.state).ids(), []);
});
