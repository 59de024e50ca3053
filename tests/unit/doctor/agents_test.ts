import { assertEquals, assertStringIncludes } from "@std/assert";
import { agents } from "../../../lib/doctor/agents.ts";
import { versions } from "../../../lib/doctor/versions.ts";
import { closedPort } from "../mesh/scan/servers.ts";
import { befriend, stranger, testGateway } from "../ogp/gateways.ts";
import { only, TempNode } from "./nodes.ts";
import { runChecks } from "../../../lib/doctor/runner.ts";
import { openDoctor } from "../../../lib/doctor/context.ts";

async function configured(node: TempNode, notify: unknown) {
  await node.write("config.json", JSON.stringify({ notify }));
  return await node.run(agents);
}

Deno.test("an agent that answers is well, and one that does not is a warning", async () => {
  await using node = await TempNode.named("stan");
  assertEquals(await node.run(agents), []);
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => Response.json({ data: [{ id: "llama3.2" }] }),
  );
  try {
    const found = await configured(node, {
      default: "local",
      targets: {
        local: { type: "agent", url: `http://127.0.0.1:${server.addr.port}` },
        away: { type: "agent", url: `http://127.0.0.1:${closedPort()}` },
        none: { type: "none" },
        program: { type: "command", argv: ["/nowhere/program"] },
      },
    });
    assertEquals(found.map(({ level }) => level), ["ok", "warning", "ok", "warning"]);
    assertStringIncludes(found[1]!.message, 'Target "away" (agent): ');
    assertStringIncludes(found[3]!.message, "/nowhere/program");
  } finally {
    await server.shutdown();
  }
});

Deno.test("a section that will not do is a failure that names the key and no secret", async () => {
  await using node = await TempNode.named("stan");
  const found = only(
    await configured(node, { targets: { hook: { type: "hermes", url: "ftp://x", secret: "s3" } } }),
  );
  assertEquals(found.level, "failure");
  assertStringIncludes(found.message, "notify.targets.hook.url");
  assertEquals(found.message.includes("s3"), false);
});

Deno.test("a gateway with peers and no target says that messages are only stored", async () => {
  await using one = await testGateway();
  await befriend(one, stranger());
  const { level, message } = only(await runChecks([agents], openDoctor(one.root)));
  assertEquals([level, message.includes("not handed on")], ["ok", true]);
});

Deno.test("versions are told", async () => {
  await using node = await TempNode.named("stan");
  const { level, message } = only(await node.run(versions, { version: "1.2.3" }));
  assertEquals(level, "ok");
  assertStringIncludes(message, "mesh 1.2.3, ");
  assertStringIncludes(message, Deno.version.deno);
  await node.write("version.json", '{"state": 99}');
  const [, layout] = await node.run(versions);
  assertEquals(layout?.level, "failure");
  assertStringIncludes(layout?.message ?? "", "A newer version of mesh");
});
