/**
 * The old names, as scripts that were written for them call them.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { TestNode } from "./node.ts";

const ignore = Deno.build.os === "windows";

/** Runs a line of a script, in which `ogp` and `ocg` are programs. */
async function sh(node: TestNode, line: string): Promise<{ code: number; said: string }> {
  const { code, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", line],
    env: {
      ...node.env,
      PATH: `${node.home}/bin:${Deno.env.get("PATH")}`,
      DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`,
      NO_COLOR: "1",
    },
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, said: text(stdout) + text(stderr) };
}

Deno.test({
  name: "ogp and ocg are commands of their own after mesh link, and none after --remove",
  ignore,
  async fn() {
    await using node = await TestNode.named("ann");
    const bin = `${node.home}/bin`;
    await node.run(["link", "--dir", bin], { code: 3 });
    await Deno.mkdir(bin);
    const { links } = await node.json(["link", "--dir", bin]);
    assertEquals(links.map(({ name, done }: Record<string, string>) => `${name} ${done}`), [
      "ogp written",
      "ogp-install-skills written",
      "ocg written",
    ]);
    assertMatch((await sh(node, "ogp federation list")).said, /^No gateways\./);
    const status = await sh(node, "ocg status --json");
    assertEquals(typeof JSON.parse(status.said), "object");
    assertEquals(await sh(node, "ogp --version"), { code: 0, said: `${denoJson.version}\n` });
    const wrong = await sh(node, "ogp federation show nobody");
    assertEquals(wrong.code, 3);
    assertStringIncludes((await sh(node, "ogp-install-skills --help")).said, "mesh skills install");

    const { stdout } = await node.run(["link", "--dir", bin]);
    assertEquals(stdout.match(/^up to date/gm)?.length, 3);
    await node.run(["link", "--dir", bin, "--remove"]);
    assertEquals(await Array.fromAsync(Deno.readDir(bin)), []);
  },
});

Deno.test({
  name: "a program of that name that is not ours is left alone",
  ignore,
  async fn() {
    await using node = await TestNode.named("bob");
    const bin = `${node.home}/bin`;
    await Deno.mkdir(bin);
    await Deno.writeTextFile(`${bin}/ocg`, "#!/bin/sh\necho original\n", { mode: 0o755 });
    const { stdout, stderr } = await node.run(["link", "--dir", bin], { code: 5 });
    assertMatch(stdout, /written +\S+\/ogp$/m);
    assertStringIncludes(stderr, `"${bin}/ocg" was not written by this program`);
    await node.run(["link", "--dir", bin, "--remove"], { code: 5 });
    assertEquals((await sh(node, "ocg")).said, "original\n");
  },
});

Deno.test({
  name: "who would not find them is told",
  ignore,
  async fn() {
    await using node = await TestNode.named("cat");
    const bin = `${node.home}/bin`;
    const other = `${node.home}/other`;
    await Deno.mkdir(bin);
    await Deno.mkdir(other);
    const said = (await node.run(["link", "--dir", bin])).stderr;
    assertStringIncludes(said, `"${bin}" is not on the PATH`);
    await Deno.writeTextFile(`${other}/ogp`, "#!/bin/sh\n", { mode: 0o755 });
    const env = { PATH: `${other}:${bin}:${Deno.env.get("PATH")}` };
    const { stderr } = await node.run(["link", "--dir", bin], { env });
    assertEquals(stderr, `warning: "${other}/ogp" comes before it on the PATH\n`);
    const missing = await node.run(["link", "--dir", `${node.home}/no such`], { code: 3 });
    assertStringIncludes(missing.stderr, `hint: mkdir -p '${node.home}/no such'`);
  },
});
