import { assertEquals, assertStringIncludes } from "@std/assert";
import { service } from "../../../lib/doctor/service.ts";
import { tunnel } from "../../../lib/doctor/tunnel.ts";
import { EXPOSE, writeExposed } from "../../../lib/expose/exposed.ts";
import { announce } from "../../../lib/run/run_file.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { only, TempNode } from "./nodes.ts";

const onLinux = Deno.build.os === "linux";

/** A machine whose service manager is a script. */
async function machine(node: TempNode, shown: string) {
  const home = `${node.root}/home`;
  await node.write(
    "bin/systemctl",
    `#!/bin/sh\ncase "$*" in *show*) printf '${shown}' ;; esac\n`,
    0o755,
  );
  await node.write("bin/id", "#!/bin/sh\necho 1000\n", 0o755);
  const variables: Record<string, string> = { HOME: home, XDG_RUNTIME_DIR: node.root };
  const path = Deno.env.get("PATH") ?? "";
  Deno.env.set("PATH", `${node.root}/bin:${path}`);
  return {
    unit: `${home}/.config/systemd/user/mesh.service`,
    env: (name: string) => variables[name],
    [Symbol.dispose]: () => Deno.env.set("PATH", path),
  };
}

Deno.test("a service that runs is well, and one that does not names the command", {
  ignore: !onLinux,
}, async () => {
  await using node = await TempNode.named("stan");
  for (
    const [shown, level] of [
      ["ActiveState=active\\nSubState=running\\nMainPID=4711\\nUnitFileState=enabled\\n", "ok"],
      ["ActiveState=failed\\nSubState=failed\\nMainPID=0\\nUnitFileState=enabled\\n", "warning"],
    ] as const
  ) {
    using at = await machine(node, shown);
    assertEquals(await node.run(service, at), []);
    await Deno.mkdir(at.unit.slice(0, at.unit.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(at.unit, `ExecStart=mesh up --state-dir ${node.root}\n`);
    const found = only(await node.run(service, at));
    assertEquals([found.level, found.fix], [
      level,
      level === "ok" ? undefined : "mesh service start",
    ]);
    assertStringIncludes(found.message, "mesh.service");
    // Somebody else's state directory.
    await Deno.writeTextFile(at.unit, "ExecStart=mesh up --state-dir /elsewhere\n");
    assertEquals(await node.run(service, at), []);
    await Deno.remove(at.unit);
  }
});

Deno.test("a tunnel whose process is gone is told, with the command that opens it again", async () => {
  await using node = await TempNode.named("stan");
  assertEquals(await node.run(tunnel), []);
  const since = new Date().toISOString();
  const url = "https://x.trycloudflare.com";
  const exposed = { method: "cloudflared", url, pid: Deno.pid, tunnelPid: 1, since } as const;
  await writeExposed(openFileStore(node.root), exposed);
  const gone = only(await node.run(tunnel));
  assertEquals(gone.fix, "mesh ogp expose --method cloudflared --background");
  const running = { pid: Deno.pid, name: EXPOSE, host: "", port: 0, started_at: since };
  const withdraw = await announce(node.root, running);
  assertEquals(only(await node.run(tunnel)).level, "ok");
  await withdraw();
});
