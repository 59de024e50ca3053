import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { hintAtAge, readInput } from "../../../commands/input.ts";
import { MeshError } from "../../../lib/error.ts";

Deno.test("a file is read up to its limit, to the byte", async () => {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, new Uint8Array(100_000).fill(7));
    assertEquals((await readInput(path, 100_000)).length, 100_000);
    const { code } = await assertRejects(() => readInput(path, 99_999), MeshError);
    assertEquals(code, "too_large");
    await Deno.writeFile(path, new Uint8Array());
    assertEquals(await readInput(path, 1), new Uint8Array());
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("what cannot be read is an error that names it", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const gone = await assertRejects(() => readInput(`${folder}/gone`, 10), MeshError);
    assertEquals(gone.code, "not_found");
    const directory = await assertRejects(() => readInput(folder, 10), MeshError, folder);
    assertEquals(directory.code, "io");
  } finally {
    await Deno.remove(folder);
  }
});

Deno.test("only what is refused for its age is told how to be taken all the same", () => {
  const stale = new MeshError("stale_timestamp", "Too old");
  const { hint } = assertThrows(() => hintAtAge(stale, "mesh take --allow-old"), MeshError);
  assertEquals(hint, "if you trust its way here: mesh take --allow-old");
  const bad = new MeshError("bad_signature", "Not signed");
  assertEquals(assertThrows(() => hintAtAge(bad, "mesh take"), MeshError), bad);
});
