import { assertEquals, assertThrows } from "@std/assert";
import { tar } from "../../../../scripts/portable/tar.ts";
import { runProgram } from "../../../../scripts/run_deno.ts";

function bytes(size: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(size).map((_, index) => index * 7);
}

Deno.test("an archive is a row of headers and padded contents with two empty blocks behind", () => {
  const pieces = tar([{ path: "a", mode: 0o644, bytes: bytes(512) }]);
  assertEquals(pieces.map(({ length }) => length), [512, 512, 0, 1024]);
  const header = new TextDecoder().decode(pieces[0]);
  assertEquals(header.slice(0, 2), "a\0");
  assertEquals(header.slice(100, 108), "0000644\0");
  assertEquals(header.slice(124, 136), "00000001000\0");
  assertEquals(header.slice(257, 265), "ustar\x0000");
});

Deno.test("paths that the format cannot hold are refused", () => {
  for (const path of ["", "x".repeat(101), "ä".repeat(51)]) {
    assertThrows(() => tar([{ path, mode: 0o644, bytes: bytes(1) }]), RangeError);
  }
});

Deno.test({
  name: "the system's tar unpacks it as it was",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "tar-" });
    try {
      const files = [0, 1, 511, 512, 513, 100_000].map((size) => ({
        path: `folder/${size}${"é".repeat(20)}`,
        mode: size % 2 === 0 ? 0o600 : 0o700,
        bytes: bytes(size),
      }));
      await Deno.writeFile(`${folder}/a.tar`, new Blob(tar(files)).stream());
      const { code, stderr } = await runProgram("tar", ["-xf", `${folder}/a.tar`, "-C", folder]);
      assertEquals([code, stderr], [0, ""]);
      for (const { path, mode, bytes } of files) {
        assertEquals(await Deno.readFile(`${folder}/${path}`), bytes);
        assertEquals((await Deno.stat(`${folder}/${path}`)).mode! & 0o777, mode);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
