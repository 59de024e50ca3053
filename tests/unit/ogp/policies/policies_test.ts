import { assert, assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../../lib/error.ts";
import {
  removeTopic,
  resetPolicies,
  setActivityLogging,
  setDefaultLevel,
  setTopics,
} from "../../../../lib/ogp/policies/changes.ts";
import { GLOBAL, readPolicies, recordName } from "../../../../lib/ogp/policies/policy_store.ts";
import { activityLogging, resolve } from "../../../../lib/ogp/policies/resolve.ts";
import { type OgpState, openOgpState, peerName } from "../../../../lib/ogp/state.ts";
import { stranger } from "../gateways.ts";
import { temporaryRoot } from "../../mesh/parties.ts";

interface Place extends AsyncDisposable {
  readonly root: string;
  readonly state: OgpState;
  /** What was reported as damaged. */
  readonly damaged: string[];
}

async function place(): Promise<Place> {
  const folder = await temporaryRoot();
  const damaged: string[] = [];
  const state = openOgpState(folder.path, { onDamage: ({ path }) => damaged.push(path) });
  return { root: folder.path, state, damaged, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] };
}

const stan = stranger().publicKey;
const leo = stranger().publicKey;

async function levels(state: OgpState, ...topics: string[]): Promise<string[]> {
  const found = topics.map(async (topic) => (await resolve(state, stan, topic)).level);
  return await Promise.all(found);
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(folder)) names.push(name);
  return names.sort();
}

async function decisions(root: string): Promise<Record<string, string>[]> {
  const [file] = await namesIn(`${root}/audit`);
  const text = await Deno.readTextFile(`${root}/audit/${file}`);
  return text.trim().split("\n").map((line) => JSON.parse(line));
}

Deno.test("the example of the agent-comms page comes out as the page says", async () => {
  await using here = await place();
  const { state } = here;
  await setDefaultLevel(state, GLOBAL, "summary");
  await setTopics(state, GLOBAL, { topics: ["memory-management"], level: "full" });
  await setTopics(state, stan, { topics: ["memory-management"], level: "escalate" });
  const found = await Promise.all(
    [[stan, "memory-management"], [leo, "memory-management"], [leo, "weather"]].map(
      async ([who = "", topic = ""]) => (await resolve(state, who, topic)).level,
    ),
  );
  assertEquals(found, ["escalate", "full", "summary"]);
});

Deno.test("nothing configured is an overview of everything, and a log without texts", async () => {
  await using here = await place();
  assertEquals(await resolve(here.state, stan, "anything"), {
    level: "summary",
    from: "default",
    logging: "on",
  });
  assertEquals(await namesIn(here.root), []);
});

Deno.test("a change counts for the next message, and is in the audit log", async () => {
  await using here = await place();
  const { state, root } = here;
  const node = { state };
  const now = new Date("2026-03-12T18:05:00Z");
  await setTopics(state, stan, { topics: ["a", "b"], level: "full", notes: "Trusted", now });
  assertEquals(await resolve(node, stan, "a/b"), {
    level: "full",
    from: "peer topic",
    notes: "Trusted",
    topic: "a",
    logging: "on",
  });
  await setTopics(state, stan, { topics: ["a"], level: "off" });
  await setDefaultLevel(state, stan, "deny");
  await setActivityLogging(state, "preview");
  assertEquals(await levels(state, "a", "b", "c"), ["off", "full", "deny"]);
  assertEquals((await resolve(state, stan, "a")).notes, undefined);
  assertEquals((await resolve(state, stan, "a")).logging, "preview");
  assertEquals(await removeTopic(state, stan, "b"), {
    level: "full",
    notes: "Trusted",
    at: now.toISOString(),
  });
  assertEquals(await removeTopic(state, stan, "b"), undefined);
  assertEquals((await resetPolicies(state, stan))?.topics.size, 1);
  assertEquals(await resetPolicies(state, stan), undefined);
  assertEquals(await levels(state, "a", "b", "c"), ["summary", "summary", "summary"]);
  assertEquals((await decisions(root)).map(({ event }) => event), [
    "policy.topics.set",
    "policy.topics.set",
    "policy.default.set",
    "policy.logging.set",
    "policy.topic.removed",
    "policy.reset",
  ]);
});

