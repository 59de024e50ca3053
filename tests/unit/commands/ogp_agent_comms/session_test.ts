import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { logActivity } from "../../../../lib/ogp/activity/log_activity.ts";
import { resolve } from "../../../../lib/ogp/policies/resolve.ts";
import { localTime } from "../../../../commands/text.ts";
import { type PolicyOwner, policyOwner } from "./household.ts";

/** Types lines and checks what each prints. */
async function session(owner: PolicyOwner, lines: readonly (readonly [string, string])[]) {
  for (const [line, printed] of lines) {
    assertEquals([line, await owner.line(line)], [line, printed]);
  }
}

async function levelOf({ state, keys }: PolicyOwner, alias: string, topic: string) {
  return (await resolve(state, keys[alias] ?? "", topic)).level;
}

Deno.test("the README's examples, typed one after the other", async () => {
  await using owner = await policyOwner();
  await session(
    owner,
    [
      [
        "ogp agent-comms policies",
        "PEER       TOPIC            LEVEL    NOTES\n" +
        "all peers  (anything else)  summary\n" +
        "\n" +
        "Activity log: on\n" +
        "Only what holds for all peers counts for 3 more approved peers.\n",
      ],
      [
        'ogp agent-comms configure --global --topics "general,testing" --level summary',
        "Messages of all peers about general, testing: summary, answered with an overview only.\n",
      ],
      [
        'ogp agent-comms configure stan --topics "memory-management" --level full ' +
        '--notes "Trusted collaborator"',
        "Messages of stan (Stanislav) about memory-management: full, answered openly, with details.\n",
      ],
      [
        "ogp agent-comms add-topic stan calendar --level escalate",
        "Messages of stan (Stanislav) about calendar: escalate, you are asked before your agent " +
        "gets it.\n",
      ],
      [
        "ogp agent-comms add-topic stan personal --level deny",
        "Messages of stan (Stanislav) about personal: deny, declined politely, without your agent.\n",
      ],
      [
        'ogp agent-comms configure stan,leo,alice --topics "testing,debugging" --level full',
        "Messages of stan (Stanislav) about testing, debugging: full, answered openly, with " +
        "details.\n" +
        "Messages of leo (Leopold) about testing, debugging: full, answered openly, with details.\n" +
        "Messages of Alice about testing, debugging: full, answered openly, with details.\n"
          .replace("of Alice", "of alice (Alice)"),
      ],
      [
        "ogp agent-comms policies stan",
        "What happens to agent-comms messages of stan (Stanislav):\n" +
        "TOPIC              LEVEL     SET FOR              NOTES\n" +
        "calendar           escalate  this peer\n" +
        "debugging          full      this peer\n" +
        "general            summary   all peers\n" +
        "memory-management  full      this peer            Trusted collaborator\n" +
        "personal           deny      this peer\n" +
        "testing            full      this peer\n" +
        "(anything else)    summary   all peers, built in\n",
      ],
      [
        "ogp agent-comms remove-topic stan personal",
        "The policy for stan (Stanislav) about personal is gone.\n" +
        "Now such messages are summary: answered with an overview only (by the default).\n",
      ],
      [
        "ogp agent-comms set-topic stan calendar off",
        "Messages of stan (Stanislav) about calendar: off, turned away with a signed rejection.\n",
      ],
      [
        "ogp agent-comms reset stan",
        "Only what holds for all peers counts for stan (Stanislav) now.\n",
      ],
      ["ogp agent-comms activity", "No activity.\n"],
      ["ogp agent-comms activity stan --last 20", "No activity.\n"],
      [
        "ogp agent-comms default summary",
        "Default level: summary.\n" +
        "Messages about topics that no policy names are answered with an overview only.\n",
      ],
      ["ogp agent-comms logging on", "Activity log: on, without texts.\n"],
      [
        "ogp agent-comms policies",
        "PEER           TOPIC            LEVEL    NOTES\n" +
        "all peers      general          summary\n" +
        "all peers      testing          summary\n" +
        "all peers      (anything else)  summary\n" +
        "alice (Alice)  debugging        full\n" +
        "alice (Alice)  testing          full\n" +
        "leo (Leopold)  debugging        full\n" +
        "leo (Leopold)  testing          full\n" +
        "\n" +
        "Activity log: on\n" +
        "Only what holds for all peers counts for 1 more approved peer.\n",
      ],
    ].map(([line = "", printed = ""]) => [line, printed] as const),
  );
  assertEquals(await levelOf(owner, "leo", "testing"), "full");
  assertEquals(await levelOf(owner, "stan", "testing"), "summary");
});

