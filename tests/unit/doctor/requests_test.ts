import { assertEquals, assertStringIncludes } from "@std/assert";
import { requests } from "../../../lib/doctor/requests.ts";
import { createContactRequest, receiveContact } from "../../../lib/mesh/contacts.ts";
import { approveContact } from "../../../lib/mesh/decisions.ts";
import { openMeshNode } from "../../../lib/mesh/node.ts";
import { printJson } from "../../../lib/signing/json_print.ts";
import { only, TempNode } from "./nodes.ts";

const WEEKS = { now: () => new Date(Date.now() + 15 * 24 * 3_600_000) };

async function ask(from: TempNode, to: TempNode): Promise<void> {
  const request = createContactRequest(await openMeshNode(from.root));
  const bytes = new TextEncoder().encode(printJson(request));
  await receiveContact(await openMeshNode(to.root), bytes);
}

Deno.test("requests that wait are counted, and after a week a warning", async () => {
  await using node = await TempNode.named("stan");
  await using kyle = await TempNode.named("kyle");
  await using eric = await TempNode.named("eric");
  assertEquals(only(await node.run(requests)).message, "No contact request is waiting for you");

  await ask(kyle, node);
  const one = only(await node.run(requests));
  assertEquals([one.level, one.fix], ["ok", "mesh list-requests"]);
  assertEquals(one.message, '1 contact request waits for your decision: "kyle"');

  await ask(eric, node);
  const old = only(await node.run(requests, WEEKS));
  assertEquals([old.level, old.fix], ["warning", "mesh list-requests"]);
  assertStringIncludes(old.message, "2 contact requests wait");
  assertStringIncludes(old.message, "the oldest for 15 days");
});

Deno.test("an approved request waits for nobody", async () => {
  await using node = await TempNode.named("stan");
  await using kyle = await TempNode.named("kyle");
  await ask(kyle, node);
  await approveContact(await openMeshNode(node.root), "kyle");
  assertStringIncludes(only(await node.run(requests, WEEKS)).message, "No contact request");
});