Deno.test("the records are what an editor expects, and keep what it adds", async () => {
  await using here = await place();
  const { state, root } = here;
  await setTopics(state, stan, {
    topics: ["__proto__", "ops"],
    level: "deny",
    now: new Date("2026-03-12T18:05:00Z"),
  });
  const path = `${root}/ogp/policies/${peerName(stan)}.json`;
  const text = await Deno.readTextFile(path);
  const policy = `{\n      "level": "deny",\n      "at": "2026-03-12T18:05:00.000Z"\n    }`;
  assertEquals(
    text,
    `{\n  "topics": {\n    "__proto__": ${policy},\n    "ops": ${policy}\n  }\n}\n`,
  );
  await Deno.writeTextFile(
    path,
    '{"later":1,"topics":{"x":{"level":"full","later":2},"__proto__":{"level":"off"}}}',
  );
  assertEquals(await levels(state, "x", "__proto__", "constructor"), ["full", "off", "summary"]);
  await setTopics(state, stan, { topics: ["y"], level: "full" });
  const after = JSON.parse(await Deno.readTextFile(path));
  assertEquals([after.later, after.topics.x, Object.keys(after.topics)], [
    1,
    { level: "full", later: 2 },
    ["x", "__proto__", "y"],
  ]);
});

Deno.test("while policies cannot be read the owner is asked, and nothing writes over them", async () => {
  const broken = ["{", '{"topics":', "null", "[]", '{"topics":[]}', '{"defaultLevel":"quiet"}'];
  // These the store sets aside.
  const spoilt = ["", new Uint8Array([0x7b, 0xe4, 0x7d])];
  for (const content of [...broken, ...spoilt]) {
    for (const who of [GLOBAL, stan]) {
      await using here = await place();
      const { state, root } = here;
      await setDefaultLevel(state, GLOBAL, "full");
      await setDefaultLevel(state, stan, "full");
      const folder = `${root}/ogp/policies`;
      const file = `${recordName(who)}.json`;
      const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
      await Deno.writeFile(`${folder}/${file}`, bytes);
      const { level, from } = await resolve(state, stan, "a");
      assertEquals([content, level, from], [content, "escalate", "unreadable"]);
      const attempts = [
        () => setTopics(state, who, { topics: ["a"], level: "full" }),
        () => setDefaultLevel(state, who, "full"),
        () => removeTopic(state, who, "a"),
        () => readPolicies(state, who),
      ];
      for (const attempt of attempts) {
        const { code, hint } = await assertRejects(attempt, MeshError);
        assertEquals([code, hint?.startsWith("mend the file")], ["damaged", true]);
      }
      const [kept = ""] = (await namesIn(folder)).filter((name) => name.startsWith(file));
      assertEquals(await Deno.readFile(`${folder}/${kept}`), bytes);
      assertEquals(new Set(here.damaged), new Set([`${folder}/${file}`]));
      const others = await resolve(state, leo, "a");
      assertEquals(others.from, who === GLOBAL ? "unreadable" : "default");
      assertEquals(await activityLogging(state), "on");
    }
  }
});

Deno.test("a reset heals what cannot be read of a peer, also more than once", async () => {
  for (const content of ["{", ""]) {
    await using here = await place();
    const { state, root } = here;
    for (let round = 0; round < 2; round++) {
      await setDefaultLevel(state, stan, "off");
      await Deno.writeTextFile(`${root}/ogp/policies/${recordName(stan)}.json`, content);
      assertEquals((await resolve(state, stan, "a")).from, "unreadable");
      assertEquals(await resetPolicies(state, stan), undefined);
      assertEquals((await resolve(state, stan, "a")).from, "default");
    }
    await setDefaultLevel(state, stan, "full");
    assertEquals((await resetPolicies(state, stan))?.defaultLevel, "full");
    assertEquals((await resolve(state, stan, "a")).from, "default");
  }
});

