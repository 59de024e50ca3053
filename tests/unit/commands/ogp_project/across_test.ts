import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { command, federated, type Owner, owner } from "../ogp/household.ts";
import { document, project, types } from "./household.ts";

Deno.test("two gateways work on one project, each with its own entries", async () => {
  await using both = await federated();
  const { anna, bert } = both;
  await types(bert, ["create", "app", "The App", "--description", "Together"]);
  await types(bert, ["contribute", "app", "progress", "Server is up"]);

  // Anna asks; Bert decides; Anna asks again.
  const waiting = await document(anna, ["request-join", "bert", "app", "App"], 4);
  assertEquals([waiting.joined, waiting.status, waiting.error], [false, "pending", "refused"]);
  const [asked] = await document(bert, ["list"]);
  assertEquals(asked.asking[0].alias, "anna");
  assertStringIncludes((await project(bert, "status", "app")).err, "anna (Anna) asks to be let in");
  await types(bert, ["invite", "app", "anna"]);
  const joined = await document(anna, ["request-join", "bert", "app", "App"]);
  assertEquals([joined.joined, joined.created, joined.projectName], [true, true, "The App"]);
  assertEquals(joined.project.description, "Together");

  await types(anna, ["contribute", "app", "progress", "Client is up"]);
  const sent = await document(anna, ["send-contribution", "bert", "app", "decision", "Use TLS"]);
  assertEquals([sent.receipt, sent.response.contributed], ["accepted", true]);

  const found = await document(anna, ["query-peer", "bert", "app"]);
  const told = found.map(({ summary, author, entryType }: Record<string, string>) =>
    [summary, author, entryType].join(" | ")
  );
  assertEquals(told, ["Use TLS | Anna | decision", "Server is up | bert | progress"]);
  for (const [flag, value] of [["--author", "me"], ["--search", "tls"], ["--type", "decision"]]) {
    const filtered = await document(anna, ["query-peer", "bert", "app", flag ?? "", value ?? ""]);
    assertEquals(filtered.map(({ summary }: { summary: string }) => summary), ["Use TLS"]);
  }
  const there = await document(anna, ["status-peer", "bert", "app"]);
  assertEquals([there.project.name, there.topics.length], ["The App", 2]);

  for (const who of [anna, bert]) {
    const { topics, gateways } = await document(who, ["status", "app"]);
    assertEquals(gateways.map(({ state }: { state: string }) => state), ["answered"]);
    const sums = topics.map((
      topic: { name: string; contributionCount: number; contributors: [] },
    ) => [
      ...[topic.name, topic.contributionCount, topic.contributors.length],
    ]);
    assertEquals(sums.sort(), [["decision", 1, 1], ["progress", 2, 2]]);
  }
  const { out } = await project(anna, "status", "app");
  assertMatch(out, /progress +1 here, 1 at bert \(Bert\) +you, bert \(Bert\)/);
  // Questions leave nothing behind that waits for anything.
  for (const who of [anna, bert]) assertEquals(await waitingIn(who), []);
});

Deno.test("a member that does not answer is named, and the rest is shown", async () => {
  await using both = await federated();
  const { anna, bert } = both;
  await types(anna, ["create", "app", "App", "--members", "bert"]);
  await types(anna, ["contribute", "app", "progress", "x"]);
  const unknown = await project(anna, "status", "app");
  assertEquals(unknown.code, 0);
  assertStringIncludes(unknown.err, "bert (Bert) is not in this view: Project 'app' not found");
  await bert.silence();
  const { topics, gateways } = await document(anna, ["status", "app"]);
  assertEquals(gateways[0].state, "unreachable");
  assertEquals(topics[0].contributionCount, 1);
  const local = await document(anna, ["status", "app", "--local"]);
  assertEquals(local.gateways[0].state, "not-asked");
  assertEquals((await document(anna, ["query-peer", "bert", "app"], 6)).error, "unavailable");
  assertEquals((await document(anna, ["status-peer", "bert", "app"], 6)).error, "unavailable");
  assertEquals(
    (await document(anna, ["request-join", "bert", "app", "A"], 6)).error,
    "unavailable",
  );
  assertEquals(await waitingIn(anna), []);
  const queued = await document(anna, ["send-contribution", "bert", "app", "note", "later"], 8);
  assertEquals(await waitingIn(anna), [queued.nonce]);
});

