import { assertEquals } from "@std/assert";
import { OcgConfigFile } from "../../../server/ocg_config.ts";
import { temporaryRoot } from "../store/temporary_root.ts";

/** A file as the daemon looks at it; `look` gives the channels whenever they are taken anew. */
async function watched(root: string) {
  const path = `${root}/ocg.json`;
  const write = (...channels: string[]) =>
    Deno.writeTextFile(
      path,
      JSON.stringify({ channels: Object.fromEntries(channels.map((id) => [id, {}])) }),
      { mode: 0o600 },
    );
  const file = new OcgConfigFile(root, () => undefined);
  await write("telegram");
  await file.read();
  let taken: string[] | undefined;
  const chore = file.chore(({ config }) => {
    taken = Object.keys(config.channels);
    return Promise.resolve();
  });
  const look = async () => {
    taken = undefined;
    await chore.run(false);
    return taken;
  };
  return { path, write, look };
}

Deno.test("a configuration that an editor takes away for a moment goes on", async () => {
  await using root = await temporaryRoot();
  const { path, write, look } = await watched(root.path);
  await Deno.rename(path, `${path}~`);
  assertEquals(await look(), undefined);
  await write("telegram", "discord");
  assertEquals(await look(), ["telegram", "discord"]);
  assertEquals(await look(), undefined);
});

Deno.test("a configuration that stays away holds no longer", async () => {
  await using root = await temporaryRoot();
  const { path, look } = await watched(root.path);
  await Deno.remove(path);
  assertEquals([await look(), await look(), await look()], [undefined, ["webchat"], undefined]);
});
