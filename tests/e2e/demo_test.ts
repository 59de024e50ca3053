import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";

const DEMO = new URL("../../scripts/demo.ts", import.meta.url).href;

Deno.test("the demo shows a friendship and a forgery, and leaves nothing behind", async () => {
  await using demo = await Demo.start();
  const { code, stdout, stderr } = await demo.ended;
  assertEquals(stderr, "");
  assertEquals(code, 0);

  const ids = [...stdout.matchAll(/^Accepted by (?:Ann|Bob) \(\w+\): (msg_[0-9a-f]{32})$/gm)];
  assertEquals(ids.length, 2);
  const [, forged = ""] = /^ {2}"message_id": "(msg_[0-9a-f]{32})"/m.exec(stdout) ?? [];
  const [posted = "", after = ""] = stdout.split(/^answer:$/m);
  assertStringIncludes(posted, forged);
  assertMatch(after, /^\n401 \{"ok":false,"error":"bad_signature",/);
  assertMatch(after, /\n\$ mesh list-messages --state-dir bob\n.*Ann \(ann\).*\n {2}Are you free/);
  assertEquals(after.includes(forged), false);

  assertEquals(stdout.includes("\x1b"), false);
  await assertNothingLeft(demo, stdout);
});

Deno.test({
  name: "the demo clears up and says so by its exit code when it is interrupted",
  ignore: Deno.build.os === "windows",
  async fn() {
    for (const [signal, expected] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
      await using demo = await Demo.start();
      await demo.says(/(listening on [^]*){2}/);
      demo.child.kill(signal);
      const { code, stdout, stderr } = await demo.ended;
      assertEquals([code, stderr], [expected, ""]);
      await assertNothingLeft(demo, stdout);
    }
  },
});

Deno.test({
  name: "the demo fails with a program that does not do what it should",
  ignore: Deno.build.os === "windows",
  async fn(t) {
    const programs: [what: string, script: string, reason: string][] = [
      ["says nothing", "exit 0", "The answer has nothing like"],
      ["fails", "echo no luck >&2; exit 7", "It ended with exit code 7"],
    ];
    for (const [what, script, reason] of programs) {
      await t.step(what, async () => {
        await using demo = await Demo.start(`#!/bin/sh\n${script}\n`);
        const { code, stdout, stderr } = await demo.ended;
        assertEquals(code, 1);
        assertMatch(stderr, new RegExp(`^\ndemo: ${reason}.*\n\\$ mesh init --state-dir ann`));
        if (what === "fails") assertStringIncludes(stderr, "no luck");
        await assertNothingLeft(demo, stdout);
      });
    }
  },
});

/** A demo under way, with a folder of its own for temporary files. */
class Demo implements AsyncDisposable {
  readonly child: Deno.ChildProcess;
  readonly ended: Promise<{ code: number; stdout: string; stderr: string }>;
  #stdout = "";
  #changed = Promise.withResolvers<void>();

  private constructor(readonly folder: string, env: Record<string, string>) {
    this.child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "-A", DEMO],
      env: { TMPDIR: this.temporary, TEMP: this.temporary, TMP: this.temporary, ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.ended = this.#follow();
  }

  /** Starts a demo, of another program if a script is given. */
  static async start(script?: string): Promise<Demo> {
    const folder = await Deno.makeTempDir({ prefix: "mesh-e2e-" });
    await Deno.mkdir(`${folder}/temporary`);
    if (script === undefined) return new Demo(folder, {});
    const program = `${folder}/program`;
    await Deno.writeTextFile(program, script, { mode: 0o700 });
    return new Demo(folder, { MESH_BINARY: program });
  }

  get temporary(): string {
    return `${this.folder}/temporary`;
  }

  async says(pattern: RegExp): Promise<void> {
    while (!pattern.test(this.#stdout)) await this.#changed.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.child.kill("SIGTERM");
    } catch {
      // It has ended.
    }
    await this.ended;
    await Deno.remove(this.folder, { recursive: true });
  }

  async #follow() {
    const [{ code }, stderr] = await Promise.all([
      this.child.status,
      new Response(this.child.stderr).text(),
      this.#read(),
    ]);
    return { code, stdout: this.#stdout, stderr };
  }

  async #read(): Promise<void> {
    for await (const text of this.child.stdout.pipeThrough(new TextDecoderStream())) {
      this.#stdout += text;
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    }
    // Whoever still waits for something is told that it will not come.
    this.#changed.reject(new Error(`The demo ended after:\n${this.#stdout}`));
    this.#changed.promise.catch(() => {});
  }
}

/** No file, and nobody on the ports that the daemons had. */
async function assertNothingLeft({ temporary }: Demo, stdout: string): Promise<void> {
  const names = await Array.fromAsync(Deno.readDir(temporary), ({ name }) => name);
  assertEquals(names, []);
  for (const [, port] of stdout.matchAll(/listening on http:\/\/127\.0\.0\.1:(\d+)/g)) {
    Deno.listen({ hostname: "127.0.0.1", port: Number(port) }).close();
  }
}
