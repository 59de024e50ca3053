/**
 * A state directory that a newer version has written: no command works on it, and none damages it.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { TestNode } from "./node.ts";

/** All files below a folder with their texts; what diagnosis itself leaves, such as locks, is not a record. */
async function filesIn(folder: string, below = ""): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${below}`)) {
    const path = `${below}${name}`;
    if (isDirectory) Object.assign(files, await filesIn(folder, `${path}/`));
    else files[path] = await Deno.readTextFile(`${folder}/${path}`);
  }
  return files;
}

const REFUSED: readonly (readonly string[])[] = [
  ["init", "--force"],
  ["serve"],
  ["discovery"],
  ["peers", "list"],
  ["send-message", "--to", "x", "--text", "y", "--send"],
  ["ogp", "setup", "--email", "a@b.c"],
  ["ogp", "start"],
  ["config", "set", "ogp.email", "a@b.c"],
  ["queue", "list"],
  ["pause"],
];

Deno.test("a state of a newer version is refused and stays as it is", async () => {
  await using node = await TestNode.named("ann");
  await Deno.writeTextFile(`${node.state}/version.json`, '{"state": 99, "more": true}');
  const before = await filesIn(node.state);
  for (const args of REFUSED) {
    const { stderr } = await node.run(args, { code: 7 });
    assertMatch(
      stderr,
      /^mesh: A newer version of mesh has written the state in "/,
      args.join(" "),
    );
    assertMatch(stderr, /\nhint: /);
  }
  await node.run(["--help"]);
  await node.run(["scan", "--help"]);
  await node.run(["--version"]);
  await node.run(["completion", "bash"]);
  await using doctor = node.start(["doctor"]);
  assertEquals([0, 1].includes((await doctor.end()).code), true);
  assertEquals(await filesIn(node.state), before);
});

Deno.test("a state without a version is the first, and gets one only by a new identity", async () => {
  await using node = await TestNode.named("bob");
  assertEquals(JSON.parse(await Deno.readTextFile(`${node.state}/version.json`)), { state: 1 });
  await Deno.remove(`${node.state}/version.json`);
  await node.run(["discovery"]);
  await node.run(["peers", "list"]);
  assertEquals(Object.keys(await filesIn(node.state)).includes("version.json"), false);
});
