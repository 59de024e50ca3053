import { assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../../lib/error.ts";
import { setDefaultLevel, setTopics } from "../../../../lib/ogp/policies/changes.ts";
import { GLOBAL, readPolicies } from "../../../../lib/ogp/policies/policy_store.ts";
import { registerTopics } from "../../../../lib/ogp/policies/register_topics.ts";
import { resolve } from "../../../../lib/ogp/policies/resolve.ts";
import { openOgpState } from "../../../../lib/ogp/state.ts";
import { temporaryRoot } from "../../mesh/parties.ts";
import { stranger } from "../gateways.ts";

const [stan = "", leo = "", ida = ""] = [1, 2, 3].map(() => stranger().publicKey);

Deno.test("a project's topic is open to its peers where everything else is off", async () => {
  await using root = await temporaryRoot();
  const state = openOgpState(root.path);
  await setDefaultLevel(state, GLOBAL, "off");
  const registered = await registerTopics(state, ["my-app", "site"], [stan, leo, stan]);
  assertEquals(
    registered,
    [stan, leo].map((publicKey) => ({
      publicKey,
      topics: ["my-app", "site"],
    })),
  );
  assertEquals((await resolve(state, stan, "my-app/login")).level, "summary");
  assertEquals((await resolve(state, ida, "my-app")).level, "off");
  assertEquals((await readPolicies(state, stan)).topics.get("site")?.by, "project");
  assertEquals(await registerTopics(state, ["my-app"], [stan, leo], "full"), []);
  assertEquals((await resolve(state, leo, "my-app")).level, "summary");
});

Deno.test("what the owner has said about a topic stays, wherever it was said", async () => {
  await using root = await temporaryRoot();
  const state = openOgpState(root.path);
  await setTopics(state, GLOBAL, { topics: ["secret", "work"], level: "off" });
  await setTopics(state, stan, { topics: ["my-app"], level: "deny" });
  await setTopics(state, leo, { topics: ["my-app"], level: "full" });
  const topics = ["secret", "work/my-app", "my-app"];
  assertEquals(await registerTopics(state, topics, [stan, leo, ida]), [
    { publicKey: ida, topics: ["my-app"] },
  ]);
  const levels = async (who: string) =>
    await Promise.all(topics.map(async (topic) => (await resolve(state, who, topic)).level));
  assertEquals(await levels(stan), ["off", "off", "deny"]);
  assertEquals(await levels(leo), ["off", "off", "full"]);
  assertEquals(await levels(ida), ["off", "off", "summary"]);
});

Deno.test("a peer whose record is full is left as it is, and a topic that cannot be is refused", async () => {
  await using root = await temporaryRoot();
  const state = openOgpState(root.path);
  const many = Array.from({ length: 999 }, (_, i) => `t${i}`);
  await setTopics(state, stan, { topics: many, level: "full" });
  assertEquals(await registerTopics(state, ["one", "two"], [stan]), [
    { publicKey: stan, topics: ["one"] },
  ]);
  assertEquals(await registerTopics(state, ["two"], [stan]), []);
  assertEquals(await registerTopics(state, [], [stan]), []);
  const { code } = await assertRejects(() => registerTopics(state, ["a\n"], [stan]), MeshError);
  assertEquals(code, "usage");
});

Deno.test("many peers get a topic at once, while the owner changes one of them", async () => {
  await using root = await temporaryRoot();
  const state = openOgpState(root.path);
  const keys = Array.from({ length: 40 }, () => stranger().publicKey);
  const [first = ""] = keys;
  await Promise.all([
    registerTopics(state, ["my-app"], keys),
    setTopics(state, first, { topics: ["my-app"], level: "deny" }),
  ]);
  assertEquals((await resolve(state, first, "my-app")).level, "deny");
  for (const key of keys.slice(1)) {
    assertEquals((await resolve(state, key, "my-app")).from, "peer topic");
  }
});
