import { assertEquals, assertRejects } from "@std/assert";
import { dirname, join } from "node:path";
import { checkImports } from "../../../scripts/check_imports.ts";

/** Checks a project made of these files, and returns each violation as it is printed. */
async function check(files: Record<string, string>): Promise<string[]> {
  const root = await Deno.makeTempDir({ prefix: "check imports-" });
  try {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(dirname(join(root, path)), { recursive: true });
      await Deno.writeTextFile(join(root, path), text);
    }
    const { violations } = await checkImports(root);
    return violations.map(({ path, line, sentence }) => `${path}:${line}: ${sentence}`);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const LEAF = "export const value = 1;\nexport type Value = number;\n";

Deno.test("imports that follow the layers are fine", async () => {
  const violations = await check({
    "deno.json": '{ "imports": { "zod": "npm:zod@4", "@lib/": "./lib/" } }',
    "main.ts": 'import "./commands/serve.ts";\nimport "./deno.json" with { type: "json" };',
    "mod.ts": 'export * from "./lib/mesh/inbox.ts";',
    "commands/serve.ts":
      'import "../server/mesh.ts";\nimport "../lib/mesh/inbox.ts";\nimport "zod";',
    "server/mesh.ts": 'import "../lib/mesh/inbox.ts";\nimport "node:http";',
    "lib/mesh/inbox.ts": 'import "../store/store.ts";\nimport "../error.ts";\nimport "./id.ts";',
    "lib/mesh/id.ts": 'import "@lib/error.ts";',
    "lib/store/store.ts": 'import "../error.ts";',
    "lib/error.ts": LEAF,
    "scripts/bench.ts": 'import "../lib/mesh/inbox.ts";',
    "tests/bench_test.ts":
      'import "../scripts/bench.ts";\nimport "../main.ts";\nimport "./help.ts";',
    "tests/help.ts": LEAF,
  });
  assertEquals(violations, []);
});

Deno.test("an import against the layers is named with its file and line", async () => {
  const violations = await check({
    "main.ts": 'import "./tests/help.ts";',
    "mod.ts": 'import "./server/mesh.ts";',
    "commands/serve.ts": 'import "../main.ts";\nimport "../mod.ts";',
    "server/mesh.ts": '\nimport "../commands/flags.ts";',
    "commands/flags.ts": LEAF,
    "lib/store/store.ts": 'import "../error.ts";\nimport "../../server/body.ts";',
    "server/body.ts": LEAF,
    "lib/error.ts": 'import "../commands/flags.ts";',
    "scripts/bench.ts": 'import "../tests/help.ts";',
    "tests/help.ts": LEAF,
  });
  assertEquals(violations, [
    'commands/serve.ts:1: commands may not import main.ts ("main.ts")',
    'commands/serve.ts:2: commands may not import mod.ts ("mod.ts")',
    'lib/error.ts:1: lib may not import commands ("commands/flags.ts")',
    'lib/store/store.ts:2: lib may not import server ("server/body.ts")',
    'main.ts:1: main.ts may not import tests ("tests/help.ts")',
    'mod.ts:1: mod.ts may not import server ("server/mesh.ts")',
    'scripts/bench.ts:1: scripts may not import tests ("tests/help.ts")',
    'server/mesh.ts:2: server may not import commands ("commands/flags.ts")',
  ]);
});

Deno.test("the doctor looks at all protocols, and nothing else in lib looks at the doctor", async () => {
  const violations = await check({
    "lib/doctor/peers.ts": 'import "../mesh/peers.ts";\nimport "../store/store.ts";',
    "lib/mesh/peers.ts": LEAF,
    "lib/store/store.ts": LEAF,
    "lib/mesh/inbox.ts": 'import "../doctor/words.ts";',
    "lib/doctor/words.ts": LEAF,
    "commands/doctor.ts": 'import "../lib/doctor/words.ts";',
  });
  assertEquals(violations, [
    'lib/mesh/inbox.ts:1: lib/doctor is above lib/mesh ("lib/doctor/words.ts")',
  ]);
});

Deno.test("protocols do not know each other, and what they stand on knows none", async () => {
  const violations = await check({
    "lib/mesh/inbox.ts": 'import "../ogp/scope.ts";',
    "lib/ogp/scope.ts": LEAF,
    "lib/ocg/agent.ts": 'import "../ogp/scope.ts";',
    "lib/store/store.ts": 'import "../mesh/id.ts";',
    "lib/mesh/id.ts": LEAF,
    "lib/version.ts": 'import "./ocg/agent.ts";',
  });
  assertEquals(violations, [
    'lib/mesh/inbox.ts:1: The protocols lib/mesh and lib/ogp may not import each other ("lib/ogp/scope.ts")',
    'lib/ocg/agent.ts:1: The protocols lib/ocg and lib/ogp may not import each other ("lib/ogp/scope.ts")',
    'lib/store/store.ts:1: lib/store/store.ts serves all protocols and may not import one of them ("lib/mesh/id.ts")',
    'lib/version.ts:1: lib/version.ts serves all protocols and may not import one of them ("lib/ocg/agent.ts")',
  ]);
});

Deno.test("every form of import counts, on the line where its module is named", async () => {
  const forms = [
    'import { value } from "../server/a.ts";',
    'import type { Value } from "../server/a.ts";',
    'import { type Value as Other } from "../server/a.ts";',
    'export * as all from "../server/a.ts";',
    'export type { Value as Third } from "../server/a.ts";',
    "export {\n  value as moved,\n} from '../server/a.ts';",
    'export const later = () => import("../server/a.ts");',
    "export const template = `${await import(`../server/a.ts`)}`;",
    'export type Inline = import("../server/a.ts").Value;',
    'export const split = await import(\n  "../server/a.ts"\n);',
  ];
  for (const form of forms) {
    const line = 1 + form.slice(0, form.search(/["'`]\.\./)).split("\n").length;
    assertEquals(
      await check({ "lib/a.ts": `// first\n${form}\n`, "server/a.ts": LEAF }),
      [`lib/a.ts:${line}: lib may not import server ("server/a.ts")`],
      form,
    );
  }
});

Deno.test("what only looks like an import does not count", async () => {
  const violations = await check({
    "lib/a.ts": String.raw`
      // import "../server/a.ts";
      /* import "../server/a.ts"; */
      /** See {@link import("../server/a.ts").Value}. */
      export const text = 'import "../server/a.ts"; // \' import "../server/a.ts"';
      export const template = ${"`"}
        import "../server/a.ts";
        export * from "../server/a.ts";
      ${"`"};
      export const pattern = /import "..\/server\/a.ts"/;
      export const property = { import: (path: string) => path }.import("../server/a.ts");
      export const unknown = (path: string) => import(path);
    `,
    "server/a.ts": LEAF,
  });
  assertEquals(violations, []);
});

Deno.test("a circle is told as a path, whichever imports it is made of", async () => {
  const violations = await check({
    "lib/a.ts":
      'import type { B } from "./b.ts";\nimport { b } from "./b.ts";\nexport const a = b;',
    "lib/b.ts": 'export type B = number;\nexport const b = () => import("./c.ts");',
    "lib/c.ts": 'export * from "./d.ts";',
    "lib/d.ts": 'import { type Value, value } from "./leaf.ts";\nimport "./a.ts";\n',
    "lib/leaf.ts": LEAF,
    "lib/above.ts": 'import "./a.ts";',
    "lib/self.ts": 'export const self = import("./self.ts");',
  });
  assertEquals(violations, [
    "lib/a.ts:2: Import cycle: lib/a.ts → lib/b.ts → lib/c.ts → lib/d.ts → lib/a.ts",
    "lib/self.ts:1: Import cycle: lib/self.ts → lib/self.ts",
  ]);
});

Deno.test("a circle that is closed by types alone is none", async () => {
  const violations = await check({
    "commands/scan.ts":
      'export type Flags = number;\nexport const load = import("./scan_action.ts");',
    "commands/scan_action.ts":
      'import type { Flags } from "./scan.ts";\nexport const flags: Flags = 1;',
    "lib/a.ts": 'export type { B } from "./b.ts";\nexport type A = number;',
    "lib/b.ts": 'export type B = import("./a.ts").A;',
  });
  assertEquals(violations, []);
});

Deno.test("two circles that meet in one file are both told, each by its shortest way", async () => {
  const violations = await check({
    "lib/a.ts": 'import "./hub.ts";',
    "lib/b.ts": 'import "./hub.ts";',
    "lib/hub.ts": 'import "./far.ts";\nimport "./a.ts";\nimport "./b.ts";',
    "lib/far.ts": 'import "./a.ts";',
  });
  assertEquals(violations, [
    "lib/a.ts:1: Import cycle: lib/a.ts → lib/hub.ts → lib/a.ts",
    "lib/b.ts:1: Import cycle: lib/b.ts → lib/hub.ts → lib/b.ts",
    "lib/far.ts:1: Import cycle: lib/far.ts → lib/a.ts → lib/hub.ts → lib/far.ts",
  ]);
});

Deno.test("tests may use data of their own, and nobody else may", async () => {
  const files = { "tests/vectors/one.json": "{}", "etc/unit.json": "{}" };
  const read = (path: string) => `import "${path}" with { type: "json" };`;
  assertEquals(
    await check({ ...files, "tests/a_test.ts": read("./vectors/one.json") }),
    [],
  );
  assertEquals(
    await check({
      ...files,
      "lib/a.ts": `${read("../etc/unit.json")}\n${read("../tests/vectors/one.json")}`,
    }),
    ['lib/a.ts:2: lib may not import tests ("tests/vectors/one.json")'],
  );
});

Deno.test("a file of 600 lines passes and one of 601 does not, with or without a last line break", async () => {
  const violations = await check({
    "lib/fits.ts": "//\n".repeat(600),
    "lib/open.ts": "//\n".repeat(599) + "//",
    "lib/long.ts": "//\n".repeat(601),
    "tests/long_test.ts": "//\n".repeat(600) + "//",
    "lib/empty.ts": "",
  });
  assertEquals(violations, [
    "lib/long.ts:601: The file has 601 lines, and 600 is the most: split it",
    "tests/long_test.ts:601: The file has 601 lines, and 600 is the most: split it",
  ]);
});

Deno.test("a new folder at the top has to be given its place", async () => {
  assertEquals(await check({ "tools/a.ts": "\nexport {};", "constructor/a.ts": "export {};" }), [
    'constructor/a.ts:1: "constructor" has no place in the order of layers: give it one in scripts/imports/rules.ts',
    'tools/a.ts:1: "tools" has no place in the order of layers: give it one in scripts/imports/rules.ts',
  ]);
});

Deno.test("a file that does not parse is told with its line", async () => {
  const violations = await check({
    "lib/a.ts": "export const a = 1;\n\nconst b = {;\n",
    "lib/b.ts": 'import "./a.ts";',
  });
  assertEquals(violations.length, 1);
  assertEquals(
    violations[0]?.startsWith("lib/a.ts:3: Cannot read the file as a module: Syntax"),
    true,
  );
});

Deno.test("an import of nothing, or of something outside, is told", async () => {
  const outside = new URL("../../../scripts/run_deno.ts", import.meta.url).href;
  const violations = await check({
    "lib/a.ts": `import "./gone.ts";\nimport "nobody";\nimport "${outside}";`,
  });
  assertEquals(violations.map((violation) => violation.split(" not ")[0]), [
    'lib/a.ts:1: Cannot import "./gone.ts": Module',
    'lib/a.ts:2: Cannot import "nobody": Import "nobody"',
    `lib/a.ts:3: "${outside}" is outside of the project`,
  ]);
});

Deno.test("folders that are made, and hidden ones, are left alone", async () => {
  const broken = 'import "../nowhere.ts";';
  assertEquals(
    await check({
      "lib/a.ts": LEAF,
      "dist/a.ts": broken,
      "lib/node_modules/a.ts": broken,
      ".git/a.ts": broken,
      "etc/types/a.d.ts": "declare module 'a';",
    }),
    [],
  );
});

Deno.test("a folder without sources is an error, so that a wrong path cannot pass", async () => {
  await assertRejects(() => check({ "README.md": "Nothing here" }), Error, "No source files below");
});
