import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import config from "../../../../deno.json" with { type: "json" };
import { formatReleaseKey } from "../../../../lib/release/key.ts";
import { parseSums } from "../../../../lib/release/sums.ts";
import { verifyRelease } from "../../../../lib/release/verify.ts";
import { TARGETS } from "../../../../scripts/compile/jobs.ts";
import { assemble } from "../../../../scripts/release/assemble.ts";
import { fillIn, RECIPES } from "../../../../scripts/release/recipes.ts";
import { generateReleaseKey } from "../../../../scripts/release/secret_key.ts";
import { runProgram } from "../../../../scripts/run_deno.ts";
import { find } from "../../../e2e/install/installer.ts";

/** A folder with a program per target. */
async function withPrograms(
  targets: readonly string[],
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "release-" });
  try {
    for (const target of targets) await Deno.writeTextFile(`${folder}/mesh-${target}`, target);
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const BESIDE = ["PKGBUILD", "SHA256SUMS", "install.sh", "mesh.cdx.json", "mesh.rb"];

Deno.test("a release has all that it takes to install and to check it, and the list is signed", () =>
  withPrograms(TARGETS, async (folder) => {
    const key = generateReleaseKey();
    const names = await assemble(folder, "1.2.3", key);
    const programs = TARGETS.map((target) => `mesh-${target}`);
    assertEquals(names, [...BESIDE, "SHA256SUMS.minisig", ...programs].sort());
    const sums = `${folder}/SHA256SUMS`;
    const listed = parseSums(await Deno.readFile(sums));
    assertEquals([...listed.keys()], names.filter((name) => !name.startsWith("SHA256SUMS")));
    for (const name of listed.keys()) {
      const file = `${folder}/${name}`;
      const verdict = await verifyRelease({ file, sums, signature: `${sums}.minisig`, key });
      assertEquals([verdict.name, verdict.comment], [name, "mesh 1.2.3"]);
    }
    const line = formatReleaseKey(key).split("\n")[1];
    const installer = await Deno.readTextFile(`${folder}/install.sh`);
    assertStringIncludes(installer, `\nRELEASE_KEY='${line}'\n`);
    const bill = JSON.parse(await Deno.readTextFile(`${folder}/mesh.cdx.json`));
    assertEquals(bill.metadata.component.version, config.version);
  }));

Deno.test("without a key nothing is signed, and without all programs there is no recipe", () =>
  withPrograms(TARGETS.slice(0, 1), async (folder) => {
    const names = await assemble(folder, "1.2.3", undefined);
    const without = BESIDE.filter((name) => name !== "PKGBUILD" && name !== "mesh.rb");
    assertEquals(names, [...without, `mesh-${TARGETS[0]}`].sort());
    assertMatch(await Deno.readTextFile(`${folder}/install.sh`), /^RELEASE_KEY=''$/m);
  }));

const SUMS = new Map(TARGETS.map((target) => [`mesh-${target}`, "a1".repeat(32)]));

for (const [name, program, ...args] of [["mesh.rb", "ruby", "-wc"], ["PKGBUILD", "bash", "-n"]]) {
  Deno.test({
    name: `${name} is understood by ${program}`,
    ignore: await find(program!) === undefined,
    fn: () =>
      withPrograms([], async (folder) => {
        const recipe = await Deno.readTextFile(RECIPES[name!]!);
        const text = fillIn(recipe, "1.2.3-rc.1", SUMS) ?? "";
        assertEquals(/@[A-Z]+/.exec(text), null);
        assertStringIncludes(text, "a1".repeat(32));
        await Deno.writeTextFile(`${folder}/${name}`, text);
        const { code, stderr } = await runProgram(program!, [...args, `${folder}/${name}`]);
        assertEquals([code, stderr], [0, ""]);
      }),
  });
}
