import { assert, assertEquals, assertMatch } from "@std/assert";
import { findProgram } from "../../../lib/process/find_program.ts";
import { runProgram } from "../../../lib/process/run.ts";
import { ROOT, stalePapers } from "../../../scripts/papers/main.ts";
import { allPapers } from "../../../scripts/papers/papers.ts";
import { exitCodes } from "../../../scripts/papers/exit_codes.ts";

const MANDOC = await findProgram("mandoc");
const GROFF = await findProgram("groff");

Deno.test("the papers say what the program says: deno run -A scripts/papers/main.ts", async () => {
  assertEquals((await stalePapers()).map(({ path }) => path), []);
});

Deno.test("every command has its place in the reference and in a man page", async () => {
  const papers = await allPapers(ROOT);
  const reference = papers["docs/reference/mesh-ogp.md"] ?? "";
  assertMatch(reference, /^## mesh ogp federation approve$/m);
  assertMatch(papers["etc/man/mesh-ogp.1"] ?? "", /^\.SS mesh ogp federation approve$/m);
  assert(!Object.keys(papers).some((path) => path.includes("mesh-complete.")), "it is hidden");
});

Deno.test("links within the reference lead somewhere", async () => {
  const papers = await allPapers(ROOT);
  for (const [path, text] of Object.entries(papers)) {
    if (!path.endsWith(".md")) continue;
    for (const [, file = "", anchor] of text.matchAll(/\]\(([\w.-]*)(?:#([\w-]+))?\)/g)) {
      const target = papers[file === "" ? path : `docs/reference/${file}`];
      assert(target !== undefined, `${path}: ${file}`);
      if (anchor === undefined) continue;
      const titles = [...target.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
        title.toLowerCase().replaceAll(" ", "-")
      );
      assert(titles.includes(anchor), `${path}: #${anchor}`);
    }
  }
});

Deno.test("the README has the exit codes that the program has", async () => {
  const readme = await Deno.readTextFile(`${ROOT}README.md`);
  const [, table = ""] = /^\| exit code \| meaning \|\n\| --- \| --- \|\n((?:\|.*\n)+)/m
    .exec(readme) ?? [];
  const rows = [...table.matchAll(/^\| (\d+) \| (.*) \|$/gm)].map(([, exit, words]) => [
    Number(exit),
    words,
  ]);
  const codes = exitCodes(await Deno.readTextFile(`${ROOT}lib/error.ts`));
  assertEquals(rows, codes.map(({ exit, meaning }) => [exit, meaning]));
});

Deno.test({
  name: "formatters of man pages have nothing to complain of",
  ignore: MANDOC === undefined && GROFF === undefined,
  async fn() {
    const papers = await allPapers(ROOT);
    for (const [path, text] of Object.entries(papers)) {
      if (!path.startsWith("etc/man/")) continue;
      const commands = [
        ...(MANDOC ? [["mandoc", "-T", "lint", "-W", "warning"]] : []),
        ...(GROFF ? [["groff", "-ww", "-man", "-Tutf8", "-z"]] : []),
      ];
      for (const argv of commands) {
        const { stdout, stderr } = await runProgram({ argv, stdin: text, timeoutMs: 60_000 });
        const said = `${stdout}${stderr}`.split("\n")
          // A page is of a version, not of a day.
          .filter((line) => line !== "" && !line.includes("missing date"));
        assertEquals([path, argv[0], said], [path, argv[0], []]);
      }
    }
  },
});
