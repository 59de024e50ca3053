import { assertEquals } from "@std/assert";
import { eventually } from "./eventually.ts";
import { AsyncMachine, callBack, PATIENCE } from "./ocg/async_machine.ts";
import { CHATS, webchatChat } from "./ocg/chats.ts";
import { freePort } from "./ports.ts";
import { PROGRAM } from "./program.ts";

// The terminal is not here: its conversation lives in one process, and there is nothing to come back to.
for (const [channel, open] of Object.entries(CHATS)) {
  const name = `an answer that comes after the daemon was killed reaches ${channel} once`;
  // The compiled program runs no plugins without a Node that is newer than what machines have.
  const ignore = channel === "a plugin" && PROGRAM.command.length === 1;
  Deno.test({ name, ignore }, async (t) => {
    await using machine = await AsyncMachine.with(await open());
    const { chat } = machine;
    const port = freePort();
    const first = await machine.start(port);

    await t.step("killed while the agent takes the question", async () => {
      machine.onQuestion = () => first.run.kill("SIGKILL");
      await chat.say("how long?", port);
      await machine.callbackFor("how long?");
      await first.run.ended;
      machine.onQuestion = () => {};
    });

    const callback = await machine.callbackFor("how long?");
    await machine.start(port);

    await t.step("a wrong signature uses nothing up", async () => {
      assertEquals(await callBack(callback, "an hour", "another secret"), 401);
      assertEquals(await chat.seen(port), []);
    });

    await t.step("two answers at once are one", async () => {
      const statuses = await Promise.all(
        ["an hour", "an hour"].map((one) => callBack(callback, one)),
      );
      assertEquals(statuses.sort(), [200, 404]);
      assertEquals(await callBack(callback, "an hour"), 404);
      await machine.shows(port, ["an hour"]);
    });

    await t.step("the next daemon listens elsewhere", async () => {
      await chat.say("and now?", port);
      const url = new URL(await machine.callbackFor("and now?"));
      for (const run of machine.runs) {
        run.kill("SIGKILL");
        await run.ended;
      }
      const third = await machine.start();
      url.port = String(third.port);
      assertEquals(await callBack(url.href, "two hours"), 200);
      await machine.shows(third.port, ["an hour", "two hours"]);
      // Those that asked again after the death are answered, too.
      for (const again of machine.callbacks) {
        const late = new URL(again.url);
        late.port = String(third.port);
        assertEquals(await callBack(late.href, "too late"), 404);
      }
      assertEquals(await chat.seen(third.port), ["an hour", "two hours"]);
    });
  });
}

Deno.test("an answer that comes after its time is not delivered", async () => {
  await using machine = await AsyncMachine.with(webchatChat(), { callbackTokenTTL: 1 });
  const { port } = await machine.start();
  await machine.chat.say("hello?", port);
  const callback = await machine.callbackFor("hello?");
  const over = performance.now() + 1100;
  await eventually("the token's end", () => performance.now() > over, PATIENCE);
  assertEquals(await callBack(callback, "sorry"), 404);
  assertEquals(await machine.chat.seen(port), []);
});
