import { assertEquals } from "@std/assert";
import { logActivity } from "../../../../lib/ogp/activity/log_activity.ts";
import { Run } from "../../../e2e/program.ts";
import { policyOwner } from "./household.ts";

Deno.test("activity --follow prints a document an entry until Ctrl-C", async () => {
  await using owner = await policyOwner();
  const { state, keys, root } = owner;
  const log = async (nonce: string, alias = "stan") => {
    const event = {
      direction: "in",
      publicKey: keys[alias] ?? "",
      name: alias,
      topic: "testing",
      outcome: "accepted",
      nonce,
    } as const;
    await logActivity(state, event, { logging: "on" });
  };
  await log("1");
  await log("2");
  const args = ["ogp", "agent-comms", "activity", "stan", "--last", "1", "--follow", "--json"];
  await using run = new Run(args, { env: { MESH_STATE_DIR: root } });
  const nonces = () =>
    run.stdout.split("\n").filter((line) => line.endsWith("}")).map((line) =>
      JSON.parse(line).nonce
    );
  await run.until("the newest", () => nonces().length === 1 || undefined);
  await log("3", "leo");
  await log("4");
  await run.until("what is new", () => nonces().length === 2 || undefined);
  run.kill("SIGINT");
  assertEquals((await run.ended).code, 0);
  assertEquals(nonces(), ["2", "4"]);
});
