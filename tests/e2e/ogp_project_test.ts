/**
 * Projects over the wire, with gateways of both dialects on the other side, and across kills.
 *
 * @module
 */
import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Gateway } from "../second_ogp/gateway.ts";
import type { Answer, Json } from "../second_ogp/http.ts";
import type { Dialect } from "../second_ogp/peers.ts";
import { DIALECTS, federate, foreign, OurGateway, seenBy } from "./ogp/helpers.ts";

/** Types `mesh ogp project … --json`. */
async function project(ours: OurGateway, args: readonly string[], code = 0): Promise<Json> {
  const { stdout } = await ours.node.run(["ogp", "project", ...args, "--json"], { code });
  return JSON.parse(stdout);
}

async function send(
  theirs: Gateway,
  ours: OurGateway,
  intent: string,
  payload: Json,
  options?: Parameters<Gateway["sendMessage"]>[3],
): Promise<Answer> {
  return await theirs.sendMessage(seenBy(theirs, ours), intent, payload, options);
}

for (const dialect of DIALECTS) {
  Deno.test(`a gateway of ${dialect} works on a project of ours, once its owner lets it in`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await federate(ours, theirs);
    const join = () =>
      send(theirs, ours, "project.join", { projectId: "shared", projectName: "Shared" });
    const contribute = (summary: string) =>
      send(theirs, ours, "project.contribute", {
        ...{ projectId: "shared", entryType: "decision", topic: "decision", summary },
      });

    const absent = await join();
    assertEquals([absent.status, absent.json.error], [404, "Project 'shared' not found"]);
    await project(ours, ["create", "shared", "Shared App"]);
    const waiting = await join();
    assertEquals(waiting.status, 403);
    assertStringIncludes(waiting.json.error, "The owner has to let you into project 'shared'");
    assertEquals((await contribute("too early")).status, 403);

    const [listed] = await project(ours, ["list"]);
    assertEquals(listed.asking.map(({ publicKey }: Json) => publicKey), [theirs.publicKey]);
    await project(ours, ["invite", "shared", theirs.publicKey]);
    const joined = await join();
    assertEquals([joined.status, joined.json.response.joined], [200, true]);
    const added = await contribute("Use Deno");
    // 0.2 reads the answer at the top, 0.7 under `response`.
    for (const answer of [added.json, added.json.response]) {
      assertEquals([answer.contributed, answer.topic], [true, "decision"]);
    }

    await project(ours, ["contribute", "shared", "progress", "Set up"]);
    await ours.down("SIGKILL");
    await ours.up();
    const { json } = await send(theirs, ours, "project.query", { projectId: "shared" });
    const told = json.response.contributions.map((one: Json) => [one.summary, one.authorId]);
    assertEquals(told, [["Set up", seenBy(theirs, ours).id], ["Use Deno", nameOf(theirs)]]);
    const status = (await send(theirs, ours, "project.status", { projectId: "shared" })).json;
    assertEquals(status.response.project.members, [seenBy(theirs, ours).id, nameOf(theirs)]);
    assertEquals(status.response.topics.map(({ name }: Json) => name), ["decision", "progress"]);

    await project(ours, ["remove", "shared", theirs.publicKey]);
    const out = await send(theirs, ours, "project.status", { projectId: "shared" });
    assertEquals([out.status, out.json.error], [403, "Not a member of project 'shared'"]);
  });

  Deno.test(`we work on a project of a gateway of ${dialect}`, async () => {
    await using ours = await OurGateway.start("ours");
    await using theirs = await foreign(dialect);
    await federate(ours, theirs);
    keepProject(theirs, ours, dialect);
    const peer = theirs.publicKey;

    const joined = await project(ours, ["request-join", peer, "mobile-app", "Mobile App"]);
    assertEquals([joined.created, joined.projectName], [true, "Their App"]);
    const sent = await project(ours, [
      ...["send-contribution", peer, "mobile-app", "progress", "Deployed staging"],
    ]);
    assertEquals([sent.receipt, sent.response.contributed], ["accepted", true]);
    const [found] = await project(ours, ["query-peer", peer, "mobile-app", "--limit", "10"]);
    assertEquals([found.summary, found.author], ["Deployed staging", "Ours"]);
    assertEquals([found.entryType, found.topic], ["progress", "progress"]);
    const there = await project(ours, ["status-peer", peer, "mobile-app"]);
    assertEquals([there.project.name, there.topics[0].contributionCount], ["Their App", 1]);

    await project(ours, ["contribute", "mobile-app", "progress", "Merged"]);
    const { topics, gateways } = await project(ours, ["status", "mobile-app"]);
    assertEquals([topics[0].name, topics[0].contributionCount], ["progress", 2]);
    assertEquals(gateways.map(({ state }: Json) => state), ["answered"]);
    await theirs.stop();
    const alone = await project(ours, ["status", "mobile-app"]);
    assertEquals(alone.gateways.map(({ state }: Json) => state), ["unreachable"]);
    assertEquals(alone.topics[0].contributionCount, 1);
  });
}

