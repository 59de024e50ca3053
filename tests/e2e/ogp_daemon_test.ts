import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { plainLines } from "../../lib/log/line.ts";
import { eventually } from "./eventually.ts";
import { TestNode } from "./node.ts";
import { freePort } from "./ports.ts";
import { PROGRAM, type RunOptions } from "./program.ts";

/** A node with a gateway configured on a port of its own, which is stopped whatever happens. */
async function gateway(id: string) {
  const node = await TestNode.named(id);
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const flags = ["--port", String(port), "--gateway-url", url];
  await node.run(["ogp", "setup", ...flags]);
  return {
    node,
    port,
    url,
    start: (...more: string[]) => ["ogp", "start", "--host", "127.0.0.1", ...more],
    log: async () => plainLines(await Deno.readTextFile(`${node.state}/run/ogp.log`)),
    async [Symbol.asyncDispose]() {
      await node.run(["ogp", "stop"]);
      await node[Symbol.asyncDispose]();
    },
  };
}

async function isAlive(pid: number): Promise<boolean> {
  return await Deno.stat(`/proc/${pid}`).then(() => true, () => false);
}

/** Whether there is an answer at a URL. */
async function answers(url: string): Promise<boolean> {
  try {
    return (await (await fetch(url)).text()) !== "";
  } catch {
    return false;
  }
}

const onLinux = Deno.build.os === "linux";

Deno.test("a gateway runs in the foreground until it is told to stop", async (t) => {
  await using ann = await gateway("ann");
  for (const how of ["SIGTERM", "stop"] as const) {
    await t.step(how, async () => {
      await using run = ann.node.start(ann.start());
      const line = await run.until("a line", () => /^.*\n/.exec(run.stdout)?.[0]);
      assertMatch(
        line,
        new RegExp(
          `^[-0-9]{10} [:0-9]{8} listening on ${ann.url} as Ann \\(302a[0-9a-f]{28}\\)\n$`,
        ),
      );
      const card = await (await fetch(`${ann.url}/.well-known/ogp`)).json();
      assertEquals([card.displayName, card.gatewayUrl], ["Ann", ann.url]);
      if (how === "SIGTERM") run.kill("SIGTERM");
      else {
        const { stopped } = await ann.node.json(["ogp", "stop"]);
        assertEquals(stopped, [{ pid: run.pid, host: "127.0.0.1", port: ann.port }]);
      }
      const { code, stderr } = await run.end(5_000);
      assertEquals(code, 0);
      assertMatch(stderr, /Stopping\.\n$/);
    });
  }
  const left = await Array.fromAsync(Deno.readDir(`${ann.node.state}/run`), ({ name }) => name);
  assertEquals(left, ["ogp.log"]);
});

Deno.test({
  name: "a gateway in the background listens when the command is over, and until it is stopped",
  ignore: !onLinux,
  fn: async (t) => {
    await using ann = await gateway("ann");
    let pid = 0;

    await t.step("it is there at once, with a session of its own", async () => {
      const started = await ann.node.json(ann.start("--background"));
      assertEquals([started.ok, started.already_running, started.url], [true, false, ann.url]);
      pid = started.pid;
      assertEquals((await (await fetch(`${ann.url}/federation/ping`)).json()).pong, true);
      const [, , , , , session] = (await Deno.readTextFile(`/proc/${pid}/stat`)).split(" ");
      assertEquals(session, String(pid));
      const { mode } = await Deno.stat(started.log);
      assertEquals((mode ?? 0) & 0o777, 0o600);
      // It is announced a moment before it says so.
      const listens = async () => (await ann.log()).includes(`listening on ${ann.url}`);
      await eventually("what it says first", listens);
    });

    await t.step("starting it again changes nothing, and elsewhere it is refused", async () => {
      const again = await ann.node.json(ann.start("--background"));
      assertEquals([again.already_running, again.pid], [true, pid]);
      const failure = await ann.node.json(ann.start("--background", "--port", "1"), { code: 5 });
      assertEquals([failure.error, failure.hint], [
        "exists",
        "mesh ogp stop, and then start it again",
      ]);
    });

    await t.step("a second one in the foreground is told whose the port is", async () => {
      const { stderr } = await ann.node.run(ann.start(), { code: 5 });
      assertStringIncludes(
        stderr,
        `hint: this node's own daemon has it (process ${pid}): mesh ogp stop`,
      );
    });

    await t.step("it stops, and stopping nothing is no failure", async () => {
      const { stdout } = await ann.node.run(["ogp", "stop"]);
      assertEquals(stdout, `The gateway on port ${ann.port} (process ${pid}) has stopped.\n`);
      await eventually("its end", async () => !await isAlive(pid));
      const { stdout: nothing } = await ann.node.run(["ogp", "stop"]);
      assertEquals(nothing, "No gateway runs on this state directory.\n");
      assertMatch(await ann.log(), /Stopping\.\n$/);
    });
  },
});

