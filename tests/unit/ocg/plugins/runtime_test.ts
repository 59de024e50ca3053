import { assert, assertEquals } from "@std/assert";
import { hostProgram } from "../../../../lib/ocg/plugins/host_program.ts";
import { findNode, findRuntime, NODE_PACKAGE } from "../../../../lib/ocg/plugins/runtime.ts";
import { EMBEDDED, embeddedHost } from "../../../../scripts/plugin_host.ts";

Deno.test("the host's program that the binary has is that of the sources", async () => {
  assertEquals(
    await Deno.readTextFile(EMBEDDED),
    await embeddedHost(),
    "run: deno run -A scripts/plugin_host.ts",
  );
});

Deno.test("the host's program is put in place, and mended when somebody has changed it", async () => {
  const root = await Deno.makeTempDir();
  const main = await hostProgram(root);
  const wire = main.replace("main.ts", "wire.ts");
  const text = await Deno.readTextFile(wire);
  await Deno.writeTextFile(wire, "throw new Error('mine now');");
  await Deno.remove(main);
  assertEquals(await hostProgram(root), main);
  assertEquals(await Deno.readTextFile(wire), text);
  assert((await Deno.stat(main)).isFile);
  await Deno.remove(root, { recursive: true });
});

Deno.test("a Node of the machine serves if it is in the range, else the one for plugins, else Deno", async () => {
  const root = await Deno.makeTempDir();
  const node = async (folder: string, name: string, version: string) => {
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(`${folder}/${name}`, `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
  };
  const path = `${root}/bin`;
  const search = { node: ">=24.16.0 <25 || >=26.1.0", path };
  assertEquals(await findNode(root, search), { found: undefined });
  await node(path, "node", "v20.1.0");
  assertEquals(await findNode(root, search), { found: "v20.1.0" });
  assertEquals((await findRuntime(root, search)).program, Deno.execPath());
  const own = `${root}/ocg/plugins/node/node_modules/${NODE_PACKAGE.name}`;
  await node(`${own}/bin`, NODE_PACKAGE.program.slice("bin/".length), "v26.10.0");
  assertEquals((await findRuntime(root, search)).name, "node v26.10.0");
  await node(path, "node", "v24.17.0");
  assertEquals((await findRuntime(root, search)).program, `${path}/node`);
  await node(path, "node", "not a version");
  assertEquals((await findRuntime(root, search)).name, "node v26.10.0");
  await Deno.remove(root, { recursive: true });
});
