import { assertEquals, assertRejects } from "@std/assert";
import { HELD, isHeld } from "../../../../scripts/portable/holding.ts";
import { CONTENTS, settle } from "../../../../scripts/portable/settle.ts";

/** A folder in which versions are unpacked, for a test. */
async function withBase(test: (base: string) => Promise<void>): Promise<void> {
  const base = await Deno.makeTempDir({ prefix: "settle-" });
  try {
    await test(base);
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

/** Unpacks a version as the shell part does. */
async function unpacked(base: string, name: string, text = "program"): Promise<string> {
  const folder = `${base}/${name}`;
  const bytes = new TextEncoder().encode(text);
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  await Deno.mkdir(`${folder}/app`, { recursive: true });
  await Deno.writeFile(`${folder}/app/main.js`, bytes);
  await Deno.writeTextFile(`${folder}/${HELD}`, "");
  await Deno.writeTextFile(`${folder}/${CONTENTS}`, JSON.stringify({ "app/main.js": sum }));
  return folder;
}

async function names(base: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(base), ({ name }) => name)).sort();
}

Deno.test("what was unpacked right gets its name", () =>
  withBase(async (base) => {
    await settle(await unpacked(base, "unpacking.1"), `${base}/portable-a`);
    assertEquals(await names(base), ["portable-a"]);
    assertEquals(await Deno.readTextFile(`${base}/portable-a/app/main.js`), "program");
  }));

Deno.test("what was not unpacked right does not", () =>
  withBase(async (base) => {
    const fresh = await unpacked(base, "unpacking.1");
    await Deno.writeTextFile(`${fresh}/app/main.js`, "progrem");
    const final = `${base}/portable-a`;
    await assertRejects(() => settle(fresh, final), Error, '"app/main.js" was not unpacked right');
    await Deno.remove(`${fresh}/app/main.js`);
    await assertRejects(() => settle(fresh, final), Deno.errors.NotFound);
    await Deno.remove(`${fresh}/${CONTENTS}`);
    await assertRejects(() => settle(fresh, final), Deno.errors.NotFound);
    assertEquals(await names(base), ["unpacking.1"]);
  }));

Deno.test("of several that unpack at once one wins, and the others leave nothing", () =>
  withBase(async (base) => {
    const fresh = await Promise.all(
      Array.from({ length: 8 }, (_, index) => unpacked(base, `unpacking.${index}`)),
    );
    await Promise.all(fresh.map((one) => settle(one, `${base}/portable-a`)));
    assertEquals(await names(base), ["portable-a"]);
  }));

Deno.test("what is not fit to be used is replaced when that is asked for, and only then", () =>
  withBase(async (base) => {
    const final = await unpacked(base, "portable-a", "old");
    await settle(await unpacked(base, "unpacking.1"), final);
    assertEquals(await Deno.readTextFile(`${final}/app/main.js`), "old");
    await settle(await unpacked(base, "unpacking.2"), final, { replace: true });
    assertEquals(await Deno.readTextFile(`${final}/app/main.js`), "program");
  }));

Deno.test("other versions are tidied away, except those that run and what is being unpacked", () =>
  withBase(async (base) => {
    await unpacked(base, "portable-old");
    const running = await unpacked(base, "portable-running");
    await unpacked(base, "unpacking.now");
    const given = await unpacked(base, "unpacking.long-ago");
    await Deno.utime(given, 1, 1);
    await Deno.mkdir(`${base}/deno`);
    using file = await Deno.open(`${running}/${HELD}`, { read: true });
    await file.lock(false);
    assertEquals(isHeld(running), true);

    await settle(await unpacked(base, "unpacking.1"), `${base}/portable-new`);
    assertEquals(await names(base), ["deno", "portable-new", "portable-running", "unpacking.now"]);
  }));
