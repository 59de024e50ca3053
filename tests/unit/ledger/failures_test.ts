import { assert, assertEquals, assertRejects } from "@std/assert";
import { codeOf, MeshError } from "../../../lib/error.ts";
import { DayTallies } from "../../../lib/ledger/day_tallies.ts";
import { RateLedgers } from "../../../lib/ledger/rate_ledgers.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { systemError } from "../store/hooked_file_system.ts";
import { filesBelow, temporaryRoot } from "../store/temporary_root.ts";
import { hookedLedger } from "./hooked_ledger.ts";

const now = new Date("2026-11-21T12:00:00Z");
const time = String(now.getTime());
const limit = { requests: 3, windowSeconds: 3600 };

Deno.test("what a crash left of a line is cut off", async () => {
  for (const torn of ["1", "176371351312", "1763713513123"]) {
    await using root = await temporaryRoot();
    using rates = new RateLedgers(root.path);
    const path = `${root.path}/a.rate`;
    await Deno.writeTextFile(path, `${time}\n${torn}`);
    assert((await rates.take("a", limit, now)).ok);
    assertEquals(await Deno.readTextFile(path), `${time}\n${time}\n`);
  }
});

Deno.test("a ledger that was edited or damaged keeps the lines that can be read", async () => {
  const damaged = [
    `${time}\nxxxxxxxxxxxxx\n${time}\nxxxxxxxxxxxxx\n`,
    `x${time}\n${time}\n${time}\n`.slice(0, -1) + "\n",
    `${time}\n\n${time}\n`,
    `${time}\r\n${time}\n${time}\n`,
    `${time}\n${time}\n${"\0".repeat(28)}`,
  ];
  for (const text of damaged) {
    await using root = await temporaryRoot();
    using rates = new RateLedgers(root.path);
    await Deno.writeTextFile(`${root.path}/a.rate`, text);
    assert((await rates.take("a", limit, now)).ok, JSON.stringify(text));
    const lines = (await Deno.readTextFile(`${root.path}/a.rate`)).trim().split("\n");
    assert(lines.length >= 2 && lines.length <= 3, JSON.stringify(lines));
    assert(lines.every((line) => line === time));
    assertEquals(await filesBelow(root.path), ["a.rate"]);
  }
});

Deno.test("a full disk lets nobody through, leaves no half line, and is told as such", async () => {
  await using root = await temporaryRoot();
  let room = Infinity;
  const { fs, open } = hookedLedger((operation) => {
    if (operation !== "write") return;
    if (room <= 0) throw systemError("ENOSPC");
    const most = room;
    room = room === Infinity ? room : 0;
    return most === Infinity ? undefined : most;
  });
  {
    using rates = new RateLedgers(root.path, { fs });
    using days = new DayTallies(root.path, { fs });
    const budget = { messages: 10, bytes: 1000 };
    assert((await rates.take("a", limit, now)).ok);
    assert((await days.spend("a", budget, 5, now)).ok);
    for (const left of [0, 5, 13]) {
      room = left;
      const error = await assertRejects(() => rates.take("a", limit, now), MeshError);
      assertEquals(error.code, "disk_full");
      room = left;
      assertEquals(codeOf(await days.spend("a", budget, 5, now).catch((e) => e)), "disk_full");
    }
    room = Infinity;
    assertEquals(await Deno.readTextFile(`${root.path}/a.rate`), `${time}\n`);
    assertEquals(await days.read("a", now), { messages: 1, bytes: 5 });
    assert((await rates.take("a", limit, now)).ok);
    assert((await days.spend("a", budget, 5, now)).ok);
  }
  assertEquals(open.now, 0);
});

async function run(command: string, ...args: string[]): Promise<boolean> {
  const options = { args, stdout: "null", stderr: "null" } as const;
  return await new Deno.Command(command, options).output().then(
    ({ success }) => success,
    () => false,
  );
}

