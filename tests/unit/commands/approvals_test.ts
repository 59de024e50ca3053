import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { notifyConfig } from "../../../lib/notify/config.ts";
import { listApprovals } from "../../../lib/ogp/approvals/find.ts";
import { setTopics } from "../../../lib/ogp/policies/changes.ts";
import { GLOBAL } from "../../../lib/ogp/policies/policy_store.ts";
import { command, federated } from "./ogp/household.ts";

Deno.test("an owner sees what waits, and decides", async () => {
  await using pair = await federated();
  const { anna, bert } = pair;
  const approvals = (...args: string[]) => command(bert.root, "approvals", ...args);
  await notifyConfig(bert.state.store).change({
    default: "script",
    targets: { script: { type: "command", argv: ["/bin/cat"] } },
  });
  await setTopics(bert.state, GLOBAL, { topics: ["calendar"], level: "escalate" });
  assertStringIncludes((await approvals("list")).out, "Nothing waits for you.");
  const nonces: string[] = [];
  for (const text of ["Monday?\u001b[31m\u202e", "Tuesday?", "Wednesday?"]) {
    const { code, document } = await anna.json("agent", "bert", "calendar", text);
    assertEquals([code, document.receipt], [0, "accepted"]);
    nonces.push(document.nonce);
  }
  assertEquals((await listApprovals(bert.state)).length, 3);
  const list = await approvals("list");
  assertStringIncludes(list.out, "Tuesday?");
  assert(!list.out.includes("\u001b") && !list.out.includes("\u202e"));
  const documents = JSON.parse((await approvals("list", "--json")).out);
  assertEquals(documents.map(({ nonce }: { nonce: string }) => nonce), nonces);

  const [first = "", second = ""] = nonces;
  const shown = await approvals("show", first.slice(0, 12));
  assertStringIncludes(shown.out, "waits for you");
  assertStringIncludes(shown.err, `mesh approvals allow ${first}`);

  const allowed = await approvals("allow", first);
  assertEquals(allowed.code, 0, allowed.err);
  assertStringIncludes(allowed.out, "Allowed: your agent gets the message of anna (Anna)");
  assertStringIncludes(allowed.err, "No daemon runs here");
  assertEquals((await approvals("allow", first)).code, 5);
  // As the daemon would; `cat` answers with what it got.
  assertEquals((await command(bert.root, "queue", "retry")).code, 0);
  const answered = await anna.json("show", first);
  assertStringIncludes(answered.document.reply.data.text, "[ESCALATE]: Monday?");

  const denied = JSON.parse((await approvals("deny", second, "--json")).out);
  assertEquals([denied.ok, denied.status, denied.nonce], [true, "denied", second]);
  await command(bert.root, "queue", "retry");
  assertEquals((await anna.json("show", second)).document.reply.data.level, "deny");

  assertEquals(JSON.parse((await approvals("list", "--json")).out).length, 1);
  assertEquals(JSON.parse((await approvals("list", "--all", "--json")).out).length, 3);
  assertEquals((await approvals("show", "nothing")).code, 3);
});