Deno.test("contributions to a gateway that is killed again and again are there once each", async () => {
  await using ours = await OurGateway.start("ours");
  await using theirs = await foreign("0.7");
  // What is asked again after a kill counts again.
  const granted = ["--intents", "project.contribute,project.query", "--rate", "10000/3600"];
  await federate(ours, theirs, "they ask", granted);
  await project(ours, ["create", "busy", "Busy", "--members", theirs.publicKey]);
  const each = Array.from({ length: 40 }, (_, n) => `entry ${n}`);
  const sending = each.map((summary, n) => untilTaken(theirs, ours, summary, `nonce-${n}`));
  for (let kill = 0; kill < 3; kill++) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    await ours.down("SIGKILL");
    await ours.up();
  }
  await Promise.all(sending);
  const stored = await project(ours, ["query", "busy", "--limit", "1000"]);
  assertEquals(stored.map(({ summary }: Json) => summary).sort(), each.toSorted());
  const { topics } = await project(ours, ["status", "busy", "--local"]);
  assertEquals(topics[0].contributionCount, 40);
});

/** Sends a contribution under one nonce until the gateway says that it has it. */
async function untilTaken(
  theirs: Gateway,
  ours: OurGateway,
  summary: string,
  nonce: string,
): Promise<void> {
  for (let attempt = 0; attempt < 800; attempt++) {
    const payload = { projectId: "busy", entryType: "progress", topic: "progress", summary };
    const answer = await send(theirs, ours, "project.contribute", payload, { nonce })
      .catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${summary} was never taken`);
}

/** What a gateway of the other implementation calls itself. */
function nameOf(theirs: Gateway): string {
  return theirs.self.dialect === "0.2" ? new URL(theirs.url).host : theirs.publicKey.slice(0, 32);
}

/** Lets a gateway of the other implementation keep one project, and answer as its dialect does. */
function keepProject(theirs: Gateway, ours: OurGateway, dialect: Dialect): void {
  const kept: Json[] = [];
  const timestamp = new Date().toISOString();
  const answers: Record<string, (payload: Json) => Json> = {
    "project.join": ({ projectId }) => ({ joined: true, projectId, projectName: "Their App" }),
    "project.contribute": ({ projectId, entryType, topic, summary }) => {
      assertEquals(topic, entryType);
      const type = dialect === "0.2" ? { topic } : { entryType, topic };
      const id = `${projectId}-${topic}-${Date.now()}`;
      kept.push({ id, timestamp, authorId: seenBy(theirs, ours).id, ...type, summary });
      return { contributed: true, projectId, ...type, contributionId: id };
    },
    "project.query": ({ projectId }) => ({
      ...{ projectId, projectName: "Their App", contributions: kept },
    }),
    "project.status": ({ projectId }) => ({
      project: { id: projectId, name: "Their App", members: [seenBy(theirs, ours).id] },
      topics: [{
        ...{ name: "progress", contributionCount: kept.length },
        contributors: [seenBy(theirs, ours).id],
        lastContribution: { timestamp, authorId: seenBy(theirs, ours).id, summary: "s" },
      }],
    }),
  };
  theirs.mischief = ({ path, text }) => {
    if (path !== "/federation/message") return undefined;
    const { intent, nonce, projectId, payload } = JSON.parse(text).message;
    const answer = answers[intent];
    if (!answer) return undefined;
    assertEquals(projectId, payload.projectId);
    const response = { ...answer(payload), timestamp };
    const body = dialect === "0.2" ? response : { success: true, nonce, response };
    return { answer: { status: 200, body } };
  };
}
