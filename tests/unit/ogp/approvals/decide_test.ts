import { assertEquals, assertStringIncludes } from "@std/assert";
import { decide, lookAfterApprovals } from "../../../../lib/ogp/approvals/decide.ts";
import { findApproval, listApprovals } from "../../../../lib/ogp/approvals/find.ts";
import { approvals, MOST_WAITING } from "../../../../lib/ogp/approvals/record.ts";
import { changeMark } from "../../../../lib/ogp/handover/mark.ts";
import { requeueHandovers } from "../../../../lib/ogp/handover/requeue.ts";
import { setTopics } from "../../../../lib/ogp/policies/changes.ts";
import { GLOBAL } from "../../../../lib/ogp/policies/policy_store.ts";
import { auditEvents, codeFrom } from "../../mesh/parties.ts";
import { House } from "../handover/agent.ts";

const DAY = 24 * 3_600_000;
const DECLINED = {
  success: true,
  data: { text: "Thank you for asking, but I'm not able to discuss that topic.", level: "deny" },
};

async function asking(): Promise<House> {
  const house = await House.open();
  await setTopics(house.node.state, GLOBAL, { topics: ["calendar"], level: "escalate" });
  return house;
}

const about = { topic: "calendar" };

Deno.test("what is escalated waits for the owner, and then the agent gets it with that level", async () => {
  await using house = await asking();
  const message = await house.comms("Are you free on Monday?", about);
  assertEquals([(await house.mark(message)).state, await house.node.state.outbox.ids()], [
    "asking",
    [],
  ]);
  const [asked] = await listApprovals(house.node.state);
  assertEquals([asked?.name, asked?.message?.payload.message], [
    message.name,
    "Are you free on Monday?",
  ]);
  const approval = await decide(house.node, house.outbox, message.name, "allowed");
  assertEquals(approval.status, "allowed");
  assertEquals((await house.hand(message)).state, "accepted");
  const heading = "[OGP Agent-Comms] Stan → calendar [ESCALATE]:";
  assertEquals(house.agent.prompts, [`${heading} Are you free on Monday?`]);
  assertStringIncludes(
    house.agent.calls[0]?.body.messages[0].content,
    "your owner was asked about this message and has let it through",
  );
  assertEquals((await house.reply(message)).success, true);
  assertEquals(await listApprovals(house.node.state), []);
  const events = (await auditEvents(house.gateway.root)).map(({ event }) => event);
  assertEquals(events.filter((event) => event === "ogp.message.allowed").length, 1);
});

Deno.test("what the owner declines is answered politely, and one decision wins", async () => {
  await using house = await asking();
  const message = await house.comms("hello", about);
  await decide(house.node, house.outbox, message.name, "denied");
  assertEquals([await house.reply(message), (await house.mark(message)).state], [
    DECLINED,
    "declined",
  ]);
  assertEquals(await codeFrom(decide(house.node, house.outbox, message.name, "allowed")), "exists");
  assertEquals(await house.node.state.outbox.ids(), []);
  assertEquals(house.agent.calls, []);
  assertEquals(await codeFrom(decide(house.node, house.outbox, "nothing", "allowed")), "not_found");
});

Deno.test("of two decisions at once one is made", async () => {
  await using house = await asking();
  const message = await house.comms("hello", about);
  const other = await house.gateway.again();
  const both = await Promise.allSettled([
    decide(house.node, house.outbox, message.name, "allowed"),
    decide(other, house.outbox, message.name, "denied"),
  ]);
  assertEquals(both.filter(({ status }) => status === "fulfilled").length, 1);
  const { status } = (await approvals(house.node.state).get(message.name))!;
  const { state } = await house.mark(message);
  assertEquals(status === "allowed" ? "queued" : "declined", state);
});

Deno.test("after a week the sender is told that nobody decided", async () => {
  await using house = await asking();
  const message = await house.comms("hello", about);
  house.gateway.clock.pass(7 * DAY - 1000);
  assertEquals(await lookAfterApprovals(house.node, house.outbox), []);
  house.gateway.clock.pass(1000);
  assertEquals(await lookAfterApprovals(house.node, house.outbox), [message.name]);
  assertEquals(await lookAfterApprovals(house.node, house.outbox), []);
  assertEquals(await house.reply(message), {
    success: false,
    error:
      "The owner of this gateway was asked about this message and did not decide within a week",
  });
  assertEquals(await codeFrom(decide(house.node, house.outbox, message.name, "allowed")), "exists");
  house.gateway.clock.pass(31 * DAY);
  await lookAfterApprovals(house.node, house.outbox);
  assertEquals(await approvals(house.node.state).ids(), []);
});

Deno.test("each point at which a crash may come leaves a decision that is carried out", async (t) => {
  await using house = await asking();
  await t.step("stored, and the owner was not asked", async () => {
    const message = await house.comms("a", about);
    await approvals(house.node.state).delete(message.name);
    assertEquals(await requeueHandovers(house.node, house.outbox), []);
    assertEquals((await findApproval(house.node.state, message.nonce)).name, message.name);
    await decide(house.node, house.outbox, message.name, "denied");
  });
  await t.step("decided, and not carried out", async () => {
    for (const status of ["allowed", "denied"] as const) {
      const message = await house.comms(status, about);
      const decidedAt = house.gateway.clock.now().toISOString();
      const records = approvals(house.node.state);
      await records.update(message.name, (one) => one && { ...one, status, decidedAt });
      await lookAfterApprovals(house.node, house.outbox);
      await lookAfterApprovals(house.node, house.outbox);
      const { state } = await house.mark(message);
      assertEquals(state, status === "allowed" ? "queued" : "declined");
      if (status === "denied") assertEquals(await house.reply(message), DECLINED);
      else assertEquals((await house.hand(message)).state, "accepted");
    }
  });
  await t.step("queued on the record, and not in the outbox", async () => {
    const message = await house.comms("c", about);
    await changeMark(house.node.state, message.name, ({ at }) => ({ state: "queued", at }));
    assertEquals(await requeueHandovers(house.node, house.outbox), [`handover-${message.name}`]);
  });
});

Deno.test("a peer can have only so many messages wait for a person", async () => {
  await using house = await asking();
  for (let i = 0; i < MOST_WAITING; i++) await house.comms("hello", about);
  assertEquals(await codeFrom(house.comms("one more", about)), "rate_limited");
  const [first] = await listApprovals(house.node.state);
  await decide(house.node, house.outbox, first?.name ?? "", "denied");
  await house.comms("one more", about);
});

Deno.test("a message is found by the beginning of its id, and one that waits before one that does not", async () => {
  await using house = await asking();
  const nonces = ["aa-1", "aa-2", "ab-1"];
  const [first] = [
    await house.comms("1", { ...about, nonce: nonces[0] }),
    await house.comms("2", { ...about, nonce: nonces[1] }),
    await house.comms("3", { ...about, nonce: nonces[2] }),
  ];
  const { state } = house.node;
  assertEquals((await findApproval(state, "ab")).approval.nonce, "ab-1");
  assertEquals(await codeFrom(findApproval(state, "aa")), "ambiguous");
  await decide(house.node, house.outbox, first?.name ?? "", "denied");
  assertEquals((await findApproval(state, "aa")).approval.nonce, "aa-2");
  assertEquals((await findApproval(state, "aa-1")).approval.status, "denied");
  assertEquals(await codeFrom(findApproval(state, "")), "not_found");
  assertEquals((await listApprovals(state, true)).length, 3);
});
