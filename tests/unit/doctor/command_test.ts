import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";
import { runCommand } from "../../../commands/run.ts";
import { CHECKS } from "../../../lib/doctor/checks.ts";
import { openMeshNode } from "../../../lib/mesh/node.ts";
import { startDaemon } from "../../../server/daemon.ts";
import { closedPort } from "../mesh/scan/servers.ts";
import { CardServer, TempNode } from "./nodes.ts";

/** A stream that keeps what it is given. */
class Sink {
  text = "";

  constructor(private readonly terminal = false) {}

  writeSync(bytes: Uint8Array): number {
    this.text += new TextDecoder().decode(bytes);
    return bytes.length;
  }

  isTerminal(): boolean {
    return this.terminal;
  }
}

async function mesh(node: TempNode, args: string[], { terminal = false } = {}) {
  const [stdout, stderr] = [new Sink(terminal), new Sink(terminal)];
  const env = (name: string) => ({ MESH_STATE_DIR: node.root } as Record<string, string>)[name];
  const code = await runCommand(args, { stdout, stderr, env });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

Deno.test("two nodes that trust each other and run are all well", async () => {
  const ports = [closedPort(), closedPort()];
  await using stan = await TempNode.named("stan", `http://127.0.0.1:${ports[0]}`);
  await using kyle = await TempNode.named("kyle", `http://127.0.0.1:${ports[1]}`);
  await stan.state.peers.put("kyle", await kyle.card());
  const daemons = await Promise.all(
    [stan, kyle].map(async ({ root }, i) =>
      startDaemon(await openMeshNode(root), { host: "127.0.0.1", port: ports[i]! })
    ),
  );
  try {
    const { code, stdout, stderr } = await mesh(stan, ["doctor"]);
    assertEquals([code, stderr], [0, ""]);
    const checks = [...stdout.matchAll(/^ok +(\w+)/gm)].map(([, check]) => check)
      // Whether there is a service manager is the machine's affair.
      .filter((check) => check !== "service");
    assertEquals(checks, [
      "versions",
      "identity",
      "folders",
      "disk",
      "leftovers",
      "records",
      "clock",
      "port",
      "endpoint",
      "peers",
      "requests",
      "queue",
    ]);
    assertStringIncludes(stdout, "The clock agrees with that of 1 peer");
    assertStringIncludes(stdout, '"kyle" answers with the key that you approved');
    assertMatch(stdout, /All is well\.\n$/);
  } finally {
    await Promise.all(daemons.map((daemon) => daemon.stop(1_000)));
  }
});

Deno.test("warnings and failures come last, with their commands, and a failure ends with 1", async () => {
  await using stan = await TempNode.named("stan", `http://127.0.0.1:${closedPort()}`);
  await using stranger = await TempNode.named("kyle");
  await using kyle = await TempNode.named("kyle");
  await using server = new CardServer();
  server.card = await stranger.card();
  await stan.state.peers.put("kyle", { ...await kyle.card(), endpoint: server.url });
  const { code, stdout } = await mesh(stan, ["doctor"]);
  assertEquals(code, 1);
  const levels = stdout.split("\n").map((line) => /^(ok|warning|failure) /.exec(line)?.[1])
    .filter((level) => level !== undefined);
  assertEquals(levels, levels.toSorted((a, b) => "owf".indexOf(a[0]!) - "owf".indexOf(b[0]!)));
  assertMatch(
    stdout,
    /failure {2}peers .*KEY CHANGED.*\n +fix: mesh peers show kyle\n1 failure, 2 warnings\.\n$/,
  );
});

Deno.test("without an identity everything else is still looked at", async () => {
  await using node = await TempNode.empty();
  const { code, stdout } = await mesh(node, ["doctor"]);
  assertEquals(code, 1);
  assertStringIncludes(stdout, "fix: mesh init\n");
  for (const check of ["folders", "disk", "records", "clock", "port", "peers", "queue"]) {
    assertMatch(stdout, new RegExp(`^\\w+ +${check} `, "m"));
  }
});

Deno.test("--json prints one document with the findings as they are", async () => {
  await using node = await TempNode.named("stan", `http://127.0.0.1:${closedPort()}`);
  const { code, stdout, stderr } = await mesh(node, ["doctor", "--json"]);
  assertEquals([code, stderr], [0, ""]);
  const { ok, findings } = JSON.parse(stdout);
  assertEquals(ok, true);
  assertEquals(findings[0].check, "versions");
  for (const { check, level, message, fix, ...rest } of findings) {
    assert(["ok", "warning", "failure"].includes(level), level);
    assert(typeof check === "string" && typeof message === "string", check);
    assert(fix === undefined || typeof fix === "string", check);
    assertEquals(rest, {});
  }
  await Deno.remove(`${node.root}/private_key.pem`);
  const failed = await mesh(node, ["doctor", "--json"]);
  assertEquals([failed.code, JSON.parse(failed.stdout).ok], [1, false]);
});

Deno.test("with --state-dir the commands name the directory, too", async () => {
  await using node = await TempNode.named("stan", `http://127.0.0.1:${closedPort()}`);
  await using elsewhere = await TempNode.empty();
  const { stdout } = await mesh(elsewhere, ["doctor", "--state-dir", node.root]);
  assertStringIncludes(stdout, ` --state-dir ${node.root}\n`);
  assertEquals(await Array.fromAsync(Deno.readDir(elsewhere.root)), []);
});

Deno.test("what peers chose cannot steer the terminal", async () => {
  await using node = await TempNode.named("stan");
  const agent_id = "evil\u202egnp";
  await node.write(
    "peers/evil.json",
    JSON.stringify({ ...await node.card(), agent_id, public_key: "" }),
  );
  const { stdout } = await mesh(node, ["doctor"]);
  assertStringIncludes(stdout, '"evil\ufffdgnp"');
  assert(!stdout.includes("\u202e"), "A character that reorders the line was printed");
});

Deno.test("on a terminal levels are coloured, and the progress line is gone in the end", async () => {
  await using node = await TempNode.empty();
  const { stdout, stderr } = await mesh(node, ["doctor"], { terminal: true });
  assertStringIncludes(stderr, `of ${CHECKS.length} checks done`);
  assert(stderr.endsWith("\r\x1b[2K"), "The progress line was left");
  // Whether colours are on at all is the whole process' choice.
  assertMatch(stripAnsiCode(stdout), /^failure {2}identity/m);
});
