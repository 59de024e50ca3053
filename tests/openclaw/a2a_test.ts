/**
 * Federated messages that reach the agent of a real OpenClaw by its A2A channel, whose answer is the reply.
 * Runs by `deno task test:openclaw`.
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { OurGateway } from "../e2e/ogp/helpers.ts";
import { eventually, pause } from "../e2e/eventually.ts";
import type { Json } from "../second_ogp/http.ts";
import type { Gateway } from "../second_ogp/gateway.ts";
import { Detour } from "./detour.ts";
import { namedFolder } from "./install.ts";
import { type Question, Scene } from "./scene.ts";

const ignore = namedFolder() === undefined;

/** A mind that answers when the test wants it. */
function thought(): { mind: () => Promise<string>; say: (words: string) => void } {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { mind: () => promise, say: resolve };
}

/** The reply to a question, as its asker gets it by asking for it. */
async function replyTo(scene: Scene, peer: Gateway, question: Question): Promise<Json> {
  return await eventually("the reply", async () => {
    const { status, reply } = await scene.polls(peer, question);
    return status === "complete" && reply;
  }, 120_000);
}

Deno.test({
  name: "the agent's answer is the peer's reply, and how far the message got is told on the way",
  ignore,
  async fn() {
    await using scene = await Scene.set({ a2a: true });
    const { model } = scene;
    const polling = await scene.peer("0.2", "Poll");
    const calledBack = await scene.peer("0.7", "Call");
    await scene.handOn("a2a");

    const { mind, say } = thought();
    model.mind = mind;
    const first = await scene.asks(polling, "Is it raining?");
    await eventually("the agent thinks", () => model.shown("Is it raining?").length === 1, 30_000);
    const pending = await scene.polls(polling, first);
    assertEquals([pending.status, pending.receipt], ["pending", "handed"]);
    say("Only in Bergen.");
    const { success, data } = await replyTo(scene, polling, first);
    assertEquals([success, data], [true, { text: "Only in Bergen." }]);
    assertStringIncludes(model.asked[0]?.all ?? "", "Your answer is sent to the peer");

    model.mind = () => "Not before Monday.";
    const second = await scene.asks(calledBack, "Will it hail?", { callBack: true });
    const reply = await calledBack.until(
      "the call back",
      () => calledBack.reply(second.nonce),
      30_000,
    );
    assertEquals([reply.success, reply.data], [true, { text: "Not before Monday." }]);

    // What comes once more is not asked once more.
    for (const [peer, { body }] of [[polling, first], [calledBack, second]] as const) {
      assertEquals((await scene.sends(peer, body)).status, 200);
    }
    await pause(5_000);
    assertEquals([model.shown("raining?").length, model.shown("hail?").length], [1, 1]);
  },
});

Deno.test({
  name: "a gateway of ours that asks and waits, prints what another one's OpenClaw answered",
  ignore,
  async fn() {
    await using scene = await Scene.set({ a2a: true });
    const { model, ours } = scene;
    await using asker = await OurGateway.start("asker");
    await asker.json(["request", ours.url, "--alias", "home"]);
    await ours.json(["approve", (await asker.card()).publicKey]);
    await asker.becomes((await ours.card()).publicKey, "approved");
    await scene.handOn("a2a");

    model.mind = ({ all }) => all.includes("warm") ? "Warmer than here." : "What?";
    const sent = await asker.json(["agent", "home", "weather", "Is it warm?", "--wait"]);
    assertEquals([sent.receipt, sent.reply.success], ["replied", true]);
    assertEquals(sent.reply.data, { text: "Warmer than here." });
    assertEquals(model.shown("Is it warm?").length, 1);
  },
});

