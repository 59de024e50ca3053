import { assertEquals } from "@std/assert";
import { Chores } from "../../../server/chores.ts";

const soon = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

Deno.test("what comes first is done before the start is over, the rest from time to time", async () => {
  const done: string[] = [];
  const chores = new Chores([
    { everyMs: 10, run: (first) => Promise.resolve(done.push(`often ${first}`)) },
    { everyMs: 60_000, first: true, run: (first) => Promise.resolve(done.push(`once ${first}`)) },
  ], (error) => done.push(String(error)));
  await chores.start();
  assertEquals(done, ["once true"]);
  while (done.length < 3) await soon();
  await chores.stop();
  assertEquals(done.slice(0, 3), ["once true", "often false", "often false"]);
  const count = done.length;
  await soon(30);
  assertEquals(done.length, count);
});

Deno.test("a failure is told, and the chore is done again", async () => {
  const faults: unknown[] = [];
  const chores = new Chores([{
    everyMs: 1,
    first: true,
    run: () => Promise.reject(new Error("no disk")),
  }], (error) => faults.push(error));
  await chores.start();
  while (faults.length < 3) await soon();
  await chores.stop();
  assertEquals((faults[2] as Error).message, "no disk");
});

Deno.test("a chore is never done twice at once, and stopping waits for it", async () => {
  let atWork = 0;
  let most = 0;
  const chores = new Chores([{
    everyMs: 1,
    async run() {
      most = Math.max(most, ++atWork);
      await soon(20);
      atWork--;
    },
  }], () => {});
  await chores.start();
  while (atWork === 0) await soon(1);
  await chores.stop();
  assertEquals([atWork, most], [0, 1]);
});
