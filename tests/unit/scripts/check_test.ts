import { assertEquals, assertMatch } from "@std/assert";
import { check, STEPS } from "../../../scripts/check.ts";

/** Runs steps that are each one line of JavaScript, and returns the report with the times taken out. */
async function run(steps: Record<string, string>): Promise<{ failed: string[]; report: string[] }> {
  const report: string[] = [];
  const failed = await check(
    Object.entries(steps).map(([name, code]) => ({ name, args: ["eval", code] })),
    Deno.cwd(),
    (text) => report.push(text.replace(/\d+\.\d s$/, "N s")),
  );
  return { failed, report };
}

Deno.test("steps that pass are a line each, in order, whatever they said", async () => {
  const { failed, report } = await run({
    slow: "await new Promise((done) => setTimeout(done, 100)); console.log('noise')",
    quick: "console.error('noise')",
  });
  assertEquals(failed, []);
  assertEquals(report, ["ok      slow      N s", "ok      quick     N s"]);
});

Deno.test("a step that fails shows what it said, and the steps after it run all the same", async () => {
  const { failed, report } = await run({
    bad: "console.log('found'); console.error('this'); Deno.exit(3)",
    mute: "Deno.exit(4)",
    good: "",
  });
  assertEquals(failed, ["bad", "mute"]);
  assertEquals(report, [
    "failed  bad       N s",
    "found\nthis",
    "failed  mute      N s",
    "It said nothing and ended with exit code 4",
    "ok      good      N s",
  ]);
});

Deno.test("a step that throws is told without a backtrace of Deno's own", async () => {
  const { report } = await run({ bad: "throw new Error('why')" });
  assertMatch(report[1] ?? "", /why/);
  assertEquals(report[1]?.includes("Stack backtrace"), false);
});

Deno.test("the closing line of a test run is passed on", async () => {
  const closing = "ok | 3 passed (2 steps) | 0 failed | 1 ignored (18ms)";
  const { report } = await run({ examples: `console.log("noise\\n\\n${closing}\\n")` });
  assertEquals(report, ["ok      examples  N s", closing]);
});

/** A project that passes, small enough to be checked in a moment. */
const SOUND = {
  "deno.json": '{ "test": { "sanitizeOps": true, "sanitizeResources": true } }\n',
  "mod.ts": '/** One export. @module */\n\nexport { one } from "./lib/one.ts";\n',
  "lib/one.ts": [
    "/**",
    " * The number one.",
    " *",
    " * @example",
    " * ```ts",
    ' * import { one } from "./one.ts";',
    ' * if (one !== 1) throw new Error("Not one");',
    " * ```",
    " */",
    "export const one = 1;",
    "",
  ].join("\n"),
};

/** Runs real steps on a project made of these files, and returns the names of those that failed. */
async function checkProject(files: Record<string, string>, steps = STEPS): Promise<string[]> {
  const root = await Deno.makeTempDir({ prefix: "check-" });
  try {
    for (const folder of ["lib", "server", "commands", "scripts", "tests"]) {
      await Deno.mkdir(`${root}/${folder}`);
    }
    for (const [path, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${root}/${path}`, text);
    }
    return await check(steps, root, () => {});
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("a sound project passes every step", async () => {
  assertEquals(await checkProject(SOUND), []);
});

Deno.test("each kind of fault fails the step that is there for it", async () => {
  const faults: Record<string, Record<string, string>> = {
    format: { "tests/a.ts": "export   const a = 1;\n" },
    lint: { "tests/a.ts": "const unused = 1;\n" },
    types: { "tests/a.ts": 'export const a: number = "one";\n' },
    examples: { "lib/one.ts": SOUND["lib/one.ts"].replace("!== 1)", "=== 1)") },
    docs: { "mod.ts": `${SOUND["mod.ts"]}export const undocumented = 1;\n` },
    imports: { "lib/a.ts": 'import "../commands/a.ts";\n', "commands/a.ts": "export {};\n" },
  };
  assertEquals(Object.keys(faults), STEPS.map(({ name }) => name));
  for (const step of STEPS) {
    assertEquals(await checkProject({ ...SOUND, ...faults[step.name] }, [step]), [step.name]);
  }
});
