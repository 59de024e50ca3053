import { assertEquals, assertThrows } from "@std/assert";
import { join, resolve } from "node:path";
import { stateDirectory } from "../../../commands/state_directory.ts";
import { MeshError } from "../../../lib/error.ts";

function directory(
  env: Readonly<Record<string, string>>,
  stateDir?: string,
): string {
  const flags = { json: false, ...(stateDir === undefined ? {} : { stateDir }) };
  return stateDirectory(flags, (name) => env[name]);
}

const HOME = resolve("/home/ann");
const MESH = resolve("/mesh");
const ORIGINAL = resolve("/original");
const FLAG = resolve("/flag");

Deno.test("the flag comes first, then our variable, then the original's, then the home", () => {
  const env = { HOME, MESH_STATE_DIR: MESH, OPENCLAW_AGENT_MESH_DIR: ORIGINAL };
  assertEquals(directory(env, FLAG), FLAG);
  assertEquals(directory(env), MESH);
  assertEquals(directory({ HOME, OPENCLAW_AGENT_MESH_DIR: ORIGINAL }), ORIGINAL);
  assertEquals(directory({ HOME }), join(HOME, ".openclaw", "agent-mesh"));
  assertEquals(directory({ USERPROFILE: HOME }), join(HOME, ".openclaw", "agent-mesh"));
});

Deno.test("an empty variable is none", () => {
  const env = { HOME, MESH_STATE_DIR: "", OPENCLAW_AGENT_MESH_DIR: ORIGINAL };
  assertEquals(directory(env), ORIGINAL);
  assertEquals(
    directory({ HOME, MESH_STATE_DIR: "", OPENCLAW_AGENT_MESH_DIR: "" }),
    join(HOME, ".openclaw", "agent-mesh"),
  );
});

Deno.test("a path may be relative, or begin at the home where no shell has expanded it", () => {
  assertEquals(directory({ HOME }, "state"), resolve("state"));
  assertEquals(directory({ HOME }, "~/state"), `${HOME}/state`);
  assertEquals(directory({ HOME, MESH_STATE_DIR: "~" }), HOME);
  assertEquals(directory({ HOME }, "~ann/state"), resolve("~ann/state"));
  assertEquals(directory({}, "~/state"), resolve("~/state"));
});

Deno.test("without a home something has to be said", () => {
  const { code, hint } = assertThrows(() => directory({}), MeshError);
  assertEquals([code, hint], ["usage", "set MESH_STATE_DIR, or pass --state-dir"]);
  assertEquals(directory({ MESH_STATE_DIR: MESH }), MESH);
});
