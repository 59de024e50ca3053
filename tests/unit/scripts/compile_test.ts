import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import { MeshError } from "../../../lib/error.ts";
import { compileArguments, whyFailed } from "../../../scripts/compile/deno_compile.ts";
import { readJobs, TARGETS } from "../../../scripts/compile/jobs.ts";
import { ENVIRONMENT } from "../../../scripts/permissions.ts";
import { runDeno } from "../../../scripts/run_deno.ts";

const LINUX = "x86_64-unknown-linux-gnu";
const WINDOWS = "x86_64-pc-windows-msvc";
const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

Deno.test("without arguments, one program is made for this machine", () => {
  assertEquals(readJobs([], LINUX), [{ target: LINUX, portable: false, out: "dist/mesh" }]);
  assertEquals(readJobs([], WINDOWS), [{ target: WINDOWS, portable: false, out: "dist/mesh.exe" }]);
});

Deno.test("a target and a file can be named", () => {
  assertEquals(
    readJobs(["--target", WINDOWS, "--out", "a b/kit"], LINUX, "/opt/denort"),
    [{ target: WINDOWS, portable: false, out: "a b/kit.exe" }],
  );
});

Deno.test("--all makes a program per target, each under its own name", () => {
  assertEquals(readJobs(["--all", "--out=out/mesh"], LINUX), [
    {
      portable: false,
      target: "x86_64-unknown-linux-gnu",
      out: "out/mesh-x86_64-unknown-linux-gnu",
    },
    {
      portable: false,
      target: "aarch64-unknown-linux-gnu",
      out: "out/mesh-aarch64-unknown-linux-gnu",
    },
    { portable: false, target: "x86_64-apple-darwin", out: "out/mesh-x86_64-apple-darwin" },
    { portable: false, target: "aarch64-apple-darwin", out: "out/mesh-aarch64-apple-darwin" },
    {
      portable: false,
      target: "x86_64-pc-windows-msvc",
      out: "out/mesh-x86_64-pc-windows-msvc.exe",
    },
  ]);
});

Deno.test("a portable program is made for this machine only", () => {
  assertEquals(readJobs(["--portable"], LINUX), [
    { target: LINUX, portable: true, out: "dist/mesh" },
  ]);
  const error = assertThrows(() => readJobs(["--portable", "--target", WINDOWS], LINUX), MeshError);
  assertEquals(error.message, `A portable program is for this machine, "${LINUX}"`);
});

Deno.test("a command line that makes no sense is a usage error", () => {
  const wrong: [args: string[], host: string, runtime?: string][] = [
    [["--targett", LINUX], LINUX],
    [["--target", "sparc-sun-solaris"], LINUX],
    [["--target"], LINUX],
    [["--out"], LINUX],
    [["--out", ""], LINUX],
    [["dist/mesh"], LINUX],
    [["--all", "--target", LINUX], LINUX],
    [["--all"], LINUX, "/opt/denort"],
    [["--all", "--portable"], LINUX],
    [["--portable", "--target", WINDOWS], LINUX],
    [[], "riscv64gc-unknown-linux-gnu"],
  ];
  for (const args of wrong) {
    const error = assertThrows(() => readJobs(...args), MeshError);
    assertEquals(error.code, "usage", JSON.stringify(args));
    assert(error.hint);
  }
});

Deno.test("only a Deno that knows how is told to leave out what only tests use", () => {
  const job = { target: LINUX, out: "dist/mesh" };
  const flag = "--exclude-unused-npm";
  for (const version of ["2.9.0", "2.10.1", "3.0.0"]) {
    assert(compileArguments(job, version).includes(flag), version);
  }
  for (const version of ["2.7.14", "2.8.9", "1.46.3"]) {
    assert(!compileArguments(job, version).includes(flag), version);
  }
});

Deno.test("the program gets neither all permissions nor native code", () => {
  const args = compileArguments({ target: LINUX, out: "dist/mesh" }, "2.9.6");
  assert(args.includes("--no-prompt"));
  const allowed = args.filter((arg) => /^(-A|--allow-.*)$/.test(arg));
  assertEquals(allowed.map((arg) => arg.replace(/=.+$/, "=…")), [
    "--allow-net",
    "--allow-read",
    "--allow-write",
    "--allow-env=…",
    "--allow-sys=…",
    "--allow-run",
  ]);
});

/** The names that a granted list holds. */
function granted(kind: string): string[] {
  const args = compileArguments({ target: LINUX, out: "dist/mesh" }, "2.9.6");
  const list = args.find((arg) => arg.startsWith(`--allow-${kind}=`)) ?? "";
  return list.slice(list.indexOf("=") + 1).split(",").sort();
}

/** What the program's own sources read, by a pattern whose first group is the name. */
async function readBySources(pattern: RegExp): Promise<string[]> {
  const names = new Set<string>();
  const visit = async (folder: string): Promise<void> => {
    for await (const entry of Deno.readDir(ROOT + folder)) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory) await visit(path);
      else if (path.endsWith(".ts")) {
        for (const [, name] of (await Deno.readTextFile(ROOT + path)).matchAll(pattern)) {
          if (name !== undefined) names.add(name);
        }
      }
    }
  };
  for (const folder of ["lib", "server", "commands"]) await visit(folder);
  return [...names].sort();
}

