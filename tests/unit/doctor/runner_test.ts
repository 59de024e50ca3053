import { assert, assertEquals, assertLess, assertStringIncludes } from "@std/assert";
import { type Check, ok, warning } from "../../../lib/doctor/check.ts";
import { openDoctor } from "../../../lib/doctor/context.ts";
import { runChecks } from "../../../lib/doctor/runner.ts";
import { MeshError } from "../../../lib/error.ts";

const context = openDoctor("/nowhere");
const sound: Check = { name: "sound", run: () => Promise.resolve(ok("Fine")) };

Deno.test("findings carry their check's name and come in the order of the checks", async () => {
  const slow: Check = {
    name: "slow",
    run: async () => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      return [ok("One"), warning("Two", "mesh two")];
    },
  };
  const nothing: Check = { name: "nothing", run: () => Promise.resolve([]) };
  assertEquals(await runChecks([slow, nothing, sound], context), [
    { check: "slow", level: "ok", message: "One" },
    { check: "slow", level: "warning", message: "Two", fix: "mesh two" },
    { check: "sound", level: "ok", message: "Fine" },
  ]);
});

Deno.test("a check that rejects or throws becomes a failure and ends no other", async () => {
  const rejecting: Check = {
    name: "rejecting",
    run: () => Promise.reject(new MeshError("io", "The disk is on fire", { hint: "mesh run" })),
  };
  const throwing: Check = {
    name: "throwing",
    run: () => {
      throw "not even an error";
    },
  };
  const found = await runChecks([rejecting, throwing, sound], context);
  assertEquals(found.map(({ check, level }) => [check, level]), [
    ["rejecting", "failure"],
    ["throwing", "failure"],
    ["sound", "ok"],
  ]);
  assertStringIncludes(found[0]!.message, "The disk is on fire");
  assertEquals(found[0]!.fix, "mesh run");
  assertStringIncludes(found[1]!.message, "not even an error");
});

Deno.test("a failure of a check does not send the reader back to where it comes from", async () => {
  const error = new MeshError("io", "Oh", { hint: "mesh doctor" });
  const [found] = await runChecks([{ name: "x", run: () => Promise.reject(error) }], context);
  assertEquals(found?.fix, undefined);
});

Deno.test("a check that hangs is a failure when its time is up, and is told so", async () => {
  let told = false;
  const hanging: Check = {
    name: "hanging",
    run: (_, signal) => {
      signal.addEventListener("abort", () => told = true);
      return new Promise(() => {});
    },
  };
  const started = performance.now();
  const found = await runChecks([hanging, sound], context, { timeoutMs: 100 });
  assertLess(performance.now() - started, 5_000);
  assertEquals(found.map(({ level }) => level), ["failure", "ok"]);
  assertStringIncludes(found[0]!.message, "longer than 0.1 s");
  assert(told, "The check was not told to stop");
});

Deno.test("what a check throws after its time is up disturbs nobody", async () => {
  const late: Check = {
    name: "late",
    run: async (_, signal) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      throw new Error("Too late");
    },
  };
  const found = await runChecks([late], context, { timeoutMs: 20 });
  await new Promise((resolve) => setTimeout(resolve, 10));
  assertEquals(found.length, 1);
  assertStringIncludes(found[0]!.message, "longer than");
});

Deno.test("checks run side by side, and each end is told", async () => {
  const both = Promise.withResolvers<void>();
  let running = 0;
  const meeting: Check = {
    name: "meeting",
    run: async () => {
      if (++running === 2) both.resolve();
      await both.promise;
      return ok("Met");
    },
  };
  const progress: number[][] = [];
  const onProgress = (done: number, total: number) => void progress.push([done, total]);
  const found = await runChecks([meeting, meeting], context, { onProgress });
  assertEquals(found.map(({ message }) => message), ["Met", "Met"]);
  assertEquals(progress, [[1, 2], [2, 2]]);
});
