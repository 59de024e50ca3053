import { assert, assertEquals, assertMatch } from "@std/assert";
import { LogFile } from "../../lib/log/log_file.ts";
import { Daemon } from "./daemon.ts";
import { eventually } from "./eventually.ts";
import { friends } from "./node.ts";
import { Run, run } from "./program.ts";

/** A state directory with logs of two daemons. */
async function logged() {
  const root = await Deno.makeTempDir();
  await Deno.mkdir(`${root}/run`, { mode: 0o700 });
  const line = (minute: number, level: string, message: string, correlation?: string) =>
    JSON.stringify({
      time: new Date(Date.now() - minute * 60_000).toISOString(),
      level,
      category: "test",
      message,
      correlation,
    });
  return {
    root,
    line,
    env: { MESH_STATE_DIR: root },
    write: (name: string, lines: readonly string[]) =>
      Deno.writeTextFile(`${root}/run/${name}`, lines.map((text) => `${text}\n`).join("")),
    [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }),
  };
}

Deno.test("mesh logs prints what all daemons logged, in order and as asked", async () => {
  await using at = await logged();
  const { env, line } = at;
  const id = "4bf92f3577b34da6a3ce929d0e0e4736";
  await at.write("serve.log.1", [line(180, "info", "long ago")]);
  await at.write("serve.log", [
    line(30, "info", "message from stan: \u001b[31mred", id),
    "printed by a program",
    line(10, "warning", "not delivered"),
  ]);
  await at.write("ogp.log", [line(20, "error", "fault: no space")]);
  const all = await run(["logs"], { env });
  assertEquals(all.stderr, "");
  const rows = all.stdout.trimEnd().split("\n");
  assertEquals(rows.length, 5);
  assertMatch(rows[0]!, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d info {4}serve: long ago$/);
  assertMatch(rows[1]!, /info {4}serve: message from stan: \ufffd\[31mred \[4bf92f35\]$/);
  assertEquals(rows[2], "serve: printed by a program");
  assertMatch(rows[3]!, /error {3}ogp: fault: no space$/);
  assertMatch(rows[4]!, /warning serve: not delivered$/);

  const printed = async (...args: string[]) =>
    (await run(["logs", ...args], { env })).stdout.trimEnd().split("\n").map((row) =>
      row.replace(/^.*(?:serve|ogp): /, "")
    );
  assertEquals(await printed("--since", "25m"), ["fault: no space", "not delivered"]);
  assertEquals(await printed("--level", "error", "--daemon", "ogp"), ["fault: no space"]);
  assertEquals(await printed("-n", "1"), ["not delivered"]);
  assertEquals(await printed("--correlation", "4BF92F35"), [
    "message from stan: \ufffd[31mred [4bf92f35]",
  ]);
  const json = await run(["logs", "--json", "--level", "warning"], { env });
  const documents = json.stdout.trimEnd().split("\n").map((text) => JSON.parse(text));
  assertEquals(documents.map(({ message }) => message), [
    "printed by a program",
    "fault: no space",
    "not delivered",
  ]);
});

Deno.test("where nothing was logged, and for what is no level, the next command is told", async () => {
  await using at = await logged();
  const { env } = at;
  const none = await run(["logs"], { env, code: 3 });
  assert(none.stderr.startsWith('mesh: Nothing was ever logged in "'), none.stderr);
  assert(none.stderr.includes("hint: "), none.stderr);
  await at.write("serve.log", [at.line(1, "info", "x")]);
  const other = await run(["logs", "--daemon", "ogp"], { env, code: 3 });
  assertEquals(
    other.stderr,
    'mesh: There is no log of a daemon "ogp"\nhint: there are logs of: serve\n',
  );
  const level = await run(["logs", "--level", "loud"], { env, code: 2 });
  assert(level.stderr.includes('"loud" is no level'), level.stderr);
});

Deno.test("mesh logs -f tells what is new, over files that are set aside, until it is stopped", async () => {
  await using at = await logged();
  const { env, root, line } = at;
  await at.write("serve.log", [line(1, "info", "before")]);
  await using following = new Run(["logs", "-f"], { env });
  const come = (message: string) =>
    following.until(message, () => following.stdout.includes(message) || undefined);
  await come("before");
  using log = new LogFile(`${root}/run/serve.log`, { maxBytes: 2_000, keep: 9 });
  for (let i = 0; i < 50; i++) log.write(line(0, "info", `message number ${i}.`));
  await come("message number 49.");
  await at.write("ocg.log", [line(0, "info", "another daemon begins")]);
  await come("another daemon begins");
  following.kill("SIGINT");
  const { code, stdout, stderr } = await following.end();
  assertEquals([code, stderr], [0, ""]);
  const seen = stdout.trimEnd().split("\n").map((row) => row.replace(/^.*(?:serve|ocg): /, ""));
  assertEquals(seen, [
    "before",
    ...Array.from({ length: 50 }, (_, i) => `message number ${i}.`),
    "another daemon begins",
  ]);
});

Deno.test("a daemon logs what happens with one id for what belongs together, and not what is said", async () => {
  const [anna, bert] = await friends("anna", "bert");
  await using _anna = anna;
  await using _bert = bert;
  const text = "the cake is in the cellar";
  {
    await using daemon = await Daemon.start({ ...bert.env, MESH_LOG_LEVEL: "debug" }, bert.port);
    await anna.run(["send-message", "--to", "bert", "--send", "--text", text]);
    await daemon.heard("message");
    await eventually("the request in the log", async () => {
      return (await bert.run(["logs"])).stdout.includes("POST /agent-mesh/message 200");
    });
  }
  const { stdout } = await bert.run(["logs", "--json"]);
  assert(!stdout.includes(text) && !stdout.includes("cellar"), stdout);
  // deno-lint-ignore no-explicit-any -- what a test looks at is what it checks
  const lines: any[] = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  const message = lines.find(({ properties }) => properties?.event === "message");
  const request = lines.find(({ message }) => message.startsWith("POST /agent-mesh/message 200"));
  assertEquals([message.level, request.level], ["info", "debug"]);
  assertEquals(message.message.startsWith("message from anna: msg_"), true);
  assertMatch(message.correlation, /^[0-9a-f]{32}$/);
  assertEquals(request.correlation, message.correlation);
  const together = await bert.run(["logs", "--correlation", message.correlation.slice(0, 8)]);
  assertEquals(together.stdout.trimEnd().split("\n").length, 2);
  if (Deno.build.os !== "windows") {
    const { mode } = await Deno.stat(`${bert.state}/run/serve.log`);
    assertEquals((mode ?? 0) & 0o777, 0o600);
  }
});

Deno.test("a level of the log that is none stops the daemon with a hint", async () => {
  const [anna, bert] = await friends("anna", "bert");
  await using _anna = anna;
  await using _bert = bert;
  const env = { MESH_LOG_LEVEL: "loud" };
  const { stderr } = await anna.run(["serve", "--port", "0"], { env, code: 2 });
  assert(stderr.includes('"loud" is no level of a log'), stderr);
});
