import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { fakeAgent, streamed } from "../unit/ocg/fakes.ts";
import type { ServeEvent } from "./daemon.ts";
import { eventually } from "./eventually.ts";
import { TestNode, trust } from "./node.ts";
import { Visitor } from "./ocg/visitor.ts";
import { freePort } from "./ports.ts";
import type { Run } from "./program.ts";

/** A machine on which everything is configured, each surface on a port of its own. */
class Machine implements AsyncDisposable {
  readonly ogp = freePort();
  readonly ocg = freePort();
  readonly admin = freePort();

  constructor(readonly node: TestNode) {}

  static async named(id: string, agentUrl?: string): Promise<Machine> {
    const machine = new Machine(await TestNode.named(id));
    const { node, ogp, ocg, admin } = machine;
    const write = (name: string, value: unknown) =>
      Deno.writeTextFile(`${node.state}/${name}`, JSON.stringify(value), { mode: 0o600 });
    await write("config.json", {
      mesh: { host: "127.0.0.1", port: node.port },
      ogp: { host: "127.0.0.1", daemonPort: ogp, gatewayUrl: `http://127.0.0.1:${ogp}` },
      admin: { port: admin },
    });
    if (agentUrl !== undefined) await write("ocg.json", { callbackPort: ocg, agentUrl });
    return machine;
  }

  /** Runs everything in the foreground, and tells where it listens. */
  async up(...args: string[]): Promise<{ run: Run; where: ServeEvent }> {
    const run = this.node.start(["up", "--json", ...args]);
    const where = await run.until("the first line", () => eventsIn(run)[0]);
    assertEquals(where.kind, "listening", run.transcript("up"));
    return { run, where };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.node.run(["stop"]).catch(() => {});
    await this.node[Symbol.asyncDispose]();
  }
}

function eventsIn({ stdout }: Run): ServeEvent[] {
  return stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

Deno.test("one process runs all that is configured, and each part of it works", async () => {
  await using agent = fakeAgent(() => streamed(["Hello ", "Anna"]));
  await using anna = await Machine.named("anna", agent.url);
  await using bert = await Machine.named("bert");
  await trust(anna.node, bert.node);
  await trust(bert.node, anna.node);
  const { run, where } = await anna.up();
  await using _ = run;
  assertEquals(where.surfaces.map(({ name, port }: ServeEvent) => [name, port]), [
    ["serve", anna.node.port],
    ["ogp", anna.ogp],
    ["ocg", anna.ocg],
    ["admin", anna.admin],
  ]);

  // Agent Mesh V1, with what waits delivered by the one worker that there is.
  const { run: other } = await bert.up("--only", "mesh");
  await using __ = other;
  const sent = await anna.node.json(["send-message", "--to", "bert", "--text", "Hi", "--send"]);
  assertEquals(sent.receipt ?? sent.state ?? "accepted", "accepted");
  // OGP.
  const card = await fetch(`http://127.0.0.1:${anna.ogp}/.well-known/ogp`);
  assertEquals((await card.json()).displayName, "Anna");
  // Chat channels.
  const { webchat_url } = await anna.node.json(["ocg", "status"]);
  const visitor = await Visitor.open(webchat_url);
  await visitor.say("Hi");
  await visitor.heard("Hello Anna");
  // The admin surface counted all of it.
  const token = (await Deno.readTextFile(`${anna.node.state}/run/admin.token`)).trim();
  const metrics = await (await fetch(`http://127.0.0.1:${anna.admin}/metrics`, {
    headers: { authorization: `Bearer ${token}` },
  })).text();
  assertMatch(metrics, /mesh_messages_received_total\{[^}]*protocol="ocg"[^}]*\} 1/);
  assertMatch(metrics, /mesh_channels\{channel="webchat",state="running"\} 1/);

  const status = await anna.node.json(["status"]);
  assertEquals(
    status.running.map(({ name, pid }: ServeEvent) => [name, pid === status.running[0].pid]),
    [["ocg", true], ["ogp", true], ["serve", true], ["up", true]],
  );
  assertEquals(status.channels[0].status.state, "running");
  const { stdout } = await anna.node.run(["stop"]);
  assertMatch(stdout, /^mesh up \(process \d+\) has stopped\.\n$/);
  assertEquals((await run.end()).code, 0);
  assertEquals((await anna.node.json(["status"])).running, []);
});

Deno.test("one surface ends alone, and the process with the last of them", async () => {
  await using agent = fakeAgent(() => streamed(["x"]));
  await using anna = await Machine.named("anna", agent.url);
  const { run } = await anna.up();
  await using _ = run;
  await anna.node.run(["ogp", "stop"]);
  const names = async () =>
    (await anna.node.json(["status"])).running.map(({ name }: ServeEvent) => name);
  assertEquals(await names(), ["ocg", "serve", "up"]);
  await anna.node.run(["ocg", "stop"]);
  run.kill("SIGTERM");
  assertEquals((await run.end()).code, 0);
  assertEquals(await names(), []);
});

Deno.test("in the background it says what runs, and logs what happens without secrets", async () => {
  await using agent = fakeAgent(() => streamed(["Fine"]));
  await using anna = await Machine.named("anna", agent.url);
  const { pid, surfaces } = await anna.node.json(["up", "--background"]);
  assertEquals(surfaces.length, 4);
  const again = await anna.node.run(["up", "--background"], { code: 5 });
  assertStringIncludes(again.stderr, `mesh up runs already (process ${pid})`);
  const { webchat_url } = await anna.node.json(["ocg", "status"]);
  const visitor = await Visitor.open(webchat_url);
  await visitor.say("my secret words");
  await visitor.heard("Fine");
  await anna.node.run(["stop"]);
  const log = await Deno.readTextFile(`${anna.node.state}/run/up.log`);
  for (const line of log.trim().split("\n")) JSON.parse(line);
  assertStringIncludes(log, '"event":"ocg-answered"');
  for (const secret of ["my secret words", "Fine", webchat_url.split("#")[1]]) {
    assert(!log.includes(secret), `${secret} is in the log`);
  }
});

Deno.test("a port that is taken ends all of it, with the port and the way out", async () => {
  await using anna = await Machine.named("anna");
  using taken = Deno.listen({ hostname: "127.0.0.1", port: anna.ogp });
  const { stderr } = await anna.node.run(["up"], { code: 5 });
  assertStringIncludes(stderr, `Port ${taken.addr.port} is in use`);
  await eventually("nothing is left", async () => {
    const { running } = await anna.node.json(["status"]);
    return running.length === 0 ? true : undefined;
  });
});

Deno.test("before anything is configured the first command is named", async () => {
  await using node = await TestNode.empty("new");
  const { stderr } = await node.run(["up"], { code: 3 });
  assertStringIncludes(stderr, "hint: mesh init");
  const { stdout } = await node.run(["status"]);
  assertStringIncludes(stdout, "no identity yet: mesh init");
});
