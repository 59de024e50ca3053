/**
 * The service: what is written for systemd, run as systemd would run it.
 *
 * @module
 */
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { findProgram } from "../../lib/process/find_program.ts";
import { TestNode } from "./node.ts";

/** Notes what it was asked, and says what the file `said` beside it says. */
const SYSTEMCTL = `#!/bin/sh
here=$(dirname -- "$0")
echo "$*" >> "$here/asked"
if [ -f "$here/silent" ]; then
  cat "$here/silent" >&2
  exit 1
fi
case "$*" in *show*) cat "$here/said" ;; esac
`;

const RUNS = "ActiveState=active\nSubState=running\nMainPID=4711\nUnitFileState=enabled\n" +
  "ActiveEnterTimestamp=Sat 2026-11-21 16:12:13 UTC\nResult=success\nNRestarts=0\n";

const ignore = Deno.build.os !== "linux";

/** A node on a machine whose systemd is a script. */
async function machine(id: string) {
  const node = await TestNode.named(id);
  const bin = `${node.home}/bin`;
  await Deno.mkdir(bin);
  await Deno.writeTextFile(`${bin}/systemctl`, SYSTEMCTL, { mode: 0o755 });
  await Deno.writeTextFile(`${bin}/said`, RUNS);
  const path = [bin, ...(Deno.env.get("PATH") ?? "").split(":")].join(":");
  return {
    node,
    bin,
    unit: `${node.home}/.config/systemd/user/mesh.service`,
    env: { PATH: path, XDG_CONFIG_HOME: "", XDG_RUNTIME_DIR: `${node.home}/none` },
    async asked(): Promise<string[]> {
      const text = await Deno.readTextFile(`${bin}/asked`);
      await Deno.remove(`${bin}/asked`);
      return text.trim().split("\n");
    },
  };
}

/** Splits a line of a unit as systemd does, as far as our own units go. */
function words(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)]
    .map(([, quoted, bare]) =>
      (quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "").replaceAll("%%", "%")
    );
}

function value(unit: string, key: string): string {
  return new RegExp(`^${key}=(.*)$`, "m").exec(unit)?.[1] ?? "";
}

Deno.test({
  name: "a service is installed, looked at, and removed",
  ignore,
  async fn() {
    const { node, bin, unit, env, asked } = await machine("ann");
    await using _ = node;
    await node.run(["service", "status"], { env, code: 3 });
    const installed = await node.json(["service", "install"], { env });
    assertEquals([installed.done, installed.path], ["installed", unit]);
    assertEquals(await asked(), [
      "--user daemon-reload",
      "--user enable mesh.service",
      "--user restart mesh.service",
    ]);
    assertEquals((await node.json(["service", "install"], { env })).done, "up to date");
    const changed = await node.json(["service", "install", "--no-start", "serve"], { env });
    assertEquals([changed.done, changed.started], ["changed", false]);
    const { stdout } = await node.run(["service", "status"], { env });
    assertMatch(stdout, /^mesh\.service, of this user: active \(running\)\n {2}process +4711\n/);
    await Deno.writeTextFile(`${bin}/said`, "ActiveState=inactive\nSubState=dead\n");
    await node.run(["service", "status"], { env, code: 3 });
    await asked();
    await node.run(["service", "uninstall"], { env });
    assertEquals(await asked(), [
      "--user disable --now mesh.service",
      "--user daemon-reload",
      "--user reset-failed mesh.service",
    ]);
    assertEquals((await node.json(["service", "uninstall"], { env })).removed, false);
  },
});

Deno.test({
  name: "without a session bus the unit is written, and it is said what is missing",
  ignore,
  async fn() {
    const { node, bin, unit, env } = await machine("bob");
    await using _ = node;
    await Deno.writeTextFile(`${bin}/silent`, "Failed to connect to bus: No medium found\n");
    const failure = await node.json(["service", "install"], { env, code: 6 });
    assertStringIncludes(failure.message, `"${unit}" is written`);
    assertStringIncludes(failure.message, "there is no session bus");
    assertMatch(failure.hint, /loginctl enable-linger/);
    assertMatch(await Deno.readTextFile(unit), /^ExecStart=/m);
    // And it goes again all the same.
    const { problem, removed } = await node.json(["service", "uninstall"], { env });
    assertEquals(removed, true);
    assertMatch(problem, /no session bus/);
  },
});

