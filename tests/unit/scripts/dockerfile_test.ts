import { assert, assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { runDeno } from "../../../scripts/run_deno.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** The instructions of the Dockerfile, in order. */
async function instructions(): Promise<[name: string, rest: string][]> {
  const text = await Deno.readTextFile(`${ROOT}Dockerfile`);
  return text.replace(/\\\n\s*/g, "").split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => {
      const [, name = "", rest = ""] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
      assert(name, line);
      return [name, rest];
    });
}

Deno.test("the image runs as nobody in particular, keeps its state and says how it is", async () => {
  const all = await instructions();
  const image = all.slice(all.findLastIndex(([name]) => name === "FROM"));
  const one = (wanted: string) => image.filter(([name]) => name === wanted).map(([, rest]) => rest);
  assertEquals(one("USER"), ["65532:65532"]);
  assertEquals([one("ENV"), one("VOLUME")], [["MESH_STATE_DIR=/state"], ['["/state"]']]);
  assertEquals(one("HEALTHCHECK").length, 1);
  assertMatch(
    one("COPY").find((copy) => copy.endsWith("/state"))!,
    /--chown=65532:65532 --chmod=0700/,
  );
  // Without a shell, only lists of words are commands.
  for (const command of [...one("ENTRYPOINT"), ...one("CMD")]) {
    assert(Array.isArray(JSON.parse(command)), command);
  }
});

Deno.test("what the image copies is what its stages make", async () => {
  const all = await instructions();
  const stages = all.filter(([name]) => name === "FROM").map(([, rest]) =>
    / AS (\S+)$/.exec(rest)?.[1]
  );
  for (const [name, rest] of all) {
    const [, stage] = name === "COPY" ? /--from=(\S+)/.exec(rest) ?? [] : [];
    if (stage !== undefined) assert(stages.includes(stage), rest);
  }
  for (const [, image] of all.filter(([name]) => name === "FROM")) {
    assertMatch(image, /:[a-z0-9.-]+( AS \w+)?$/, "an image has a tag");
  }
});

Deno.test("the build gets every module of the program, and nothing of tests and state", async () => {
  const ignored = (await Deno.readTextFile(`${ROOT}.dockerignore`)).split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  assertEquals(ignored[0], "*");
  const kept = ignored.slice(1).map((line) => line.replace(/^!/, ""));
  for (const path of kept) assert(await Deno.stat(ROOT + path), path);
  const sent = (path: string) => kept.some((one) => path === one || path.startsWith(`${one}/`));

  const { stdout } = await runDeno(["info", "--json", "main.ts"], { cwd: ROOT });
  const { modules } = JSON.parse(stdout) as { modules: { local?: string }[] };
  const own = modules.flatMap(({ local }) =>
    local?.startsWith(ROOT) ? [local.slice(ROOT.length)] : []
  );
  assert(own.length > 100);
  assertEquals(own.filter((path) => !sent(path)), []);
  assert(sent("scripts/compile.ts") && sent("etc/types/std.d.ts"));
  for (const path of ["tests", ".git", "dist", "README.md"]) assert(!sent(path), path);
});
