import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { ioError } from "../../../lib/store/io_error.ts";
import { systemError } from "./hooked_file_system.ts";

Deno.test("what the system says becomes a sentence, a code and a next step", () => {
  const cases: [string, string, string][] = [
    ["ENOSPC", "disk_full", "free some space"],
    ["EDQUOT", "disk_full", "free some space"],
    ["EIO", "io", "mesh doctor"],
    ["EACCES", "io", "belong to you"],
    ["EROFS", "io", "writable"],
    ["EMFILE", "io", "ulimit"],
    ["ENOLCK", "io", "local disk"],
  ];
  for (const [system, code, hint] of cases) {
    const cause = systemError(system);
    const error = ioError("Cannot store it", cause);
    assertEquals(error.code, code);
    assert(error.hint?.includes(hint), system);
    assertStrictEquals(error.cause, cause);
    assert(error.message.startsWith("Cannot store it: "));
  }
});

Deno.test("a path of this machine is not part of the sentence", async () => {
  const cause = await Deno.open("/no/such/file").catch((error) => error);
  assertEquals(
    ioError("Cannot read it", cause).message,
    "Cannot read it: no such file or directory",
  );
});

Deno.test("an error of our own stays what it is", () => {
  const error = new MeshError("locked", "Somebody holds it");
  assertStrictEquals(ioError("Cannot store it", error), error);
});