Deno.test("a bundle is compiled with all its files, the sources by what they import", () => {
  const job = { target: LINUX, out: "dist/mesh" };
  assertEquals(compileArguments(job, "2.9.6").slice(-2), ["dist/mesh", "main.ts"]);
  assertEquals(compileArguments(job, "2.9.6", "main.js", ".").slice(-4), [
    ...["dist/mesh", "--include", ".", "main.js"],
  ]);
});

Deno.test("the environment variables that the sources read are granted", async () => {
  const read = await readBySources(/\benv(?:\.get)?\("([A-Za-z_]+)"\)/g);
  assertEquals(read.filter((name) => !ENVIRONMENT.includes(name)), []);
  assertEquals(ENVIRONMENT.filter((name) => !granted("env").includes(name)), []);
});

Deno.test("no environment variable is granted that the sources do not name", async () => {
  const named = await readBySources(/"([A-Za-z_]+)"/g);
  assertEquals(ENVIRONMENT.filter((name) => !named.includes(name)), []);
});

Deno.test("the facts of the system that are granted cover those that the sources read", async () => {
  const read = await readBySources(
    /\b(hostname|networkInterfaces|statfs|osRelease|osUptime|loadavg|homedir|userInfo|cpus)\(/g,
  );
  assertEquals(read.filter((name) => !granted("sys").includes(name)), []);
});

Deno.test("a base runtime that cannot be had is said in one sentence with both ways out", () => {
  const stderr = [
    `Download https://dl.deno.land/release/v2.9.6/denort-${LINUX}.zip`,
    "error: Writing deno compile executable to temporary file '/home/a/dist/mesh.tmp-1'",
    "",
    "Caused by:",
    "    0: Setting up base binary.",
    `    1: error sending request for url (https://dl.deno.land/release/v2.9.6/denort-${LINUX}.zip)`,
    "    2: client error (Connect)",
    "    3: dns error",
    "    4: failed to lookup address information: Name or service not known",
    "",
  ].join("\n");
  const error = whyFailed(stderr, LINUX, "2.9.6");
  assertEquals(error.code, "unavailable");
  assertEquals(
    error.message,
    `Deno's base runtime (denort 2.9.6) for "${LINUX}" is missing and cannot be downloaded: ` +
      "failed to lookup address information: Name or service not known",
  );
  assertEquals(
    error.hint,
    "set DENORT_BIN to the path of one, compile where https://dl.deno.land answers, " +
      "or make a file that unpacks itself: --portable",
  );
});

Deno.test("a DENORT_BIN that does not fit is named", () => {
  const head = "error: Writing deno compile executable to temporary file 'x'\n\nCaused by:\n";
  for (
    const cause of [
      "    0: Could not find denort at '/opt/denort'\n    1: No such file or directory (os error 2)",
      "    0: Writing binary bytes\n    1: Invalid object: Not an ELF file",
      "    0: Writing binary bytes\n    1: Invalid object: Failed to parse PE",
    ]
  ) {
    const error = whyFailed(head + cause, LINUX, "2.9.6", "/opt/denort");
    assertEquals(error.code, "unavailable");
    assertEquals(
      error.message,
      `DENORT_BIN ("/opt/denort") is no base runtime of Deno 2.9.6 for "${LINUX}"`,
    );
  }
});

Deno.test("any other failure is told in Deno's own words, with a base runtime at hand or without", () => {
  for (const runtime of [undefined, "/opt/denort"]) {
    for (
      const words of [
        'Module not found "file:///home/a/lib/gone.ts".\n    at file:///home/a/main.ts:1:8',
        "Writing deno compile executable to temporary file 'x'\n\nCaused by:\n" +
        "    0: Writing binary bytes\n    1: I/O error: No space left on device (os error 28)",
      ]
    ) {
      const error = whyFailed(`error: ${words}\n`, LINUX, "2.9.6", runtime);
      assertEquals(error.code, "unexpected");
      assertEquals(error.message, `Cannot compile for "${LINUX}": ${words}`);
    }
  }
  assertMatch(whyFailed("", LINUX, "2.9.6").message, /did not say why$/);
});

Deno.test("the script ends with a sentence, a hint and an exit code, and writes nothing", async () => {
  const folder = await Deno.makeTempDir({ prefix: "compile-" });
  try {
    const script = `${ROOT}scripts/compile.ts`;
    const missing = `${folder}/denort`;
    const compile = (...args: string[]) =>
      runDeno(["run", "-A", "--no-check", script, ...args], { env: { DENORT_BIN: missing } });

    const runtime = await compile("--out", `${folder}/mesh`);
    assertEquals(runtime.stderr.split("\n"), [
      `compile: DENORT_BIN ("${missing}") is no base runtime of Deno ${Deno.version.deno} ` +
      `for "${Deno.build.target}"`,
      `hint: set it to a denort of exactly ${Deno.version.deno}, or unset it to let Deno download one`,
      "",
    ]);
    assertEquals(runtime.code, 6);

    const usage = await compile("--targett");
    assertMatch(usage.stderr, /^compile: .*--targett.*\nhint: deno task compile .*\n$/);
    assertEquals(usage.code, 2);

    assertEquals(runtime.stdout + usage.stdout, "");
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("every release target is one that Deno knows", async () => {
  const help = await runDeno(["compile", "--target", "none", "main.ts"]);
  for (const target of TARGETS) assert(help.stderr.includes(target), target);
});
