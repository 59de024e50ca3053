import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { httpStatusOf, MeshError } from "../../../lib/error.ts";
import { DayTallies } from "../../../lib/ledger/day_tallies.ts";
import {
  DAYS_FOLDER,
  DEFAULT_LOOP_LIMITS,
  LoopGuard,
  type LoopLimits,
  type Passage,
} from "../../../lib/ogp/loop_guard.ts";
import { filesBelow, temporaryRoot } from "../store/temporary_root.ts";

const now = new Date("2026-11-21T12:00:00Z");
const peerKey = "dcf1329a2f6f8345".repeat(4);
const other = "ab".repeat(32);
const limits: LoopLimits = {
  peerMessages: 5,
  peerBytes: 1000,
  conversationMessages: 2,
  conversationBytes: 500,
};
const passage: Passage = { direction: "in", peerKey, conversationId: "c1", bytes: 10, now };

async function guarded(work: (guard: LoopGuard, root: string) => Promise<void>): Promise<void> {
  await using root = await temporaryRoot();
  using days = new DayTallies(`${root.path}/${DAYS_FOLDER}`);
  await work(new LoopGuard(days, limits), root.path);
}

async function refusal(guard: LoopGuard, more: Partial<Passage> = {}): Promise<MeshError> {
  return await assertRejects(() => guard.spend({ ...passage, ...more }), MeshError);
}

Deno.test("a conversation stops at its budget, until midnight in Greenwich", () =>
  guarded(async (guard) => {
    await guard.spend(passage);
    await guard.spend(passage);
    const error = await refusal(guard);
    assertEquals(error.code, "rate_limited");
    assertEquals(error.message, "The daily budget of this conversation is spent: 2 messages");
    assertEquals(error.retryAfter, 12 * 3600);
    assertEquals(httpStatusOf(error), 429);
    assertStringIncludes(error.hint!, "mesh ogp status");
    assertStringIncludes(error.hint!, "ogp.loopLimits");
    await guard.spend({ ...passage, conversationId: "c2" });
    await guard.spend({ ...passage, now: new Date("2026-11-22T00:00:00Z") });
  }));

Deno.test("a peer stops at its budget, whatever it calls its conversations", () =>
  guarded(async (guard) => {
    for (const id of ["a", "b", "c", undefined, ""]) {
      await guard.spend({ ...passage, conversationId: id });
    }
    for (const id of ["d", "a", undefined]) {
      const error = await refusal(guard, { conversationId: id });
      assertEquals(error.message, "The daily budget of this peer is spent: 5 messages");
      assertEquals(error.retryAfter, 12 * 3600);
    }
    await guard.spend({ ...passage, peerKey: other });
  }));

Deno.test("bytes have a budget as well", () =>
  guarded(async (guard) => {
    await guard.spend({ ...passage, bytes: 400 });
    const ofConversation = await refusal(guard, { bytes: 101 });
    assertEquals(
      ofConversation.message,
      "The daily budget of this conversation is spent: 500 bytes",
    );
    await guard.spend({ ...passage, conversationId: undefined, bytes: 600 });
    const ofPeer = await refusal(guard, { conversationId: undefined, bytes: 1 });
    assertEquals(ofPeer.message, "The daily budget of this peer is spent: 1000 bytes");
  }));

Deno.test("a message that no day has room for is too large, and is not to be tried again", () =>
  guarded(async (guard, root) => {
    for (const [bytes, conversationId] of [[501, "c1"], [1001, undefined]] as const) {
      const error = await refusal(guard, { bytes, conversationId });
      assertEquals([error.code, error.retryAfter], ["too_large", undefined]);
      assertStringIncludes(error.message, `A message of ${bytes} bytes`);
    }
    assertEquals(await filesBelow(root), []);
  }));

Deno.test("what one budget refuses costs nothing of the other", () =>
  guarded(async (guard, root) => {
    await guard.spend(passage);
    await guard.spend(passage);
    for (let n = 0; n < 10; n++) await refusal(guard);
    assertEquals((await guard.usage(peerKey, now)).in, { messages: 2, bytes: 20 });
    await guard.spend({ ...passage, conversationId: "c2", bytes: 300 });
    for (let n = 0; n < 2; n++) await guard.spend({ ...passage, conversationId: undefined });
    for (let n = 0; n < 10; n++) await refusal(guard, { conversationId: "c2" });
    assertEquals((await guard.usage(peerKey, now)).in, { messages: 5, bytes: 340 });
    using days = new DayTallies(`${root}/${DAYS_FOLDER}`);
    const wider = new LoopGuard(days, { ...limits, peerMessages: 100 });
    await wider.spend({ ...passage, conversationId: "c2", bytes: 200 });
    await refusal(wider, { conversationId: "c2" });
  }));

Deno.test("at once, or one after the other, exactly the budget passes", () =>
  guarded(async (guard) => {
    const tries = Array.from(
      { length: 50 },
      (_, n) =>
        guard.spend({ ...passage, conversationId: `c${n % 2}` }).then(() => true, () => false),
    );
    const passed = (await Promise.all(tries)).filter(Boolean).length;
    assertEquals(passed, 4);
    assertEquals((await guard.usage(peerKey, now)).in, { messages: 4, bytes: 40 });
  }));

Deno.test("what comes in and what goes out are counted apart", () =>
  guarded(async (guard) => {
    for (const direction of ["in", "out"] as const) {
      await guard.spend({ ...passage, direction });
      await guard.spend({ ...passage, direction, bytes: direction === "in" ? 1 : 2 });
      await refusal(guard, { direction });
    }
    assertEquals(await guard.usage(peerKey, now), {
      in: { messages: 2, bytes: 11 },
      out: { messages: 2, bytes: 12 },
      limit: { messages: 5, bytes: 1000 },
    });
    const none = { messages: 0, bytes: 0 };
    const { in: incoming, out } = await guard.usage(other, now);
    assertEquals([incoming, out], [none, none]);
  }));

Deno.test("conversations of two peers never meet, whatever they are called", () =>
  guarded(async (guard, root) => {
    const ids = ["c1", "../x", "a/b", "\0", "\ud800", "x".repeat(100_000)];
    for (const conversationId of ids.slice(0, 5)) await guard.spend({ ...passage, conversationId });
    for (const conversationId of ids.slice(1)) {
      await guard.spend({ ...passage, peerKey: other, conversationId });
    }
    const files = await filesBelow(root);
    assertEquals(files.length, 12);
    assert(files.every((file) => file.startsWith("ogp/traffic/days/2026-11-21/")));
    for (const key of [peerKey.toUpperCase(), "", "../x"]) {
      assertEquals((await refusal(guard, { peerKey: key })).code, "bad_key");
    }
  }));

Deno.test("the budgets survive a restart", async () => {
  await using root = await temporaryRoot();
  for (let n = 0; n < 3; n++) {
    using days = new DayTallies(root.path);
    const guard = new LoopGuard(days, limits);
    if (n < 2) await guard.spend(passage);
    else assertEquals((await refusal(guard)).code, "rate_limited");
  }
});

Deno.test("the defaults let a busy day pass", async () => {
  await using root = await temporaryRoot();
  using days = new DayTallies(root.path);
  const guard = new LoopGuard(days);
  for (let n = 0; n < 200; n++) await guard.spend({ ...passage, bytes: 20_000 });
  assertEquals((await refusal(guard)).code, "rate_limited");
  assertEquals((await guard.usage(peerKey, now)).limit, {
    messages: DEFAULT_LOOP_LIMITS.peerMessages,
    bytes: DEFAULT_LOOP_LIMITS.peerBytes,
  });
});
