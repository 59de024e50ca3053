import { assertEquals, assertThrows } from "@std/assert";
import { exitCodeOf, MeshError } from "../../../lib/error.ts";
import {
  checkStateVersion,
  readStateVersion,
  STATE_VERSION,
  VERSION_FILE,
  versionText,
} from "../../../lib/state_version/state_version.ts";
import { MIGRATIONS } from "../../../lib/state_version/migrations.ts";
import { temporaryRoot } from "../store/temporary_root.ts";

Deno.test("a state directory without a version has the first", async () => {
  await using root = await temporaryRoot();
  assertEquals(readStateVersion(root.path), 1);
  assertEquals(readStateVersion(`${root.path}/not/there`), 1);
});

Deno.test("the version that was written is read", async () => {
  await using root = await temporaryRoot();
  await Deno.writeTextFile(`${root.path}/${VERSION_FILE}`, versionText(7));
  assertEquals(readStateVersion(root.path), 7);
  assertEquals(checkStateVersion(root.path, 7), 7);
});

Deno.test("a newer version is refused, and its directory stays as it is", async () => {
  await using root = await temporaryRoot();
  const text = '{"state": 2, "added": "later"}';
  await Deno.writeTextFile(`${root.path}/${VERSION_FILE}`, text);
  const error = assertThrows(
    () => checkStateVersion(root.path),
    MeshError,
    "newer version of mesh",
  );
  assertEquals([error.code, exitCodeOf(error)], ["newer_state", 7]);
  assertEquals(await Array.fromAsync(Deno.readDir(root.path), ({ name }) => name), [VERSION_FILE]);
  assertEquals(await Deno.readTextFile(`${root.path}/${VERSION_FILE}`), text);
});

Deno.test("a file that names no version is no version", async () => {
  await using root = await temporaryRoot();
  for (const text of ["", "{}", "null", '{"state": "1"}', '{"state": 0}', '{"state": 1.5}']) {
    await Deno.writeTextFile(`${root.path}/${VERSION_FILE}`, text);
    const error = assertThrows(() => readStateVersion(root.path), MeshError);
    assertEquals(error.code, "damaged");
  }
});

Deno.test("the last step leads to the version that is known", () => {
  assertEquals(MIGRATIONS.map(({ to }) => to), MIGRATIONS.map((_, i) => i + 2));
  assertEquals(MIGRATIONS.at(-1)?.to ?? 1, STATE_VERSION);
});