Deno.test({
  name: "a gateway that was killed is not taken for one that runs",
  ignore: !onLinux,
  fn: async () => {
    await using ann = await gateway("ann");
    const { pid } = await ann.node.json(ann.start("--background"));
    Deno.kill(pid, "SIGKILL");
    await eventually(
      "its end",
      async () => !(await ann.node.json(["ogp", "status"])).daemon.running,
    );
    const again = await ann.node.json(ann.start("--background"));
    assertEquals(again.already_running, false);
    assert(again.pid !== pid);
  },
});

Deno.test({
  name: "why a gateway did not start is said where it was asked for",
  ignore: !onLinux,
  fn: async (t) => {
    await using ann = await gateway("ann");

    await t.step("a port that another program has", async () => {
      const listener = Deno.listen({ hostname: "127.0.0.1", port: ann.port });
      try {
        const failure = await ann.node.json(ann.start("--background"), { code: 5 });
        assertEquals([failure.error, failure.message], [
          "port_in_use",
          `The gateway did not start: Port ${ann.port} is in use on 127.0.0.1`,
        ]);
        assertStringIncludes(failure.hint, "take another port: mesh ogp start --port ");
        const { daemon } = await ann.node.json(["ogp", "status"]);
        assertEquals([daemon.running, daemon.port.answer.kind], [false, "other"]);
      } finally {
        listener.close();
      }
    });

    await t.step("an address that this machine does not have", async () => {
      const args = ["ogp", "start", "--background", "--host", "192.0.2.77", "--port", "0"];
      const { stderr } = await ann.node.run(args, { code: 7 });
      assertStringIncludes(stderr, "did not start: Cannot listen on 192.0.2.77 port 0");
    });

    await t.step("no identity, a configuration that cannot be", async () => {
      await using nobody = await TestNode.empty("nobody");
      const { stderr } = await nobody.run(["ogp", "start", "--background"], { code: 3 });
      assertStringIncludes(stderr, "hint: mesh init");
      await Deno.writeTextFile(`${ann.node.state}/config.json`, '{"ogp":{"daemonPort":"x"}}');
      const invalid = await ann.node.json(ann.start("--background"), { code: 2 });
      assertStringIncludes(invalid.message, '"ogp.daemonPort"');
      // Agent Mesh V1 goes on without OGP.
      await using daemon = await ann.node.serve();
      assertStringIncludes(daemon.run.stderr, "Nothing is delivered to OGP gateways");
      await ann.node.file("state/config.json", "{}");
    });
  },
});

Deno.test("a log that has grown is set aside at the next start", { ignore: !onLinux }, async () => {
  await using ann = await gateway("ann");
  await Deno.mkdir(`${ann.node.state}/run`, { recursive: true });
  await ann.node.file("state/run/ogp.log", "x".repeat(5_000_001));
  await ann.node.json(ann.start("--background"));
  await eventually("the new log", async () => (await ann.log()).startsWith("listening"));
  assertEquals((await Deno.stat(`${ann.node.state}/run/ogp.log.1`)).size, 5_000_001);
});

Deno.test("the status tells who has the port, and never a token", async () => {
  await using ann = await gateway("ann");
  await using bob = await gateway("bob");
  const stdin = JSON.stringify({ openclawToken: "s3cret", openclawUrl: "http://localhost:1" });
  const setup = await ann.node.run(["ogp", "setup", "--non-interactive", "--answers", "-"], {
    stdin,
  });
  const stopped = await ann.node.run(["ogp", "status"]);
  assertMatch(stopped.stdout, /^daemon +does not run: mesh ogp start --background$/m);
  assertMatch(stopped.stdout, /^openclaw +http:\/\/localhost:1, token set$/m);
  assertMatch(stopped.stdout, /^peers +0 approved$/m);
  const { config, daemon } = await ann.node.json(["ogp", "status"]);
  assertEquals([config.openclawToken, daemon.running], ["set", false]);
  for (const { stdout, stderr } of [setup, stopped]) assert(!(stdout + stderr).includes("s3cret"));

  // Another gateway at the port, and this one's key at it without a word in the state directory.
  await using _run = bob.node.start(bob.start());
  await eventually("bob", () => answers(`${bob.url}/federation/ping`));
  await ann.node.run(["ogp", "setup", "--port", String(bob.port)]);
  const other = await ann.node.run(["ogp", "status"]);
  assertMatch(other.stdout, /^daemon +does not run, and another gateway, "Bob", is at /m);
  await Deno.rename(`${bob.node.state}/run`, `${bob.node.state}/elsewhere`);
  const us = await bob.node.json(["ogp", "status"]);
  assertEquals([us.daemon.running, us.daemon.port.answer.kind], [true, "us"]);
});

