import { assertEquals, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { lookAtMarked, removeMarked, writeMarked } from "../../../lib/store/marked_file.ts";

const MARK = "Written by: a test";

function file(path: string) {
  return { path, mark: MARK, mode: 0o644, ifForeign: "elsewhere", ifRefused: "as root" };
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a file of ours is written, changed and removed", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/systemd/user/mesh.service`;
    assertEquals(await lookAtMarked(file(path)), "absent");
    await writeMarked(file(path), `# ${MARK}\none\n`);
    assertEquals(await lookAtMarked(file(path), `# ${MARK}\none\n`), "same");
    assertEquals(await lookAtMarked(file(path), `# ${MARK}\ntwo\n`), "other");
    await writeMarked(file(path), `# ${MARK}\ntwo\n`);
    assertEquals(await Deno.readTextFile(path), `# ${MARK}\ntwo\n`);
    if (Deno.build.os !== "windows") assertEquals((await Deno.stat(path)).mode! & 0o777, 0o644);
    assertEquals(await removeMarked(file(path)), true);
    assertEquals(await removeMarked(file(path)), false);
  });
});

Deno.test("a file of somebody else's is neither written over nor removed", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/mesh.service`;
    await Deno.writeTextFile(path, "[Service]\n");
    for (
      const work of [() => writeMarked(file(path), `# ${MARK}\n`), () => removeMarked(file(path))]
    ) {
      assertEquals((await assertRejects(work, MeshError)).code, "exists");
    }
    assertEquals(await Deno.readTextFile(path), "[Service]\n");
  });
});

Deno.test("a link that leads nowhere and a folder are somebody else's, too", async () => {
  if (Deno.build.os === "windows") return;
  await inFolder(async (folder) => {
    const [link, inner] = [`${folder}/ocg`, `${folder}/ogp`];
    await Deno.symlink("/nonexistent/program", link);
    await Deno.mkdir(inner);
    for (const path of [link, inner]) {
      assertEquals(await lookAtMarked(file(path)), "foreign");
      const work = () => writeMarked(file(path), `# ${MARK}\n`);
      assertEquals((await assertRejects(work, MeshError)).code, "exists");
    }
    assertEquals(await Deno.readLink(link), "/nonexistent/program");
  });
});