Deno.test("who is no member is refused, by name, with what to type", async () => {
  await using both = await federated();
  const { anna, bert } = both;
  await types(bert, ["create", "app", "App"]);
  for (const args of [["query-peer", "bert", "app"], ["status-peer", "bert", "app"]]) {
    const { code, err } = await project(anna, ...args);
    assertEquals(code, 4);
    assertStringIncludes(err, "bert (Bert) refused: Not a member of project 'app'");
    assertStringIncludes(err, "mesh ogp project request-join");
  }
  const sent = await document(anna, ["send-contribution", "bert", "app", "note", "x"], 4);
  assertEquals(sent.error, "refused");
  assertEquals((await document(anna, ["query-peer", "bert", "nope"], 3)).error, "not_found");
  await types(bert, ["invite", "app", "anna"]);
  assertEquals(await document(anna, ["query-peer", "bert", "app"]), []);
  await types(bert, ["remove", "app", "anna"]);
  assertEquals((await project(anna, "query-peer", "bert", "app")).code, 4);
});

Deno.test("an open project needs no invitation", async () => {
  await using both = await federated();
  const { anna, bert } = both;
  await types(bert, ["create", "ideas", "Ideas", "--open"]);
  const joined = await document(anna, ["request-join", "bert", "ideas", "x"]);
  assertEquals(joined.joined, true);
});

Deno.test("a project becomes a topic where a peer's topics are restricted", async () => {
  await using both = await federated();
  const { anna, bert } = both;
  const granted = ["grant", "anna", "--intents", "agent-comms,project.query", "--topics", "memory"];
  assertEquals((await bert.federation(...granted)).code, 0);
  assertEquals((await anna.federation("agent", "bert", "app", "hello")).code, 4);
  const created = await project(bert, "create", "app", "App", "--members", "anna");
  assertStringIncludes(created.out, 'topic    "app", for 1 approved gateway');
  assertStringIncludes(created.err, "is not granted project.join, project.contribute");
  assertEquals((await anna.federation("agent", "bert", "app", "hello")).code, 0);
  assertEquals((await anna.federation("agent", "bert", "app/design", "hello")).code, 0);
});

Deno.test("nothing leaves while everything outgoing is paused", async () => {
  await using both = await federated();
  const { anna } = both;
  await command(anna.root, "pause");
  const { code, err } = await project(anna, "query-peer", "bert", "app");
  assertEquals(code, 6);
  assertStringIncludes(err, "paused");
  assertEquals(await waitingIn(anna), []);
});

Deno.test("what a peer tells is shown as text, whatever it is", async () => {
  await using anna = await owner("Anna");
  await using liar = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => Response.json(answer),
  );
  const contribution = {
    id: "x".repeat(1000),
    timestamp: "never\u001b[2J",
    authorId: { evil: true },
    topic: "\u202enote",
    summary: "\u001b]0;title\u0007 line\nline",
    metadata: "not an object",
  };
  // deno-lint-ignore no-explicit-any -- a peer may say anything
  let answer: any = { projectId: "p", projectName: 1, contributions: [contribution, null, 7, {}] };
  const key = "302a300506032b6570032100" + "ab".repeat(32);
  await anna.state.peers.put("ab".repeat(32), {
    ...{ publicKey: key, id: "liar", displayName: "Liar", alias: "liar", status: "approved" },
    ...{ gatewayUrl: `http://127.0.0.1:${liar.addr.port}`, asked: "us", grants: null },
    approvedAt: new Date().toISOString(),
  });
  const { code, out } = await project(anna, "query-peer", "liar", "p");
  assertEquals(code, 0);
  assertStringIncludes(out, "never\ufffd[2J  \ufffdnote  unknown  \ufffd]0;title\ufffd line line");
  assertEquals(out.split("\n").length, 3);
  for (const wrong of [{}, [], { contributions: 1 }, { project: null, topics: {} }, "<html>"]) {
    answer = wrong;
    for (const verb of ["query-peer", "status-peer"]) {
      const said = await project(anna, verb, "liar", "p");
      assert([4, 6].includes(said.code), `${verb}: ${said.code} ${said.out}`);
    }
    assertEquals((await project(anna, "request-join", "liar", "p", "P")).code === 0, false);
  }
  // Small as it travels, and a hundred times as large as it would be stored.
  const deep = "[".repeat(60) + Array(300_000).fill(1).join(",") + "]".repeat(60);
  answer = { success: true, response: JSON.parse(deep) };
  assert((await project(anna, "query-peer", "liar", "p")).code !== 0);
  assertEquals(await waitingIn(anna), []);
  assertEquals(await document(anna, ["list"]), []);
});

/** Messages that wait to be delivered, or were given up. */
async function waitingIn({ state }: Owner): Promise<string[]> {
  const ids = [...await state.outbox.ids(), ...await state.failed.ids()];
  return ids.filter((id) => !id.startsWith("approve-"));
}
