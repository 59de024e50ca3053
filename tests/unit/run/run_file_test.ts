import { assertEquals, assertMatch } from "@std/assert";
import { announce, listRunning, type Running } from "../../../lib/run/run_file.ts";
import { temporaryRoot } from "../mesh/parties.ts";

function running(changes: Partial<Running> = {}): Running {
  return {
    pid: Deno.pid,
    name: "serve",
    host: "127.0.0.1",
    port: 8787,
    started_at: "2026-03-12T18:05:00.000Z",
    ...changes,
  };
}

function filesIn(root: string): string[] {
  return Array.from(Deno.readDirSync(`${root}/run`), ({ name }) => name);
}

Deno.test("what runs is listed until it takes its announcement back", async () => {
  await using root = await temporaryRoot();
  assertEquals(await listRunning(root.path), []);
  const withdraw = await announce(root.path, running());
  assertEquals(await listRunning(root.path), [running()]);
  assertEquals(await listRunning(root.path), [running()]);
  const [file] = filesIn(root.path);
  assertMatch(file!, new RegExp(`^serve-${Deno.pid}-[0-9a-f]+\\.json$`));
  await withdraw();
  assertEquals([await listRunning(root.path), filesIn(root.path)], [[], []]);
});

Deno.test("what a dead process left is removed", async () => {
  await using root = await temporaryRoot();
  const withdraw = await announce(root.path, running());
  // Not locked, as after a crash, though the process id is one of a living process.
  await Deno.writeTextFile(`${root.path}/run/serve-1.json`, JSON.stringify(running({ port: 1 })));
  await Deno.writeTextFile(`${root.path}/run/half.json`, "{");
  assertEquals(await listRunning(root.path), [running()]);
  assertEquals(filesIn(root.path).length, 1);
  await withdraw();
});

Deno.test("two of one process id, as in two containers, are both listed", async () => {
  await using root = await temporaryRoot();
  const first = await announce(root.path, running({ pid: 1, port: 1 }));
  const second = await announce(root.path, running({ pid: 1, port: 2 }));
  const ports = async () => (await listRunning(root.path)).map(({ port }) => port).sort();
  assertEquals(await ports(), [1, 2]);
  await first();
  assertEquals(await ports(), [2]);
  await second();
  assertEquals(await ports(), []);
});

Deno.test("who lists while another begins does not make it disappear", async () => {
  await using root = await temporaryRoot();
  const { lock } = Deno.FsFile.prototype;
  let listed = 0;
  // Just before the file is locked, it looks like a dead process's.
  Deno.FsFile.prototype.lock = async function (exclusive) {
    if (listed++ < 2) assertEquals(await listRunning(root.path), []);
    return await lock.call(this, exclusive);
  };
  try {
    const withdraw = await announce(root.path, running());
    assertEquals(await listRunning(root.path), [running()]);
    await withdraw();
  } finally {
    Deno.FsFile.prototype.lock = lock;
  }
  assertEquals([listed, filesIn(root.path)], [3, []]);
});
