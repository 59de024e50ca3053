import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createMessage } from "../../lib/mesh/messages.ts";
import { createContactRequest } from "../../lib/mesh/contacts.ts";
import { printJson } from "../../lib/signing/json_print.ts";
import { friends, TestNode } from "./node.ts";

Deno.test("two nodes that never meet on a network write to each other by hand", async (t) => {
  await using ann = await TestNode.named("ann");
  await using bob = await TestNode.named("bob");
  let carried = "";

  await t.step("ann's request goes into a file, and bob takes it in", async () => {
    const { stdout, stderr } = await ann.run(["request-contact", "--purpose", "by post"]);
    assertStringIncludes(stderr, "mesh receive-contact FILE");
    const file = await bob.file("request.json", stdout);
    const { request_id } = JSON.parse(stdout);
    const taken = await bob.run(["receive-contact", file]);
    assertStringIncludes(taken.stdout, "Ann (ann) asks for contact.");
    assertStringIncludes(taken.stderr, `mesh approve-request ${request_id}`);
    const again = await bob.run(["receive-contact", file]);
    assertStringIncludes(again.stdout, "this request is here already");
    await bob.run(["approve-request", request_id]);
    const late = await bob.run(["receive-contact", file]);
    assertStringIncludes(late.stdout, "Ann (ann) is trusted here already.");
    assertEquals((await bob.json(["list-requests"])).length, 1);
  });

  await t.step("bob's request goes through a pipe", async () => {
    const { stdout } = await bob.run(["request-contact"]);
    await ann.run(["receive-contact", "-"], { stdin: stdout });
    await ann.run(["approve-request", "bob"]);
  });

  await t.step("a message is printed instead of sent, and read on the other side", async () => {
    const said = ["send-message", "--to", "bob", "--text", "Grüße\nvon Hand"];
    const { stdout, stderr } = await ann.run(said);
    assertStringIncludes(stderr, "Not sent");
    carried = stdout;
    const file = await bob.file("message.json", carried);
    const { message_id } = JSON.parse(carried);
    const taken = await bob.run(["receive-message", file]);
    assertStringIncludes(taken.stdout, `Received: ${message_id} from Ann (ann)`);
    assertMatch((await bob.run(["list-messages"])).stdout, /\n {2}Grüße\n {2}von Hand\n$/);
    assertEquals(await ann.json(["queue", "list"]), []);
  });

  await t.step("the same message again changes nothing", async () => {
    const taken = await bob.run(["receive-message", "-"], { stdin: carried });
    assertStringIncludes(taken.stdout, "Received before: ");
    assertEquals((await bob.json(["list-messages"])).length, 1);
  });
});

Deno.test("what was carried for days is taken when its receiver says so", async () => {
  const [ann, bob] = await friends("ann", "bob");
  await using _ann = ann;
  await using _bob = bob;
  await using cat = await TestNode.named("cat");
  const lastWeek = () => new Date(Date.now() - 7 * 24 * 3_600_000);
  const message = createMessage({ ...await ann.open(), now: lastWeek }, "bob", "late");
  const request = createContactRequest({ ...await cat.open(), now: lastWeek });
  for (
    const [command, document] of [["receive-message", message], [
      "receive-contact",
      request,
    ]] as const
  ) {
    const file = await bob.file(`${command}.json`, printJson(document));
    const refused = await bob.run([command, file], { code: 4 });
    assertStringIncludes(refused.stderr, "is more than 5 minutes old");
    assertStringIncludes(
      refused.stderr,
      `hint: if you trust its way here: mesh ${command} --allow`,
    );
    await bob.run([command, "--allow-old", file]);
  }
  assertEquals((await bob.json(["list-messages"]))[0].body.text, "late");
  assertEquals((await bob.json(["list-requests"])).at(-1).from.agent_id, "cat");
});

Deno.test("what was damaged on its way is refused with the reason", async () => {
  const [ann, bob] = await friends("ann", "bob");
  await using _ann = ann;
  await using _bob = bob;
  const said = ["send-message", "--to", "bob", "--text", "whole"];
  const { stdout } = await ann.run(said);
  const damaged: [name: string, content: string | Uint8Array, code: string][] = [
    ["changed", stdout.replace("whole", "other"), "bad_signature"],
    ["addressed to another", stdout.replace('"bob"', '"eve"'), "wrong_recipient"],
    ["from a stranger", stdout.replace('"ann"', '"eve"'), "not_trusted"],
    ["cut", stdout.slice(0, -20), "invalid_json"],
    ["doubled", stdout + stdout, "invalid_json"],
    ["empty", "", "invalid_json"],
    ["binary", Uint8Array.of(0xff, 0xfe, 0x00), "invalid_json"],
    ["a list", "[]", "malformed"],
    ["a contact request", printJson(createContactRequest(await ann.open())), "malformed"],
    ["huge", " ".repeat(300_000) + stdout, "too_large"],
  ];
  for (const [name, content, code] of damaged) {
    const file = await bob.file(`${name}.json`, content);
    const answer = await bob.json(["receive-message", file], { code: 4 });
    assertEquals([name, answer.ok, answer.error], [name, false, code]);
  }
  assertEquals((await bob.json(["receive-message", "gone.json"], { code: 3 })).error, "not_found");
  assertEquals((await bob.json(["receive-message", bob.home], { code: 7 })).error, "io");
  assertEquals(await bob.json(["list-messages"]), []);
});