Deno.test({
  name: "a conversation goes on where it was, and nobody gets into another peer's",
  ignore,
  async fn() {
    await using scene = await Scene.set({ a2a: true });
    const { model } = scene;
    const stan = await scene.peer("0.7", "Stan");
    const eve = await scene.peer("0.7", "Eve");
    await scene.handOn("a2a");
    const talk = async (peer: Gateway, words: string) => {
      const question = await scene.asks(peer, words, { conversationId: "trip" });
      assertEquals((await replyTo(scene, peer, question)).success, true);
      return model.shown(words).at(-1)?.all ?? "";
    };

    await talk(stan, "We go to Bergen.");
    assertStringIncludes(await talk(stan, "What to wear?"), "We go to Bergen.");
    const overheard = await talk(eve, "Where do they go?");
    assert(!overheard.includes("Bergen") && !overheard.includes("What to wear?"));
  },
});

Deno.test({
  name:
    "our daemon is killed while the agent thinks: it is not asked again, and its answer arrives",
  ignore,
  async fn() {
    await using scene = await Scene.set({ a2a: true });
    const { model, ours } = scene;
    const peer = await scene.peer();
    await scene.handOn("a2a");

    const { mind, say } = thought();
    model.mind = mind;
    const question = await scene.asks(peer, "Is it dark?");
    await eventually("the agent thinks", () => model.shown("Is it dark?").length === 1, 30_000);
    await ours.down("SIGKILL");
    say("Since four.");
    await ours.up();
    assertEquals((await replyTo(scene, peer, question)).data, { text: "Since four." });
    assertEquals(model.shown("Is it dark?").length, 1);
  },
});

Deno.test({
  name:
    "our daemon is killed before it learns of the task: the agent may run twice, the reply is one",
  ignore,
  async fn() {
    await using scene = await Scene.set({ a2a: true });
    const { model, openclaw, ours } = scene;
    const peer = await scene.peer();
    await using detour = await Detour.open(openclaw.url);
    await scene.handOn("a2a", { url: detour.url });

    detour.keepsBack = (body) => body.includes("SendMessage");
    const question = await scene.asks(peer, "Is it windy?", { conversationId: "trip" });
    await eventually("an answer that is kept back", () => detour.keptBack === 1, 30_000);
    await ours.down("SIGKILL");
    detour.keepsBack = () => false;
    await eventually("the first run", () => model.shown("Is it windy?").length === 1, 60_000);
    // A message joins a run of its conversation that is still under way.
    await pause(3_000);
    await ours.up();
    assertEquals((await replyTo(scene, peer, question)).data, { text: "I have read it." });
    assertEquals(model.shown("Is it windy?").length, 2);

    // Nothing of this is left that would take the answer of what comes next.
    model.mind = () => "Soon.";
    const next = await scene.asks(peer, "Will it calm down?", { conversationId: "trip" });
    assertEquals((await replyTo(scene, peer, next)).data, { text: "Soon." });
  },
});

Deno.test({
  name: "OpenClaw is killed while its agent thinks: it is asked again, and the answer arrives",
  ignore,
  async fn() {
    await using scene = await Scene.set({ a2a: true });
    const { model, openclaw } = scene;
    const peer = await scene.peer();
    await scene.handOn("a2a");

    model.mind = thought().mind;
    const question = await scene.asks(peer, "Is it icy?", { conversationId: "trip" });
    await eventually("the agent thinks", () => model.shown("Is it icy?").length === 1, 30_000);
    await openclaw.down("SIGKILL");
    model.mind = () => "On the bridge.";
    await openclaw.up();
    assertEquals((await replyTo(scene, peer, question)).data, { text: "On the bridge." });
  },
});

Deno.test({
  name: "an agent that says nothing is one sentence to the peer, without anything of the owner's",
  ignore,
  async fn() {
    await using scene = await Scene.set({ a2a: true });
    const { model } = scene;
    const peer = await scene.peer();
    await scene.handOn("a2a");

    model.mind = () => "";
    const question = await scene.asks(peer, "Anybody there?");
    const { success, error, data } = await replyTo(scene, peer, question);
    assertEquals([success, error, data], [false, "The agent could not answer", undefined]);
  },
});
