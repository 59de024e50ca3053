import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { MeshError } from "../../../lib/error.ts";
import { install, lookAt } from "../../../lib/skills/install.ts";
import type { Skill } from "../../../lib/skills/skills.ts";
import { readStamp, stamp } from "../../../lib/skills/stamp.ts";

function skill(body = "Hello"): Skill {
  const text = `---\nname: x\ndescription: y\nmetadata: {"openclaw": {"a": {}}}\n---\n\n${body}\n`;
  return { name: "x", description: "y", text };
}

/** A folder for skills. */
async function folder() {
  const path = await Deno.makeTempDir({ prefix: "mesh-skills-" });
  const file = `${path}/x/SKILL.md`;
  return {
    path,
    file,
    state: async (version = "1.0.0", body?: string) =>
      (await lookAt(path, skill(body), version)).state,
    install: async (version = "1.0.0", { body = "Hello", force = false } = {}) =>
      (await install(path, skill(body), version, force)).done,
    read: () => Deno.readTextFile(file),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

Deno.test("a skill is installed once, and brought up to date as long as nobody touches it", async () => {
  await using skills = await folder();
  assertEquals(await skills.state(), "absent");
  assertEquals([await skills.install(), await skills.install()], ["installed", "nothing"]);
  assertEquals(await skills.state(), "current");
  assertEquals(await skills.state("1.1.0", "Hello again"), "older");
  assertEquals(await skills.install("1.1.0", { body: "Hello again" }), "updated");
  assertStringIncludes(await skills.read(), "Hello again");
  assertEquals(JSON.parse(/^metadata: (.*)$/m.exec(await skills.read())?.[1] ?? "").openclaw, {
    a: {},
  });
});

Deno.test("what somebody else wrote is kept unless it is forced", async (t) => {
  const cases: [string, (skills: Awaited<ReturnType<typeof folder>>) => Promise<void>][] = [
    ["edited", async (skills) => {
      await skills.install();
      await Deno.writeTextFile(skills.file, "One more line\n", { append: true });
    }],
    ["foreign", async (skills) => {
      await Deno.mkdir(`${skills.path}/x`);
      await Deno.writeTextFile(skills.file, "---\nname: x\n---\nThe original's\n");
    }],
    ["foreign", async (skills) => {
      await Deno.mkdir(`${skills.path}/elsewhere`);
      await Deno.writeTextFile(`${skills.path}/elsewhere/SKILL.md`, "A checkout's\n");
      await Deno.symlink(`${skills.path}/elsewhere`, `${skills.path}/x`);
    }],
    ["newer", (skills) => skills.install("1.10.0", { body: "Tomorrow" }).then(() => {})],
  ];
  for (const [state, prepare] of cases) {
    await t.step(state, async () => {
      await using skills = await folder();
      await prepare(skills);
      const before = await skills.read();
      assertEquals([await skills.state("1.9.0"), await skills.install("1.9.0")], [state, "kept"]);
      assertEquals(await skills.read(), before);
      assertEquals(await skills.install("1.9.0", { force: true }), "updated");
      assertStringIncludes(await skills.read(), "Hello");
    });
  }
});

Deno.test("a file where a folder should be is no place for a skill", async () => {
  await using skills = await folder();
  await Deno.writeTextFile(`${skills.path}/x`, "a file");
  assertEquals([await skills.state(), await skills.install()], ["foreign", "kept"]);
  await assertRejects(() => skills.install("1.0.0", { force: true }), MeshError);
});

Deno.test("any change of an installed skill is noticed, and none of its metadata hides one", async () => {
  const installed = await stamp(skill().text, "1.0.0");
  await fc.assert(
    fc.asyncProperty(
      fc.nat(installed.length - 1),
      fc.string({ minLength: 1 }),
      async (at, text) => {
        const changed = installed.slice(0, at) + text + installed.slice(at + text.length);
        if (changed === installed) return;
        const mark = await readStamp(changed);
        // A version that is another is all that can be changed without being noticed.
        const sameButVersion = changed.replace(/"version": "[^"]*"/, '"version": "1.0.0"');
        assertEquals(mark?.isIntact ?? false, sameButVersion === installed);
      },
    ),
  );
});