Deno.test({
  name: "without a service manager a unit can be looked at, and not installed",
  ignore,
  async fn() {
    await using node = await TestNode.named("ann");
    const bin = `${node.home}/bin`;
    await Deno.mkdir(bin);
    const id = await findProgram("id");
    if (id) await Deno.symlink(id, `${bin}/id`);
    const env = { PATH: bin };
    const { stdout } = await node.run(["service", "install", "--print"], { env });
    assertMatch(value(stdout, "ExecStart"), / up --state-dir /);
    const { stderr } = await node.run(["service", "install"], { env, code: 6 });
    assertStringIncludes(stderr, "hint: let what starts programs here run: mesh up");
  },
});

Deno.test({
  name: "a unit of somebody else's of that name is left alone",
  ignore,
  async fn() {
    const { node, unit, env } = await machine("cat");
    await using _ = node;
    await Deno.mkdir(`${node.home}/.config/systemd/user`, { recursive: true });
    await Deno.writeTextFile(unit, "[Service]\nExecStart=/bin/true\n");
    await node.run(["service", "install"], { env, code: 5 });
    await node.run(["service", "uninstall"], { env, code: 5 });
    assertEquals(await Deno.readTextFile(unit), "[Service]\nExecStart=/bin/true\n");
  },
});

Deno.test({
  name: "what cannot be a service is said before anything is written",
  ignore,
  async fn() {
    const { node, env } = await machine("dan");
    await using _ = node;
    const install = (...args: string[]) =>
      node.run(["service", "install", ...args], { env, code: 2 });
    await install("scan");
    await install("--", "serve", "--background");
    await install("--", "ogp", "start", "--state-dir", "/x");
    await install("--name", "../mesh");
    await install("--writable", "/srv");
    const elsewhere = { env: { ...env, MESH_STATE_DIR: `${node.home}/none` }, code: 3 };
    await node.run(["service", "install", "--system", "--print"], elsewhere);
    const { stdout } = await node.run(["service", "install", "--system", "--print"], { env });
    const { uid } = await Deno.stat(node.state);
    assertMatch(stdout, uid === 0 ? /^User=root$/m : /^User=/m);
    assertEquals(await findProgram("mesh.service", `${node.home}/.config/systemd/user`), undefined);
  },
});

Deno.test({
  name: "the unit's command starts, is waited for, and ends well when it is told to",
  ignore,
  async fn() {
    const { node, unit, env } = await machine("eve");
    await using _ = node;
    const command = ["serve", "--host", "127.0.0.1", "--port", "0"];
    await node.run(["service", "install", "--no-start", "--", ...command], { env });
    const text = await Deno.readTextFile(unit);
    // What systemd gives to a user's services, and what the unit says; Deno's cache is the tests' own.
    const [variable = ""] = words(value(text, "Environment"));
    const at = variable.indexOf("=");
    const denoDir = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
    const surroundings = {
      HOME: node.home,
      DENO_DIR: denoDir,
      [variable.slice(0, at)]: variable.slice(at + 1),
    };
    const [program = "", ...args] = words(value(text, "ExecStart"));
    const daemon = new Deno.Command(program, {
      args,
      env: surroundings,
      clearEnv: true,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const said = new Response(daemon.stderr).text();
    try {
      const wait = value(text, "ExecStartPost").replace("$MAINPID", String(daemon.pid));
      const [waiter = "", ...rest] = words(wait);
      const ready = await new Deno.Command(waiter, {
        args: rest,
        env: surroundings,
        clearEnv: true,
      }).output();
      const heard = new TextDecoder().decode(ready.stdout);
      assertMatch(
        heard,
        new RegExp(`^serve listens on 127.0.0.1 port \\d+ \\(process ${daemon.pid}\\)`),
      );
      const port = /port (\d+)/.exec(heard)?.[1];
      const card = await fetch(`http://127.0.0.1:${port}/.well-known/openclaw-agent.json`);
      await card.body?.cancel();
      daemon.kill("SIGTERM");
      const { code, signal } = await daemon.status;
      assertEquals([code, signal], [0, null], await said);
    } finally {
      try {
        daemon.kill("SIGKILL");
      } catch {
        // It ended as it should.
      }
      await daemon.status;
      await said;
    }
  },
});
