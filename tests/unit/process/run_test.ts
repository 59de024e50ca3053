import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { findProgram } from "../../../lib/process/find_program.ts";
import { environment, type RunOptions, runProgram } from "../../../lib/process/run.ts";

const sh = (script: string, options: Partial<RunOptions> = {}) =>
  runProgram({ argv: ["sh", "-c", script], timeoutMs: 10_000, graceMs: 300, ...options });

/** Whether a process is there and no zombie. */
async function isAlive(pid: number): Promise<boolean> {
  try {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
    return !/\) Z /.test(stat);
  } catch {
    return false;
  }
}

async function isGone(pid: number): Promise<boolean> {
  for (let i = 0; i < 50 && await isAlive(pid); i++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return !await isAlive(pid);
}

Deno.test("a program gets its arguments and input as they are, without a shell", async () => {
  const argv = ["printf", "%s\n", "$HOME; rm -rf /", "`id`", "a b"];
  const { end, stdout } = await runProgram({ argv, timeoutMs: 5000 });
  assertEquals(end, { kind: "exited", code: 0 });
  assertEquals(stdout, "$HOME; rm -rf /\n`id`\na b\n");
  assertEquals((await sh("cat", { stdin: "ü".repeat(100_000) })).stdout.length, 100_000);
});

Deno.test("a program sees nothing of our environment but PATH and HOME", async () => {
  Deno.env.set("MESH_TEST_SECRET", "hidden");
  try {
    const env = { OGP_NONCE: "n", OGP_ODD: "a\0b\nc", GONE: undefined, HUGE: "x".repeat(70_000) };
    const { stdout } = await runProgram({ argv: ["env"], env, timeoutMs: 5000 });
    const names = stdout.split("\n").filter((line) => line.includes("=")).map((line) =>
      line.split("=")[0]
    );
    assertEquals(names.sort(), ["HOME", "OGP_NONCE", "OGP_ODD", "PATH"]);
    assertStringIncludes(stdout, "OGP_ODD=ab\nc\n");
    assertEquals(environment({ A: "1" }).A, "1");
  } finally {
    Deno.env.delete("MESH_TEST_SECRET");
  }
});

Deno.test("exit codes, signals and error output are told", async () => {
  const failed = await sh("echo out; echo err >&2; exit 3");
  assertEquals(failed, { end: { kind: "exited", code: 3 }, stdout: "out\n", stderr: "err\n" });
  assertEquals((await sh("kill -9 $$")).end, { kind: "killed", signal: "SIGKILL" });
});

Deno.test("a program that does not read its input, or stops reading it, is no error", async () => {
  const stdin = "x".repeat(1_000_000);
  assertEquals((await sh("exit 0", { stdin })).end, { kind: "exited", code: 0 });
  assertEquals((await sh("exec 0<&-; sleep 0.2; echo ok", { stdin })).stdout, "ok\n");
  assertEquals((await sh("sleep 60", { stdin, timeoutMs: 200 })).end, { kind: "timeout" });
});

Deno.test("what cannot be started is an error of the configuration", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const plain = `${folder}/plain`;
    await Deno.writeTextFile(plain, "#!/bin/sh\n", { mode: 0o600 });
    const cases = [["no-such-program-here"], [`${folder}/none`], [plain], [folder], [""], []];
    for (const argv of cases) {
      const error = await assertRejects(() => runProgram({ argv, timeoutMs: 1000 }), MeshError);
      assertEquals([argv, error.code], [argv, "config_invalid"]);
    }
    const cwd = `${folder}/none`;
    await assertRejects(() => runProgram({ argv: ["env"], cwd, timeoutMs: 1000 }), MeshError);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("at the end of its time a program ends with all that it started", async () => {
  const start = performance.now();
  const { end, stdout } = await sh("sleep 60 & echo $!; sleep 60", { timeoutMs: 300 });
  assertEquals(end, { kind: "timeout" });
  assert(performance.now() - start < 3000);
  assert(await isGone(Number(stdout)), "the grandchild is still there");
});

Deno.test("who does not listen to SIGTERM is ended for good", async () => {
  const script = "trap '' TERM; (trap '' TERM; sleep 60) & echo $!; while :; do sleep 1; done";
  const start = performance.now();
  const { end, stdout } = await sh(script, { timeoutMs: 300 });
  assertEquals(end, { kind: "timeout" });
  assert(performance.now() - start < 3000);
  assert(await isGone(Number(stdout)), "the grandchild is still there");
});

Deno.test("a program that listens to SIGTERM may tidy up", async () => {
  const script = "trap 'echo tidy; exit 0' TERM; echo up; while :; do sleep 0.05; done";
  const { end, stdout } = await sh(script, { timeoutMs: 300, graceMs: 3000 });
  assertEquals([end, stdout], [{ kind: "timeout" }, "up\ntidy\n"]);
});

Deno.test("more output than allowed ends the program, more error output only loses its beginning", async () => {
  const much = await sh("yes", { maxStdout: 10_000 });
  assertEquals(much.end, { kind: "too_much_output" });
  assert(much.stdout.length <= 10_000);
  const exact = await sh("printf %010000d 0", { maxStdout: 10_000 });
  assertEquals([exact.end, exact.stdout.length], [{ kind: "exited", code: 0 }, 10_000]);
  const noisy = await sh("seq 1 100000 >&2; echo last >&2", { maxStderr: 100 });
  assertEquals([noisy.end, noisy.stderr.length], [{ kind: "exited", code: 0 }, 100]);
  assert(noisy.stderr.endsWith("100000\nlast\n"), noisy.stderr);
});

Deno.test("something left in the background that holds the output does not hold us", async () => {
  const start = performance.now();
  const { end, stdout } = await sh("sleep 60 & echo $!");
  const pid = Number(stdout);
  try {
    assertEquals(end, { kind: "exited", code: 0 });
    assert(performance.now() - start < 3000);
  } finally {
    Deno.kill(pid, "SIGKILL");
  }
});

Deno.test("a run can be interrupted, before and while it goes on", async () => {
  const { end } = await sh("echo up", { signal: AbortSignal.abort() });
  assertEquals(end, { kind: "interrupted" });
  const interruption = new AbortController();
  const run = sh("echo $$; sleep 60", { signal: interruption.signal });
  setTimeout(() => interruption.abort(), 200);
  const { end: ended, stdout } = await run;
  assertEquals(ended, { kind: "interrupted" });
  assert(await isGone(Number(stdout)), "the child is still there");
});

Deno.test("output that is no text does no harm", async () => {
  const { stdout } = await sh("printf 'a\\377\\000b'");
  assertEquals(stdout, "a\ufffd\0b");
});

Deno.test("a program is found on the path or by its own", async () => {
  assertEquals(await findProgram("sh", "/nowhere::/bin"), "/bin/sh");
  assertEquals(await findProgram("/bin/sh"), "/bin/sh");
  assertEquals(await findProgram("/etc/passwd"), undefined);
  assertEquals(await findProgram("/bin"), undefined);
  assertEquals(await findProgram("sh", "/nowhere"), undefined);
});