Deno.test({
  name: "a disk that is really full counts what it said that it counted, and nothing else",
  ignore: Deno.build.os !== "linux" || Deno.uid() !== 0,
  async fn() {
    await using root = await temporaryRoot();
    const mounted = await run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", root.path);
    if (!mounted) return;
    try {
      using rates = new RateLedgers(root.path);
      const wide = { requests: 1_000_000, windowSeconds: 3600 };
      let passed = 0;
      let code = "";
      while (code === "" && passed < 100_000) {
        await rates.take("a", wide, now).then(() => passed++, (error) => code = codeOf(error));
      }
      assertEquals(code, "disk_full");
      const path = `${root.path}/a.rate`;
      assertEquals((await Deno.stat(path)).size, passed * 14);
      await Deno.truncate(path, 14 * 10);
      assert((await rates.take("a", { ...wide, requests: 11 }, now)).ok);
      assertEquals((await rates.take("a", { ...wide, requests: 11 }, now)).ok, false);
    } finally {
      assert(await run("umount", root.path));
    }
  },
});

Deno.test("a disk that cannot even take half a line back costs nothing but that line", async () => {
  await using root = await temporaryRoot();
  let failing = true;
  let written = false;
  const { fs } = hookedLedger((operation) => {
    if (!failing) return;
    if (operation === "truncate") throw systemError("EIO");
    if (operation !== "write") return;
    if (written) throw systemError("ENOSPC");
    written = true;
    return 6;
  });
  using rates = new RateLedgers(root.path, { fs });
  const error = await assertRejects(() => rates.take("a", limit, now), MeshError);
  assertEquals(error.code, "disk_full");
  assertEquals(await Deno.readTextFile(`${root.path}/a.rate`), time.slice(0, 6));
  failing = false;
  assert((await rates.take("a", limit, now)).ok);
  assertEquals(await Deno.readTextFile(`${root.path}/a.rate`), `${time}\n`);
});

Deno.test("a ledger that cannot be trimmed goes on, and no temporary file is left", async () => {
  await using root = await temporaryRoot();
  const { fs } = hookedLedger((operation) => {
    if (operation === "rename") throw systemError("ENOSPC");
  });
  using rates = new RateLedgers(root.path, { fs });
  const narrow = { requests: 1, windowSeconds: 0.001 };
  for (let n = 0; n < 2000; n++) {
    assert((await rates.take("a", narrow, new Date(now.getTime() + n))).ok);
  }
  assertEquals((await Deno.stat(`${root.path}/a.rate`)).size, 2000 * 14);
  assertEquals(await filesBelow(root.path), ["a.rate"]);
});

Deno.test("what a process that died while trimming left is swept by the store", async () => {
  await using root = await temporaryRoot();
  const death = new Error("killed");
  let dead = false;
  const { fs } = hookedLedger((operation) => {
    if (operation === "rename") dead = true;
    if (dead) throw death;
  });
  using rates = new RateLedgers(`${root.path}/ogp/traffic/rates`, { fs });
  const narrow = { requests: 1, windowSeconds: 0.001 };
  for (let n = 0; !dead; n++) await rates.take("a", narrow, new Date(now.getTime() + n));
  assertEquals((await filesBelow(root.path)).length, 2);
  await openFileStore(root.path).sweep();
  assertEquals(await filesBelow(root.path), ["ogp/traffic/rates/a.rate"]);
});

Deno.test("a file that is removed or replaced under us is noticed", async () => {
  await using root = await temporaryRoot();
  using rates = new RateLedgers(`${root.path}/rates`);
  const path = `${root.path}/rates/a.rate`;
  await rates.take("a", limit, now);
  await Deno.remove(path);
  for (const n of [1, 2, 3]) assert((await rates.take("a", limit, now)).ok, String(n));
  assertEquals((await rates.take("a", limit, now)).ok, false);
  await Deno.remove(`${root.path}/rates`, { recursive: true });
  assert((await rates.take("a", limit, now)).ok);
  await Deno.writeTextFile(`${root.path}/mine`, `${time}\n`.repeat(3));
  await Deno.rename(`${root.path}/mine`, path);
  assertEquals((await rates.take("a", limit, now)).ok, false);
});

Deno.test({
  name: "something else in the place of a ledger is an error, and nothing hangs",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using root = await temporaryRoot();
    using rates = new RateLedgers(root.path);
    await Deno.mkdir(`${root.path}/folder.rate`);
    await Deno.writeTextFile(`${root.path}/target`, "");
    await Deno.symlink(`${root.path}/target`, `${root.path}/link.rate`);
    await new Deno.Command("mkfifo", { args: [`${root.path}/pipe.rate`] }).output();
    for (const [name, code] of [["folder", "io"], ["link", "damaged"], ["pipe", "damaged"]]) {
      const error = await assertRejects(() => rates.take(name!, limit, now), MeshError);
      assertEquals(error.code, code, name);
    }
  },
});
