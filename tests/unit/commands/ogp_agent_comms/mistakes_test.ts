import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { setTopics } from "../../../../lib/ogp/policies/changes.ts";
import { GLOBAL, readPolicies } from "../../../../lib/ogp/policies/policy_store.ts";
import { registerTopics } from "../../../../lib/ogp/policies/register_topics.ts";
import { stranger } from "../../ogp/gateways.ts";
import { policyOwner } from "./household.ts";

Deno.test("mistakes are told with what to type instead, and change nothing", async () => {
  await using owner = await policyOwner();
  const mistakes: [line: string, code: number, told: string][] = [
    ["configure --topics a", 2, "Nobody is named"],
    ["configure stan", 2, "--topics memory-management,planning"],
    ["configure stan --topics , --level full", 2, "No topic is named"],
    ["configure stan --global --topics a", 2, "Either peers or --global"],
    ["configure stan --topics a --level loud", 2, "full, summary, escalate, deny, off"],
    ["configure stan --topics a/", 2, "covers what is below it"],
    ["configure stan,nobody --topics a", 3, 'No peer is called "nobody"'],
    ["configure 302a --topics a", 3, "matches several: alice ("],
    ["add-topic nobody a", 3, "mesh ogp federation list"],
    ["add-topic stan", 2, "topic"],
    ["set-topic stan a", 2, "No level is named"],
    ["set-topic stan a full --level deny", 2, "Two levels are named"],
    ["remove-topic stan a", 3, "mesh ogp agent-comms policies stan"],
    ["remove-topic stan", 2, "PEER TOPIC"],
    ["remove-topic --global stan a", 2, "--global TOPIC"],
    ["remove-topic --global a", 3, "There is no policy for all peers"],
    ["reset nobody", 3, "mesh ogp federation list"],
    ["policies nobody", 3, "mesh ogp federation list"],
    ["activity nobody", 3, "mesh ogp federation list"],
    ["activity --last 0", 2, "number of at least 1"],
    ["default", 2, "level"],
    ["default none", 2, "full, summary, escalate, deny, off"],
    ["logging maybe", 2, "on or off"],
    ["logging off --preview", 2, "mesh ogp agent-comms logging on --preview"],
  ];
  for (const [line, code, told] of mistakes) {
    const said = await owner.types(...line.split(" "));
    assertEquals([line, said.code, said.out], [line, code, ""]);
    assertStringIncludes(said.err, told);
  }
  for (const who of [GLOBAL, ...Object.values(owner.keys)]) {
    assertEquals((await readPolicies(owner.state, who)).topics.size, 0);
  }
});

Deno.test("a policy that cannot count yet is pointed out", async () => {
  const scopes = [{ intent: "agent-comms", enabled: true, topics: ["ops"] }];
  const grants = { version: "0.2.0", grantedAt: new Date().toISOString(), scopes };
  await using limited = await policyOwner({ grants });
  assertEquals((await limited.types("add-topic", "stan", "ops/disk")).err, "");
  const { code, err } = await limited.types("configure", "stan", "--topics", "ops,calendar");
  assertEquals(code, 0);
  assertStringIncludes(err, "is not granted agent-comms about calendar, and is refused");
  assertStringIncludes(err, "mesh ogp federation scopes stan");
  await using removed = await policyOwner({ status: "removed" });
  assertStringIncludes((await removed.types("add-topic", "leo", "a")).err, "not an approved peer");
});

Deno.test("a peer of which only the key is known can be looked at and reset", async () => {
  await using owner = await policyOwner();
  const { publicKey } = stranger();
  await setTopics(owner.state, publicKey, { topics: ["a"], level: "full" });
  assertStringIncludes((await owner.types("policies")).out, publicKey);
  const { document } = await owner.json("policies", publicKey.toUpperCase());
  assertEquals([document.status, document.topics.length], ["unknown", 1]);
  assertEquals((await owner.types("reset", publicKey)).code, 0);
  assert(!(await owner.types("policies")).out.includes(publicKey));
});

Deno.test("topics of projects are shown as such, and are missed after a reset", async () => {
  await using owner = await policyOwner();
  await registerTopics(owner.state, ["my-app"], [owner.keys.stan ?? ""]);
  assertStringIncludes((await owner.types("policies")).out, "my-app           summary  a project");
  const { out } = await owner.types("policies", "stan");
  assertStringIncludes(out, "my-app           summary  this peer, as a project");
  assertStringIncludes((await owner.types("reset", "stan")).err, "what is gone: my-app");
});

Deno.test("policies that cannot be read are said to be so, with the file to mend", async () => {
  await using owner = await policyOwner();
  await owner.line("ogp agent-comms default off");
  const path = `${owner.root}/ogp/policies/global.json`;
  await Deno.writeTextFile(path, "{ default off }");
  for (const args of [["policies"], ["policies", "stan"], ["default", "full"]]) {
    const { code, err } = await owner.types(...args);
    assertEquals([args, code], [args, 7]);
    assertStringIncludes(err, "ogp/policies/global.json");
    assertStringIncludes(err, "hint: mend the file with an editor");
  }
  assertEquals(await Deno.readTextFile(path), "{ default off }");
});

Deno.test("each command explains itself with an example that begins with its own words", async () => {
  await using owner = await policyOwner();
  const { out } = await owner.types("--help");
  const names = new Set(
    [...out.matchAll(/^ {2}mesh ogp agent-comms ([a-z][a-z-]*)/gm)].map(([, name]) => name ?? ""),
  );
  assertEquals(names.size, 10);
  for (const name of names) {
    const help = (await owner.types(name, "--help")).out;
    assertStringIncludes(help, `EXAMPLES\n  mesh ogp agent-comms ${name}`);
  }
});