Deno.test("default-deny: what it means is said, and what is left open", async () => {
  await using owner = await policyOwner();
  const { types, json } = owner;
  const first = await types("default", "off");
  assertEquals(
    first.out,
    "Default level: off.\n" +
      "Messages about topics that no policy names are turned away with a signed rejection.\n" +
      "They are not stored, and your agent does not learn of them.\n" +
      "No topic is open.\n",
  );
  assertStringIncludes(first.err, "mesh ogp agent-comms configure --global --topics general");
  await owner.line('ogp agent-comms configure --global --topics "general,project-updates"');
  await owner.line("ogp agent-comms add-topic stan ops");
  await owner.line("ogp agent-comms add-topic leo ops --level off");
  await owner.line("ogp agent-comms set-default alice full");
  const second = await types("default", "OFF");
  assertStringIncludes(second.out, "Open to all peers: general, project-updates\n");
  assertStringIncludes(second.out, "Open to stan (Stanislav): ops\n");
  assert(!second.out.includes("leo"));
  assertStringIncludes(
    second.err,
    "Peers with a default of their own keep it: alice (Alice) (full)",
  );
  assertEquals(await json("default", "off"), {
    code: 0,
    document: { defaultLevel: "off", openTopics: ["general", "project-updates"] },
  });
  assertEquals(
    await Promise.all(["stan", "leo", "alice"].map((alias) => levelOf(owner, alias, "weather"))),
    ["off", "off", "full"],
  );
});

Deno.test("documents for programs say all that the text says", async () => {
  await using owner = await policyOwner();
  const { json, keys } = owner;
  const { document: set } = await json(
    "configure",
    "stan, leo",
    "--topics",
    "ops",
    "--level",
    "deny",
  );
  assertEquals(set.map((one: { alias: string }) => one.alias), ["stan", "leo"]);
  const global = await json("configure", "--global", "--topics", "b,a,b", "--notes", "Ours");
  assertEquals(global.document.length, 1);
  assertEquals(global.document[0].topics.map((one: { topic: string }) => one.topic), ["a", "b"]);
  const { document } = await json("policies", "stan");
  const { topics, ...peer } = document;
  const [{ at, ...topic }] = topics;
  assertEquals(Date.now() - Date.parse(at) < 60_000, true);
  assertEquals(topic, { topic: "ops", level: "deny", notes: null, by: "owner" });
  assertEquals(peer, {
    id: keys.stan?.slice(0, 32),
    alias: "stan",
    displayName: "Stanislav",
    publicKey: keys.stan,
    status: "approved",
    defaultLevel: null,
    effective: {
      topics: [
        { topic: "a", level: "summary", from: "global topic", notes: "Ours" },
        { topic: "b", level: "summary", from: "global topic", notes: "Ours" },
        { topic: "ops", level: "deny", from: "peer topic", notes: null },
      ],
      anythingElse: { level: "summary", from: "default" },
    },
  });
  const all = (await json("policies")).document;
  assertEquals([all.defaultLevel, all.defaultIsSet, all.activityLog], ["summary", false, "on"]);
  assertEquals(all.peers.map((one: { alias: string }) => one.alias), ["leo", "stan"]);
  const removed = await json("remove-topic", "--global", "a");
  assertEquals(removed.document.now, { topic: "a", level: "summary", from: "default" });
  assertEquals((await json("add-topic", "stan", "x")).document.topics.length, 2);
  assertEquals((await json("set-default", "stan", "off")).document.defaultLevel, "off");
  const reset = (await json("reset", "stan")).document;
  assertEquals([reset.defaultLevel, reset.topics], [null, []]);
  assertEquals((await json("logging", "on", "--preview")).document, { activityLog: "preview" });
});

Deno.test("the log shows who wrote about what, and what became of it", async () => {
  await using owner = await policyOwner();
  const { state, keys, types, json } = owner;
  const now = new Date("2026-03-12T18:05:00Z");
  const stan = {
    direction: "in",
    publicKey: keys.stan ?? "",
    name: "S",
    topic: "testing",
  } as const;
  const options = { logging: "preview", now } as const;
  await logActivity(
    state,
    { ...stan, level: "full", outcome: "accepted", priority: "high", text: "How\u001b[31m?" },
    options,
  );
  await logActivity(
    state,
    { ...stan, publicKey: "302a", name: "G\none", outcome: "failed" },
    options,
  );
  await logActivity(state, { ...stan, direction: "out", outcome: "sent" }, options);
  const time = localTime(now);
  const { out } = await types("activity");
  assertEquals(
    out,
    `${time}  in   stan (Stanislav) → testing [FULL] [high] accepted: How\ufffd[31m?\n` +
      `${time}  in   G one → testing failed\n` +
      `${time}  out  stan (Stanislav) ← testing sent\n`,
  );
  assertEquals((await types("activity", "stan", "--last", "1")).out.split("\n").length, 2);
  const { document } = await json("activity", "Stanislav");
  assertEquals(document.length, 2);
  assertEquals([document[0].alias, document[0].outcome, document[0].level], [
    "stan",
    "accepted",
    "full",
  ]);
  assertEquals((await json("activity", "leo")).document, []);
  await types("logging", "off");
  assertStringIncludes((await types("activity")).err, "mesh ogp agent-comms logging on");
});