Deno.test("what is remembered is forgotten with the next change, whoever makes it", async () => {
  await using here = await place();
  const { state, root } = here;
  const path = `${root}/ogp/policies/${recordName(stan)}.json`;
  const level = async () => {
    await new Promise((resolve) => setTimeout(resolve, 110));
    const levels = [];
    for (let i = 0; i < 3; i++) levels.push((await resolve(state, stan, "ops")).level);
    return [...new Set(levels)].join(" ");
  };
  assertEquals(await level(), "summary");
  await setDefaultLevel(openOgpState(root), GLOBAL, "off");
  assertEquals((await resolve(state, stan, "ops")).level, "off");
  assertEquals(await level(), "off");
  await setTopics(openOgpState(root), stan, { topics: ["ops"], level: "deny" });
  assertEquals((await resolve(state, stan, "ops")).level, "deny");
  assertEquals(await level(), "deny");
  // As editors do it that write into the file.
  await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replace("deny", "full"));
  assertEquals((await resolve(state, stan, "ops")).level, "full");
  assertEquals(await level(), "full");
  await Deno.writeTextFile(path, "");
  assertEquals((await resolve(state, stan, "ops")).level, "escalate");
  assertEquals(await level(), "escalate");
  assert(!(await namesIn(`${root}/ogp/policies`)).includes(`${recordName(stan)}.json`));
  await resetPolicies(openOgpState(root), stan);
  assertEquals((await resolve(state, stan, "ops")).level, "off");
  assertEquals(await level(), "off");
});

Deno.test("a message pays for a look at two files, also where policies are many", async () => {
  await using here = await place();
  const { state } = here;
  const topics = Array.from({ length: 1000 }, (_, i) => `t${i}`);
  await setTopics(state, GLOBAL, { topics, level: "off" });
  await setTopics(state, stan, { topics, level: "full" });
  await new Promise((resolve) => setTimeout(resolve, 150));
  await resolve(state, stan, "t9");
  const began = performance.now();
  for (let i = 0; i < 500; i++) assertEquals((await resolve(state, stan, "t9")).level, "full");
  // Reading them each time takes some seconds.
  assert(performance.now() - began < 500);
});

Deno.test("what cannot be a topic, a note, or one more topic is refused before anything changes", async () => {
  await using here = await place();
  const { state } = here;
  const set = (topics: string[], notes?: string) =>
    setTopics(state, stan, { topics, level: "full", notes });
  const topics = ["", " a", "a ", "/a", "a/", "a\nb", "\ud800", "x".repeat(201)];
  for (const topic of topics) {
    const { code } = await assertRejects(() => set(["fine", topic]), MeshError);
    assertEquals([topic, code], [topic, "usage"]);
  }
  for (const notes of ["x".repeat(501), "two\nlines", "\ud800"]) {
    assertEquals((await assertRejects(() => set(["fine"], notes), MeshError)).code, "usage");
  }
  assertEquals(await namesIn(here.root), []);
  const many = Array.from({ length: 1000 }, (_, i) => `t${i}`);
  await set(many);
  assertEquals((await assertRejects(() => set(["one-more"]), MeshError)).code, "usage");
  assertEquals((await set(["t0", "t999"], "")).topics.size, 1000);
});

Deno.test("processes that configure at once lose nothing of each other's", async () => {
  await using here = await place();
  const program = new URL("./configuring_process.ts", import.meta.url).pathname;
  const names = ["p", "q", "r"];
  const ends = await Promise.all(names.map((name) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", "--quiet", program, here.root, name, "20", stan, leo],
      stdin: "null",
    }).output()
  ));
  assert(ends.every(({ success }) => success), new TextDecoder().decode(ends[0]?.stderr));
  const wanted = names.flatMap((name) => Array.from({ length: 20 }, (_, i) => `${name}-${i}`));
  for (const who of [GLOBAL, stan, leo]) {
    const { topics } = await readPolicies(here.state, who);
    assertEquals([...topics.keys()].sort(), wanted.toSorted());
  }
  assertEquals((await decisions(here.root)).length, 180);
});
