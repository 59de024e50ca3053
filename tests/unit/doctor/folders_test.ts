import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { takeOver } from "../../../lib/doctor/access.ts";
import type { Finding } from "../../../lib/doctor/check.ts";
import { openDoctor } from "../../../lib/doctor/context.ts";
import { folders } from "../../../lib/doctor/folders.ts";
import { leftovers } from "../../../lib/doctor/leftovers.ts";
import { runChecks } from "../../../lib/doctor/runner.ts";
import { survey } from "../../../lib/doctor/survey.ts";
import { announce } from "../../../lib/run/run_file.ts";
import { only, TempNode } from "./nodes.ts";

const POSIX = Deno.build.os !== "windows";
const IS_ROOT = POSIX && Deno.uid() === 0;

Deno.test("a state directory that is its owner's alone is ok", async () => {
  await using node = await TempNode.named("stan");
  await node.state.peers.ids();
  assertEquals(only(await node.run(folders)).level, "ok");
});

Deno.test("a state directory that is not there yet is no fault of the folder", async () => {
  await using node = await TempNode.empty();
  const found = await checkFolder(`${node.root}/none`);
  assertEquals([found.level, found.fix], ["ok", undefined]);
  assertStringIncludes(found.message, "not there yet");
});

Deno.test("a file in the state directory's place is a failure", async () => {
  await using node = await TempNode.empty();
  await node.write("state", "");
  const found = await checkFolder(`${node.root}/state`);
  const path = `${node.root}/state`;
  assertEquals([found.level, found.fix], ["failure", `ls -l ${path}`]);
});

Deno.test({
  name: "modes that let others in are a warning, for the root and for what is below",
  ignore: !POSIX,
  fn: async () => {
    await using node = await TempNode.named("stan");
    await Deno.mkdir(`${node.root}/messages/incoming`, { recursive: true });
    await Deno.chmod(`${node.root}/messages`, 0o700);
    await Deno.chmod(`${node.root}/messages/incoming`, 0o750);
    const inner = only(await node.run(folders));
    const fix = `chmod -R go-rwx ${node.root}`;
    assertEquals([inner.level, inner.fix], ["warning", fix]);
    assertStringIncludes(inner.message, '"messages/incoming"');
    assert(!inner.message.includes('"messages"'), inner.message);

    await Deno.chmod(node.root, 0o711);
    const both = only(await node.run(folders));
    assertStringIncludes(both.message, `into "${node.root}" and 1 folder below it`);

    await new Deno.Command("sh", { args: ["-c", fix] }).output();
    assertEquals(only(await node.run(folders)).level, "ok");
  },
});

Deno.test({
  name: "what belongs to another user is a warning",
  ignore: !IS_ROOT,
  fn: async () => {
    await using node = await TempNode.named("stan");
    await Deno.chown(`${node.root}/audit`, 65_534, 65_534);
    const found = only(await node.run(folders));
    assertEquals([found.level, found.fix], [
      "warning",
      takeOver(node.root),
    ]);
    assertStringIncludes(found.message, '"audit"');
  },
});

Deno.test({
  name: "a folder that cannot be read is a failure",
  ignore: !POSIX || IS_ROOT,
  fn: async () => {
    await using node = await TempNode.named("stan");
    await Deno.mkdir(`${node.root}/peers`, { mode: 0o000 });
    const found = only(await node.run(folders));
    assertEquals(found.level, "failure");
    assertStringIncludes(found.message, '"peers"');
    await Deno.chmod(`${node.root}/peers`, 0o700);
  },
});

Deno.test("temporary files of dead writers are found, those of living ones are left out", async () => {
  await using node = await TempNode.named("stan");
  await node.write("peers/.stan.json.0123456789abcdef.tmp", "half a reco");
  assertEquals(only(await node.run(leftovers)).level, "ok");

  const later = { now: () => new Date(Date.now() + 120_000) };
  const found = only(await node.run(leftovers, later));
  assertEquals([found.level, found.fix], ["warning", "mesh serve"]);
  assertStringIncludes(found.message, "1 temporary file was");

  const withdraw = await announce(node.root, {
    pid: Deno.pid,
    name: "serve",
    host: "127.0.0.1",
    port: 1,
    started_at: new Date().toISOString(),
  });
  const running = only(await node.run(leftovers, later));
  assertEquals([running.level, running.fix], ["ok", undefined]);
  await withdraw();
});

Deno.test("the walk sorts files out and does not follow links", async () => {
  await using node = await TempNode.empty();
  const files = {
    "peers/stan.json": false,
    "peers/a b.json": true,
    "peers/.DS_Store": false,
    "peers/._stan.json": false,
    "peers/notes.txt": false,
    "peers/deeper/a b.json": false,
    "backups/a b.json": false,
    "messages/incoming/50%.json": true,
    "messages/incoming/50%25.json": false,
  };
  for (const path of Object.keys(files)) await node.write(path, "{}");
  await node.write("peers/x.json.corrupt-20260102T030405Z", "{");
  await node.write("outbox/failed/x.json.corrupt-20260102T030405Z-2", "{");
  await node.write("peers/x.json.corrupt-notes", "{");
  if (POSIX) await Deno.symlink("..", `${node.root}/peers/loop`);
  const found = await survey(node.root, new Date());
  const unseen = Object.entries(files).filter(([, isUnseen]) => isUnseen).map(([path]) => path);
  assertEquals([...found.unseen.names].sort(), unseen.sort());
  assertEquals([...found.setAside.names].sort(), [
    "outbox/failed/x.json.corrupt-20260102T030405Z-2",
    "peers/x.json.corrupt-20260102T030405Z",
  ]);
});

Deno.test("of many files all are counted and a hundred named", async () => {
  await using node = await TempNode.empty();
  for (let i = 0; i < 300; i++) await node.write(`peers/x${i}.json.corrupt-20260102T030405Z`, "");
  const { setAside } = await survey(node.root, new Date());
  assertEquals([setAside.count, setAside.names.length], [300, 100]);
});

async function checkFolder(path: string): Promise<Finding> {
  return only(await runChecks([folders], openDoctor(path)));
}
