import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Conversations, type Handled } from "../../../lib/ocg/conversations.ts";
import type { WaitingRecord } from "../../../lib/ocg/records.ts";
import { Gate } from "../../../lib/store/gate.ts";
import { until } from "./fakes.ts";

const waiting = (chat: string, id: string): WaitingRecord => ({
  channel: "c",
  account: "a",
  chat,
  id,
  receivedAt: "",
  sequence: 0,
});

Deno.test("whatever is pushed is handled once, in order within a chat, never more than the gate lets in", async () => {
  const pushes = fc.array(fc.tuple(fc.nat(3), fc.nat(9), fc.nat(3)), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(pushes, fc.integer({ min: 1, max: 3 }), async (all, width) => {
      const handled: string[] = [];
      let inside = 0;
      let most = 0;
      const retried = new Set<string>();
      const conversations = new Conversations({
        gate: new Gate(width),
        async handle({ chat, id }): Promise<Handled> {
          most = Math.max(most, ++inside);
          await Promise.resolve();
          inside--;
          const key = `${chat}/${id}`;
          if (id.endsWith("3") && !retried.has(key)) {
            retried.add(key);
            return { retryMs: 0 };
          }
          handled.push(key);
          return "done";
        },
        onFault: (error) => {
          throw error;
        },
      });
      const expected: string[] = [];
      for (const [chat, id] of all) {
        const key = `${chat}/${id}`;
        if (!expected.includes(key)) expected.push(key);
        conversations.push(waiting(String(chat), String(id)));
      }
      await until(() => conversations.size === 0);
      assert(most <= width);
      const ofChat = (keys: string[], chat: number) =>
        keys.filter((key) => key.startsWith(`${chat}/`));
      for (let chat = 0; chat < 4; chat++) {
        assertEquals(ofChat(handled, chat), ofChat(expected, chat));
      }
      await conversations.stop();
    }),
    { numRuns: 50 },
  );
});

Deno.test("stopping does not wait for others who are in the way", async () => {
  const gate = new Gate(1);
  const others = Promise.withResolvers<void>();
  const busy = gate.run(() => others.promise);
  let handled = 0;
  const conversations = new Conversations({
    gate,
    handle: () => {
      handled++;
      return Promise.resolve("done");
    },
    onFault: () => {},
  });
  conversations.push(waiting("1", "a"));
  await conversations.stop();
  others.resolve();
  await busy;
  await gate.run(() => Promise.resolve());
  assertEquals(handled, 0);
});

Deno.test("what this machine fails at is told, and left for later", async () => {
  const faults: unknown[] = [];
  const conversations = new Conversations({
    gate: new Gate(1),
    handle: () => Promise.reject(new Error("disk")),
    onFault: (error) => faults.push(error),
  });
  conversations.push(waiting("1", "a"));
  await until(() => faults.length === 1);
  assertEquals(conversations.size, 1);
  await conversations.stop();
});
