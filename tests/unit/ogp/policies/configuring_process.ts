/**
 * A program that sets policies, as commands do: `configuring_process.ts ROOT NAME COUNT KEY...`. Sets so
 * many topics, one after the other, for all peers and for each of the keys.
 *
 * @module
 */
import { setTopics } from "../../../../lib/ogp/policies/changes.ts";
import { GLOBAL } from "../../../../lib/ogp/policies/policy_store.ts";
import { openOgpState } from "../../../../lib/ogp/state.ts";

const [root = "", name = "", count = "", ...keys] = Deno.args;
const state = openOgpState(root);
for (let i = 0; i < Number(count); i++) {
  for (const who of [GLOBAL, ...keys]) {
    await setTopics(state, who, { topics: [`${name}-${i}`], level: "full" });
  }
}
