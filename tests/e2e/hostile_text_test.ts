import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { createContactRequest } from "../../lib/mesh/contacts.ts";
import { initIdentity } from "../../lib/mesh/identity.ts";
import { openMeshState } from "../../lib/mesh/state.ts";
import { printJson } from "../../lib/signing/json_print.ts";
import type { Outcome } from "./program.ts";
import { TestNode, trust } from "./node.ts";

/** Colours, a cleared screen, a new window title, a bell, and lines that are not there. */
const ESCAPES = "\u001b[2J\u001b[31mred\u001b]0;owned\u0007\r\n\u009b1A\u0000 end";

/** Text that reads backwards, and parts that nobody sees. */
const INVISIBLE = "Eve\u202egpj.exe\u200b\u2066\ufeff";

Deno.test("what a stranger says shows, and does nothing to the terminal", async (t) => {
  await using ann = await TestNode.named("ann");
  await using eve = await TestNode.empty("eve");
  await initIdentity(openMeshState(eve.state), {
    agentId: "eve",
    displayName: INVISIBLE,
    endpoint: eve.endpoint,
  });
  const shown = async (node: TestNode, ...args: string[]): Promise<Outcome> => {
    const outcome = await node.run(args);
    for (const text of [outcome.stdout, outcome.stderr]) {
      assert(!/[^\P{C}\n]/u.test(text), `${args[0]}: ${JSON.stringify(text)}`);
    }
    return outcome;
  };

  await t.step("in a contact request", async () => {
    const request = printJson(createContactRequest(await eve.open(), `please ${ESCAPES}`));
    const { stdout } = await shown(ann, "receive-contact", await ann.file("request", request));
    assertMatch(stdout, /^Eve�gpj\.exe�+ \(eve\) asks for contact\.\n/);
    const { stdout: table } = await shown(ann, "list-requests");
    assertEquals(table.trimEnd().split("\n").length, 2);
    assertStringIncludes(table, "please �[2J�[31mred�]0;owned� �1A� end");
    const list = await ann.run(["list-requests", "--json"]);
    assert(!/[^\n -~]/.test(list.stdout));
    assertEquals(JSON.parse(list.stdout)[0].purpose, `please ${ESCAPES}`);
  });

  await t.step("when it is approved, listed, compared and asked back", async () => {
    await shown(ann, "approve-request", "eve");
    await shown(ann, "peers", "list");
    await shown(ann, "peers", "show", "eve");
    await shown(ann, "peers", "verify", "eve", "--matched");
    await trust(eve, ann);
  });

  await t.step("in a message", async () => {
    const said = await eve.run(["send-message", "--to", "ann"], { stdin: `hi ${ESCAPES}` });
    const file = await ann.file("message", said.stdout);
    await shown(ann, "receive-message", file);
    const { stdout } = await shown(ann, "list-messages");
    assertStringIncludes(stdout, "\n  hi �[2J�[31mred�]0;owned�\n  �1A� end\n");
    await using follow = ann.start(["list-messages", "--follow"]);
    await follow.until("the message", () => follow.stdout.includes("�1A") || undefined);
    assert(!/[^\P{C}\n]/u.test(follow.stdout));
  });

  await t.step("when it is found, asked and told of", async () => {
    await using eveServes = await eve.serve();
    await shown(ann, "scan", `127.0.0.1:${eve.port}`);
    await shown(ann, "request-contact", eve.endpoint);
    await using serving = ann.start(["serve", "--host", "127.0.0.1", "--port", String(ann.port)]);
    await serving.until("the first line", () => serving.stdout.includes("\n") || undefined);
    await ann.run(["peers", "remove", "eve"]);
    await eve.run(["request-contact", ann.endpoint]);
    await serving.until("the request", () => serving.stdout.includes("asks for") || undefined);
    assert(!/[^\P{C}\n]/u.test(serving.stdout));
    assertStringIncludes(serving.stdout, "Eve�gpj.exe");
    assertEquals((await eveServes.stop()).code, 0);
  });
});

Deno.test("what was typed shows in an error, and does nothing to the terminal", async () => {
  await using ann = await TestNode.named("ann");
  const typed = "st\u001b[31man\u202e";
  for (
    const args of [
      ["peers", "show", typed],
      ["send-message", "--to", typed, "--text", "x"],
      ["approve-request", typed],
      ["queue", "drop", typed],
      ["receive-message", typed],
    ]
  ) {
    const { stdout, stderr } = await ann.run(args, { code: 3 });
    assert(!/[^\P{C}\n]/u.test(stdout + stderr), stderr);
    assertStringIncludes(stderr, '"st�[31man�"');
  }
});
