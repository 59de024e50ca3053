import { assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { runDeno } from "../../../../scripts/run_deno.ts";

const SCRIPT = fileURLToPath(new URL("../../../../scripts/release.ts", import.meta.url));

Deno.test("a release that cannot be made says why, and leaves nothing", async () => {
  const folder = await Deno.makeTempDir({ prefix: "release-" });
  try {
    const none = {
      MESH_RELEASE_KEY: "",
      MESH_RELEASE_KEY_FILE: "",
      DENORT_BIN: `${folder}/denort`,
    };
    const cases: [args: string[], env: Record<string, string>, code: number, said: RegExp][] = [
      [["--out", folder], {}, 5, /is there already\nhint: /],
      [["--otu", folder], {}, 2, /--otu[^]*\nhint: deno task release/],
      [
        ["--out", `${folder}/new`, "--complete"],
        {},
        2,
        /no key to sign with\nhint: set MESH_RELEASE_/,
      ],
      [
        ["--out", `${folder}/new`],
        { MESH_RELEASE_KEY: "x" },
        4,
        /no secret key of minisign\nhint: /,
      ],
    ];
    for (const [args, env, code, said] of cases) {
      const run = await runDeno(["run", "-A", "--no-check", SCRIPT, ...args], {
        env: { ...none, ...env },
      });
      assertEquals([run.code, run.stdout], [code, ""], run.stderr);
      assertMatch(run.stderr, /^release: /);
      assertMatch(run.stderr, said);
    }
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
