import { assert, assertEquals } from "@std/assert";
import { codeOf } from "../../lib/error.ts";
import { openFileStore } from "../../lib/store/file_store.ts";
import { filesBelow, temporaryRoot } from "../unit/store/temporary_root.ts";
import { partCodec, partOf } from "./parts.ts";

const SIZE = 512 * 1024;

async function run(command: string, ...args: string[]): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args, stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false;
  }
}

async function mountSmallDisk(path: string): Promise<AsyncDisposable | undefined> {
  if (!await run("mount", "-t", "tmpfs", "-o", `size=${SIZE}`, "tmpfs", path)) return undefined;
  return {
    async [Symbol.asyncDispose]() {
      assert(await run("umount", path), `Cannot unmount "${path}"`);
    },
  };
}

async function canMount(): Promise<boolean> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return false;
  await using root = await temporaryRoot();
  await using disk = await mountSmallDisk(root.path);
  return disk !== undefined;
}

Deno.test({
  name: "a disk that is really full refuses records, and keeps each that was reported",
  ignore: !await canMount(),
  async fn() {
    await using root = await temporaryRoot();
    await using _disk = await mountSmallDisk(root.path);
    const damage: string[] = [];
    const store = openFileStore(root.path, { onDamage: ({ path }) => damage.push(path) });
    const parts = store.collection("parts", partCodec);
    const reported: string[] = [];
    const codes = new Set<string>();
    const lane = async (name: string) => {
      for (let n = 0; n < 200; n++) {
        const id = `${name}-${n}`;
        try {
          if (await parts.create(id, partOf(id, n))) reported.push(id);
        } catch (error) {
          codes.add(codeOf(error));
        }
      }
    };
    await Promise.all([lane("a"), lane("b"), lane("c"), lane("d")]);
    assertEquals([...codes], ["disk_full"]);
    assert(reported.length > 20 && reported.length < 800);

    const { entries } = await parts.list();
    assertEquals(entries.map(({ id }) => id), reported.sort());
    for (const { id, value } of entries) assertEquals(value, partOf(id, value.n));
    assertEquals(
      (await filesBelow(root.path)).length,
      reported.length,
      "nothing temporary is left",
    );
    assertEquals(damage, []);

    for (const id of reported.slice(0, 20)) assert(await parts.delete(id));
    assert(await parts.create("after", partOf("after", 0)));
    assertEquals(
      await parts.update("after", (part) => partOf("after", part!.n + 1)),
      partOf("after", 1),
    );
  },
});