Deno.test("pausing holds everything outgoing back, everywhere, until it is resumed", async () => {
  await using ann = await gateway("ann");
  const { stdout } = await ann.node.run(["pause", "--reason", "loop with stan"]);
  assertEquals(stdout, "Nothing goes out any more.\n");
  assertMatch((await ann.node.run(["pause"])).stdout, /^Already paused .* \(loop with stan\)\.$/m);
  assertStringIncludes((await ann.node.run(["queue", "list"])).stderr, "(loop with stan)");
  const { paused } = await ann.node.json(["ogp", "status"]);
  assertEquals(paused.reason, "loop with stan");
  await using daemon = await ann.node.serve();
  await daemon.run.until("the warning", () => /To go on: mesh resume/.exec(daemon.run.stderr)?.[0]);
  assertStringIncludes((await ann.node.run(["resume"])).stdout, "Everything goes out again.");
  assertEquals((await ann.node.json(["resume"])).was_paused, false);
  assertEquals((await ann.node.json(["ogp", "status"])).paused, null);
  const audit = await Array.fromAsync(Deno.readDir(`${ann.node.state}/audit`));
  const log = await Deno.readTextFile(`${ann.node.state}/audit/${audit[0]?.name}`);
  assertStringIncludes(log, '"delivery.paused","reason":"loop with stan"');
  assertStringIncludes(log, '"delivery.resumed"');
});

Deno.test("setup without anybody to ask takes answers or says how to give them", async () => {
  await using ann = await gateway("ann");
  const setup = ["ogp", "setup"];
  const { hint } = await ann.node.json(setup, { code: 2 });
  assertStringIncludes(hint, "--answers FILE");
  const file = await ann.node.file("answers.json", '{"displayName":"Ann Two","email":"a@b.c"}');
  const { config } = await ann.node.json([...setup, "--non-interactive", "--answers", file]);
  assertEquals([config.displayName, config.email, config.daemonPort], [
    "Ann Two",
    "a@b.c",
    ann.port,
  ]);
  const wrong = await ann.node.json([...setup, "--gateway-url", "ftp://x"], { code: 2 });
  assertStringIncludes(wrong.message, '"gatewayUrl"');
  const kept = await ann.node.json(["ogp", "status"]);
  assertEquals([kept.config.gatewayUrl, kept.displayName], [ann.url, "Ann Two"]);
  await using nobody = await TestNode.empty("nobody");
  const { stderr } = await nobody.run([...setup, "--port", "1"], { code: 3 });
  assertStringIncludes(stderr, "hint: mesh init");
});

const SCRIPT = await hasScript();

Deno.test({
  name: "setup on a terminal asks, shows what is there, and never shows the token",
  ignore: !SCRIPT,
  fn: async () => {
    await using ann = await TestNode.named("ann");
    const answers = ["70000", "18900", "nope", "http://gw.example.com/", "", "-", "", "tok-123"];
    const { stdout } = await ann.run(["ogp", "setup"], {
      ...onTerminal(answers.length),
      env: { ANSWERS: answers.join("\n") },
    });
    assertStringIncludes(stdout, "Port to listen on [18790]:");
    assertStringIncludes(stdout, 'Cannot read "70000" as a port');
    assertStringIncludes(stdout, "URL at which peers reach it [not set]:");
    assertStringIncludes(stdout, "Display name [Ann]:");
    assertStringIncludes(stdout, "OpenClaw API token [not set]:");
    assert(!stdout.split("OpenClaw API token")[1]?.includes("tok-123"), stdout);
    const { ogp } = JSON.parse(await Deno.readTextFile(`${ann.state}/config.json`));
    assertEquals(ogp, {
      daemonPort: 18900,
      gatewayUrl: "http://gw.example.com",
      displayName: "Ann",
      openclawUrl: "http://localhost:18789",
      openclawToken: "tok-123",
    });
  },
});

/** A terminal at which somebody types the answers, one at a time. */
function onTerminal(count: number): RunOptions {
  return {
    wrap: (command) => {
      const line = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
      const typing = `i=1; while [ $i -le ${count} ]; do sleep 0.4; ` +
        `printf '%s\\n' "$ANSWERS" | sed -n "$i{p;q}"; i=$((i+1)); done`;
      const patience = PROGRAM.command.length > 1 ? "sleep 1.5; " : "";
      return [
        "sh",
        "-c",
        `{ ${patience}${typing}; sleep 1; } | script --quiet --return --command "$0" /dev/null`,
        line,
      ];
    },
  };
}

async function hasScript(): Promise<boolean> {
  try {
    const { stdout } = await new Deno.Command("script", { args: ["--version"] }).output();
    return new TextDecoder().decode(stdout).includes("util-linux");
  } catch {
    return false;
  }
}
