/**
 * A gateway that is killed again and again while messages come in and its owner's agent gets them: what was
 * acknowledged is handed on, under one id and in the same words each time, and replied to once.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { notifyConfig } from "../../../lib/notify/config.ts";
import { openOgpState } from "../../../lib/ogp/state.ts";
import { SECRET, TestAgent } from "../../unit/ogp/handover/agent.ts";
import { eventually, pause } from "../eventually.ts";
import { federate, foreign, OurGateway, seenBy } from "./helpers.ts";

/** An agent that knows ids: a second delivery is answered as the first, and does nothing. */
class CountingAgent implements AsyncDisposable {
  /** How often each id was worked on. */
  readonly worked = new Map<string, number>();
  /** What each id said, by its first delivery; all others have to say the same. */
  readonly said = new Map<string, string>();
  /** How often a known id came again. */
  repeated = 0;
  /** Called before the answer. */
  before: () => Promise<void> = () => Promise.resolve();
  /** Called after the answer was given out. */
  after: () => void = () => {};

  private constructor(readonly agent: TestAgent) {
    agent.answer = async ({ headers, body }, response) => {
      const id = String(headers["webhook-id"]);
      const words = JSON.stringify(body);
      if (this.said.has(id)) this.repeated++;
      else this.worked.set(id, (this.worked.get(id) ?? 0) + 1);
      if ((this.said.get(id) ?? words) !== words) throw new Error(`${id} says something else`);
      this.said.set(id, words);
      await this.before();
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ reply: `done ${id}` }), () => this.after());
    };
  }

  static async listen(): Promise<CountingAgent> {
    return new CountingAgent(await TestAgent.listen());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.agent[Symbol.asyncDispose]();
  }
}

Deno.test("a gateway that is killed between stored, handed and replied hands everything on once", async (t) => {
  await using ours = await OurGateway.start();
  await using theirs = await foreign("0.7");
  await using counting = await CountingAgent.listen();
  await federate(ours, theirs, "they ask", ["--rate", "10000/60"]);
  const state = openOgpState(ours.node.state);
  const target = { type: "webhook", url: counting.agent.url, secrets: [SECRET], replies: true };
  await notifyConfig(state.store).change({ default: "hook", targets: { hook: target } });
  const peer = seenBy(theirs, ours);
  const acknowledged: string[] = [];

  /** Says something; `false` if the gateway did not live to acknowledge it. */
  const say = async (nonce = crypto.randomUUID() as string): Promise<boolean> => {
    const replyTo = `${theirs.url}/federation/reply/${nonce}`;
    const payload = { topic: "general", message: nonce };
    try {
      const { status } = await theirs.sendMessage(peer, "agent-comms", payload, { nonce, replyTo });
      if (status === 200) acknowledged.push(nonce);
      return status === 200;
    } catch {
      return false;
    }
  };
  const kill = () => ours.down("SIGKILL").then(() => {});

  await t.step("killed as soon as it has acknowledged", async () => {
    for (let round = 0; round < 4; round++) {
      assert(await say());
      await kill();
      await ours.up();
    }
  });
  await t.step("killed while the agent has it and has not answered", async () => {
    for (let round = 0; round < 3; round++) {
      const killed = Promise.withResolvers<void>();
      counting.before = async () => {
        counting.before = () => Promise.resolve();
        await kill();
        killed.resolve();
      };
      // What is left of the round before may end it already.
      await say();
      await killed.promise;
      await ours.up();
    }
  });
  await t.step("killed right after the agent has answered", async () => {
    for (let round = 0; round < 5; round++) {
      const killed = Promise.withResolvers<void>();
      counting.after = () => {
        counting.after = () => {};
        setTimeout(() => kill().then(killed.resolve), 2 * round);
      };
      // What is left of the round before may end it already.
      await say();
      await killed.promise;
      await ours.up();
    }
  });
  await t.step("killed at any time", async () => {
    for (let round = 0; round < 3; round++) {
      const stop = { now: false };
      const stream = async () => {
        while (!stop.now) await say();
      };
      const streams = [stream(), stream(), stream()];
      await pause(150 + Math.random() * 250);
      await kill();
      stop.now = true;
      await Promise.all(streams);
      await ours.up();
    }
  });

  await t.step("in the end each was worked on once, and replied to once", async () => {
    const marks = async () => {
      const { entries } = await state.messagesIn.list();
      return entries.map(({ value }) => JSON.parse(JSON.stringify(value)).handover?.state);
    };
    await eventually(
      "all marks",
      async () => (await marks()).every((mark) => mark === "replied"),
      60_000,
    );
    await eventually(
      "an empty outbox",
      async () => (await state.outbox.ids()).length === 0,
      30_000,
    );
    const stored = (await state.messagesIn.ids()).sort();
    assertEquals([...counting.worked.keys()].sort(), stored);
    assertEquals(new Set(counting.worked.values()), new Set([1]));
    const nonces = new Set(stored.map((name) => name.split("@")[0]));
    for (const nonce of acknowledged) assert(nonces.has(nonce), `${nonce} was lost`);
    for (const name of stored) {
      const nonce = name.split("@")[0] ?? "";
      const reply = await eventually(`the reply to ${nonce}`, () => theirs.reply(nonce));
      assertEquals([reply.success, reply.data], [true, { text: `done ${name}` }]);
    }
    assertEquals(await state.failed.ids(), []);
    // Kills while the agent had it were met: it was asked again, and knew it.
    assert(counting.repeated >= 3, `Only ${counting.repeated} repetitions`);
  });
});
