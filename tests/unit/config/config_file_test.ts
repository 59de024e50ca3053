import { assertEquals, assertRejects } from "@std/assert";
import { z } from "zod";
import { ConfigSection } from "../../../lib/config/config_file.ts";
import { MeshError } from "../../../lib/error.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { temporaryRoot } from "../store/temporary_root.ts";

const shape = z.strictObject({
  port: z.int().default(1),
  name: z.string().optional(),
});

Deno.test("a section has its defaults until it is written, and keeps what is not changed", async () => {
  await using root = await temporaryRoot();
  const store = openFileStore(root.path);
  const section = new ConfigSection(store, "ogp", shape);
  assertEquals([await section.read(), await section.exists()], [{ port: 1 }, false]);
  await Deno.writeTextFile(`${root.path}/config.json`, '{"ocg":{"x":1.0},"ogp":{"name":"a"}}');
  assertEquals(await section.change({ port: 7 }), { port: 7, name: "a" });
  assertEquals(await section.change({ name: undefined }), { port: 7 });
  const text = await Deno.readTextFile(`${root.path}/config.json`);
  assertEquals(text.includes('"x": 1.0'), true);
  assertEquals((await Deno.stat(`${root.path}/config.json`)).mode! & 0o777, 0o600);
});

Deno.test("a value that is not allowed is told by its key, and nothing is written", async () => {
  await using root = await temporaryRoot();
  const section = new ConfigSection(openFileStore(root.path), "ogp", shape);
  const error = await assertRejects(() => section.change({ port: "x" }), MeshError, "ogp.port");
  assertEquals([error.code, await section.exists()], ["config_invalid", false]);
  await assertRejects(() => section.change({ nmae: "x" }), MeshError, "nmae");
  await Deno.writeTextFile(`${root.path}/config.json`, '{"ogp":[]}');
  await assertRejects(() => section.read(), MeshError, "not an object");
});

Deno.test("a slip of the pen is told, and the file stays as its owner wrote it", async () => {
  await using root = await temporaryRoot();
  const section = new ConfigSection(openFileStore(root.path), "ogp", shape);
  for (const text of ['{"ogp": {"port": 1,}}', "", "[]", '{"ogp":{},"ogp":{}}']) {
    await Deno.writeTextFile(`${root.path}/config.json`, text);
    for (const use of [() => section.read(), () => section.change({ port: 2 })]) {
      assertEquals((await assertRejects(use, MeshError)).code, "config_invalid");
    }
    assertEquals(await Deno.readTextFile(`${root.path}/config.json`), text);
  }
});

Deno.test("several writers at once lose nothing", async () => {
  await using root = await temporaryRoot();
  const loose = z.looseObject({});
  const sections = Array.from(
    { length: 4 },
    (_, n) => new ConfigSection(openFileStore(root.path), `s${n % 2}`, loose),
  );
  await Promise.all(sections.map((section, n) => section.change({ [`k${n}`]: n })));
  assertEquals(await sections[0]!.read(), { k0: 0, k2: 2 });
  assertEquals(await sections[1]!.read(), { k1: 1, k3: 3 });
});
