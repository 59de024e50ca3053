import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse } from "@std/yaml/parse";
import { fileURLToPath } from "node:url";
import config from "../../../deno.json" with { type: "json" };
import { TARGETS } from "../../../scripts/compile/jobs.ts";
import { find } from "../../e2e/install/installer.ts";

const FOLDER = fileURLToPath(new URL("../../../.github/workflows/", import.meta.url));

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly shell?: string;
}

interface Job {
  readonly uses?: string;
  readonly needs?: string;
  readonly environment?: string;
  readonly "runs-on"?: string;
  readonly "timeout-minutes"?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly include?: readonly { target: string }[] } };
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

async function workflow(name: string): Promise<Workflow> {
  return parse(await Deno.readTextFile(`${FOLDER}${name}.yml`)) as Workflow;
}

for (const name of ["test", "release"]) {
  const jobs = Object.entries((await workflow(name)).jobs);
  const steps = jobs.flatMap(([, { steps = [] }]) => steps);

  Deno.test(`the workflow ${name} may only read, except where it publishes`, async () => {
    assertEquals((await workflow(name)).permissions, { contents: "read" });
    const more = jobs.filter(([, { permissions }]) => permissions !== undefined);
    assertEquals(
      more.map(([job, { permissions }]) => [job, permissions]),
      name === "release" ? [["publish", { contents: "write" }]] : [],
    );
  });

  Deno.test(`the workflow ${name} pins what it uses, and ends`, () => {
    for (const [job, { uses, ...rest }] of jobs) {
      if (uses === undefined) assert(rest["timeout-minutes"], job);
    }
    for (const { uses } of steps) {
      if (uses !== undefined) assertMatch(uses, /^actions\/[a-z-]+@(v\d+|[0-9a-f]{40})$/);
    }
  });

  Deno.test(`the workflow ${name} puts nothing of others into its shell commands`, () => {
    for (const { run = "" } of steps) assert(!run.includes("${{"), run);
  });

  Deno.test({
    name: `the shell commands of the workflow ${name} are understood by bash`,
    ignore: await find("bash") === undefined,
    fn: async () => {
      for (const { run } of steps) {
        if (run === undefined) continue;
        const { code } = await new Deno.Command("bash", { args: ["-nc", run] }).output();
        assertEquals(code, 0, run);
      }
    },
  });

  Deno.test(`the workflow ${name} runs tasks that there are`, () => {
    const tasks = Object.keys(config.tasks);
    for (const { run = "" } of steps) {
      for (const [, task = ""] of run.matchAll(/ task (\S+)/g)) assert(tasks.includes(task), task);
    }
  });
}

Deno.test("the key is given to one step of a guarded job, which no pull request starts", async () => {
  const { on, jobs } = await workflow("release");
  assertEquals(Object.keys(on), ["push"]);
  const texts = Object.entries(jobs).map(([name, job]) => [name, JSON.stringify(job)] as const);
  assertEquals(texts.filter(([, text]) => text.includes("secrets.")).map(([name]) => name), [
    "build",
  ]);
  assertEquals(jobs.build?.environment, "release");
  const test = await Deno.readTextFile(`${FOLDER}test.yml`);
  assert(!test.includes("secrets."));
});

Deno.test("every target is started on a machine of its own before it is published", async () => {
  const { jobs } = await workflow("release");
  const started = jobs.start?.strategy?.matrix.include?.map(({ target }) =>
    target.replace(/\.exe$/, "")
  );
  assertEquals(started?.sort(), [...TARGETS].sort());
  assertEquals([jobs.publish?.needs, jobs.start?.needs, jobs.build?.needs], [
    "start",
    "build",
    "test",
  ]);
});

Deno.test("all places name one version of Deno", async () => {
  const root = new URL("../../../", import.meta.url);
  const names = new Set<string>();
  for (
    const path of [".github/workflows/test.yml", ".github/workflows/release.yml", "Dockerfile"]
  ) {
    const text = await Deno.readTextFile(new URL(path, root));
    for (const [, version = ""] of text.matchAll(/deno@(\d+\.\d+\.\d+)/g)) names.add(version);
  }
  const contributing = await Deno.readTextFile(new URL("CONTRIBUTING.md", root));
  assertEquals([...names], [/deno@(\d+\.\d+\.\d+)/.exec(contributing)?.[1]]);
});
