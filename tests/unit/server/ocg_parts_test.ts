import { assertEquals } from "@std/assert";
import { openOcgState } from "../../../lib/ocg/state.ts";
import type { DaemonEvent } from "../../../server/daemon_event.ts";
import { OcgConfigFile } from "../../../server/ocg_config.ts";
import { ocgParts } from "../../../server/ocg_parts.ts";
import { temporaryRoot } from "../store/temporary_root.ts";

/** What is warned of when the configuration comes to name an agent that is a program. */
async function warnings(root: string): Promise<string[]> {
  const env = () => undefined;
  using state = openOcgState(root);
  const file = new OcgConfigFile(root, env);
  const write = (config: unknown) =>
    Deno.writeTextFile(`${root}/ocg.json`, JSON.stringify(config), { mode: 0o600 });
  await write({});
  const loaded = await file.read();
  const told: DaemonEvent[] = [];
  const tell = (event: DaemonEvent) => told.push(event);
  const parts = await ocgParts({ state, env, file, loaded, tell });
  const program = { agentType: "acp", acp: { command: "agent" }, enabled: false };
  await write({ channels: { webchat: program } });
  await parts.take({ do: "reload" }, new AbortController().signal);
  await parts.gateway.stop();
  return told.flatMap((event) => event.kind === "ocg-config" ? event.warnings : []);
}

const RESTART = "programs as agents, and plugins, can be used after: mesh ocg restart";

Deno.test({
  name: "a daemon that has given up to start programs says so when it is to start one",
  permissions: { run: false, read: true, write: true, env: true, sys: true },
  async fn() {
    await using root = await temporaryRoot();
    assertEquals(await warnings(root.path), [RESTART]);
  },
});

Deno.test("a daemon that may start programs does not ask to be restarted for one", async () => {
  await using root = await temporaryRoot();
  assertEquals(await warnings(root.path), []);
});
