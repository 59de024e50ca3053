import { assertEquals } from "@std/assert";
import { setDefaultLevel, setTopics } from "../../../../lib/ogp/policies/changes.ts";
import { importPolicies } from "../../../../lib/ogp/policies/import_policies.ts";
import { GLOBAL, readPolicies } from "../../../../lib/ogp/policies/policy_store.ts";
import { resolve } from "../../../../lib/ogp/policies/resolve.ts";
import { openOgpState } from "../../../../lib/ogp/state.ts";
import { temporaryRoot } from "../../mesh/parties.ts";
import { stranger } from "../gateways.ts";

const stan = stranger().publicKey;

const agentComms = {
  globalPolicy: { general: { level: "summary" }, testing: { level: "full", notes: " ours " } },
  defaultLevel: "off",
  activityLog: false,
};

Deno.test("both forms of the original's settings are taken over, once", async () => {
  for (const plain of [{ platform: "openclaw", agentComms }, agentComms]) {
    await using root = await temporaryRoot();
    const state = openOgpState(root.path);
    const taken = await importPolicies(state, plain);
    assertEquals(taken.map(({ who, item, fate, detail }) => [who, item, fate, detail]), [
      [GLOBAL, "defaultLevel", "taken", "off"],
      [GLOBAL, "activityLog", "taken", "off"],
      [GLOBAL, "general", "taken", "summary"],
      [GLOBAL, "testing", "taken", "full"],
    ]);
    const { level, notes, logging } = await resolve(state, stan, "testing");
    assertEquals([level, notes, logging], ["full", "ours", "off"]);
    assertEquals((await resolve(state, stan, "weather")).level, "off");
    const again = await importPolicies(state, plain);
    assertEquals(new Set(again.map(({ fate }) => fate)), new Set(["there"]));
  }
});

Deno.test("peers' policies are theirs by key, and what is set here already stays", async () => {
  await using root = await temporaryRoot();
  const state = openOgpState(root.path);
  await setTopics(state, stan, { topics: ["calendar"], level: "deny" });
  await setDefaultLevel(state, GLOBAL, "escalate");
  const plain = {
    [stan.toUpperCase()]: {
      responsePolicy: { calendar: { level: "full" }, memory: { level: "escalate" } },
      defaultLevel: "full",
    },
    [stranger().publicKey]: "nothing",
    "stan:18790": { defaultLevel: "full" },
  };
  const taken = await importPolicies(state, plain);
  assertEquals(taken.map(({ who, item, fate }) => [who, item, fate]), [
    [stan, "defaultLevel", "taken"],
    [stan, "calendar", "there"],
    [stan, "memory", "taken"],
  ]);
  const topics = ["calendar", "memory", "weather"];
  const levels = topics.map(async (topic) => (await resolve(state, stan, topic)).level);
  assertEquals(await Promise.all(levels), ["deny", "escalate", "full"]);
});

Deno.test("what cannot be read is told, and the rest is taken", async () => {
  await using root = await temporaryRoot();
  const state = openOgpState(root.path);
  const long = "n".repeat(700);
  const plain = {
    globalPolicy: {
      fine: { level: "deny", notes: long },
      short: "full",
      odd: { level: "quiet" },
      "": { level: "full" },
      list: [],
    },
    defaultLevel: "loud",
    activityLog: "yes",
  };
  const taken = await importPolicies(state, plain);
  assertEquals(taken.map(({ item, fate }) => [item, fate]), [
    ["fine", "taken"],
    ["short", "taken"],
    ["odd", "refused"],
    ["", "refused"],
    ["list", "refused"],
    ["defaultLevel", "refused"],
  ]);
  const { topics, defaultLevel } = await readPolicies(state, GLOBAL);
  assertEquals([topics.get("fine")?.notes?.length, defaultLevel], [500, undefined]);
});

Deno.test("what says nothing about policies changes nothing", async () => {
  await using root = await temporaryRoot();
  const state = openOgpState(root.path);
  for (
    const plain of [undefined, null, 1, "x", [], {}, { agentComms: null }, { globalPolicy: [] }]
  ) {
    assertEquals(await importPolicies(state, plain), []);
  }
  assertEquals(await Array.fromAsync(Deno.readDir(root.path)), []);
});
