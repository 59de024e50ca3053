import { assertEquals, assertStringIncludes } from "@std/assert";
import { Home } from "./install/installer.ts";
import { fakeProgram, type Files, ReleaseServer, withSums } from "./install/release_server.ts";

const ignore = Deno.build.os === "windows";

async function releaseOf(): Promise<Files> {
  return await withSums({ [`mesh-${Deno.build.target}`]: fakeProgram("1.2.3") });
}

Deno.test(
  { name: "another program of the same name is neither replaced nor removed", ignore },
  async () => {
    await using server = await ReleaseServer.start(await releaseOf());
    await using home = await Home.make();
    await Deno.mkdir(`${home.path}/.local/bin`, { recursive: true });
    await Deno.writeTextFile(home.program, "#!/bin/sh\necho 'mesh of somebody else'\n", {
      mode: 0o755,
    });
    for (const args of [[], ["--uninstall"]]) {
      const { code, stderr } = await home.install(args, { url: server.url });
      assertEquals(code, 5);
      assertStringIncludes(stderr, "is another program of this name\n");
    }
    assertEquals(server.asked, []);
    await Deno.remove(home.program);
    await Deno.mkdir(home.program);
    assertEquals((await home.install([], { url: server.url })).code, 5);
  },
);

Deno.test(
  { name: "--uninstall removes the program and nothing of its owner", ignore },
  async () => {
    await using server = await ReleaseServer.start(await releaseOf());
    await using home = await Home.make();
    const state = `${home.path}/.openclaw/agent-mesh`;
    const cache = `${home.path}/.cache/mesh/portable-1`;
    for (const folder of [state, cache]) await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(`${state}/identity.json`, "{}");
    await Deno.writeTextFile(`${home.path}/.cache/mesh/mine`, "");
    await home.install([], { url: server.url });
    const { code, stdout, stderr } = await home.install(["--uninstall"]);
    assertEquals([code, stdout], [0, `mesh is removed: ${home.program}\n`], stderr);
    assertStringIncludes(stderr, "your identity, peers and messages stay");
    assertEquals(await home.files(), [".cache/mesh/mine", ".openclaw/agent-mesh/identity.json"]);

    const again = await home.install(["--uninstall"]);
    assertEquals(again.code, 3);
    assertStringIncludes(again.stderr, `there is no "${home.program}"\n`);
  },
);

Deno.test({ name: "--uninstall leaves a program that a service starts", ignore }, async () => {
  await using server = await ReleaseServer.start(await releaseOf());
  await using home = await Home.make();
  await home.install([], { url: server.url });
  const units = `${home.path}/.config/systemd/user`;
  await Deno.mkdir(units, { recursive: true });
  await Deno.writeTextFile(`${units}/other.service`, "[Service]\nExecStart=/usr/bin/true\n");
  await Deno.writeTextFile(`${units}/mesh.service`, `[Service]\nExecStart="${home.program}" up\n`);
  const { code, stderr } = await home.install(["--uninstall"]);
  assertEquals(code, 5);
  assertStringIncludes(
    stderr,
    `the service "${units}/mesh.service" starts it\nhint: mesh service unin`,
  );
  await Deno.remove(`${units}/mesh.service`);
  assertEquals((await home.install(["--uninstall"])).code, 0);
});
