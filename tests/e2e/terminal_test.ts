import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { friends, TestNode } from "./node.ts";
import type { RunOptions } from "./program.ts";

/** `script` of util-linux runs a program on a terminal of its own. */
const ignore = !await hasScript();

/** A run on a terminal, with colours unless said otherwise. */
const ON_TERMINAL: RunOptions = {
  env: { NO_COLOR: "", TERM: "xterm" },
  wrap: (command) => {
    const line = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
    return ["script", "--quiet", "--return", "--command", line, "/dev/null"];
  },
};

const ESCAPE = "\u001b";

Deno.test({
  name: "on a terminal an error is coloured, unless NO_COLOR is set",
  ignore,
  fn: async () => {
    await using ann = await TestNode.named("ann");
    const args = ["peers", "show", "stan"];
    const { stdout } = await ann.run(args, { ...ON_TERMINAL, code: 3 });
    assertEquals(stdout.split("\r\n"), [
      `${ESCAPE}[31mmesh:${ESCAPE}[39m No trusted peer is called "stan"`,
      `${ESCAPE}[36mhint:${ESCAPE}[39m mesh peers list shows them; mesh list-requests shows who asked`,
      "",
    ]);
    const env = { ...ON_TERMINAL.env, NO_COLOR: "1" };
    const plain = await ann.run(args, { ...ON_TERMINAL, env, code: 3 });
    assert(!plain.stdout.includes(ESCAPE), plain.stdout);
    const piped = await ann.run(args, { env: { NO_COLOR: "" }, code: 3 });
    assert(!piped.stderr.includes(ESCAPE), piped.stderr);
  },
});

Deno.test({
  name: "on a terminal a table's heading is bold, and JSON is never coloured",
  ignore,
  fn: async () => {
    const [ann, bob] = await friends("ann", "bob");
    await using _ann = ann;
    await using _bob = bob;
    const { stdout } = await ann.run(["peers", "list"], ON_TERMINAL);
    const [heading = "", row = ""] = stdout.split("\r\n");
    assert(heading.startsWith(`${ESCAPE}[1mAGENT `) && heading.endsWith(`VERIFIED${ESCAPE}[22m`));
    assertMatch(row, /^bob +Bob /);
    const json = await ann.run(["peers", "list", "--json"], ON_TERMINAL);
    assert(!json.stdout.includes(ESCAPE));
    assertEquals(JSON.parse(json.stdout).length, 1);
  },
});

Deno.test({
  name: "a scan shows its progress on a terminal, and takes it away",
  ignore,
  fn: async () => {
    await using ann = await TestNode.named("ann");
    await using bob = await TestNode.named("bob");
    await using _bobServes = await bob.serve();
    const targets = ["scan", `127.0.0.1:${bob.port},9`];
    const { stdout } = await ann.run(targets, ON_TERMINAL);
    assertMatch(stdout, /\[#+-*\] \d\/2, [01] found, \d\.\d s/);
    assertMatch(shownOnScreen(stdout), /^NAME .+\nBob \(bob\) .+\nhttp:.+\n1 agent found/);
    assertNotMatch(shownOnScreen(stdout), /\[#/);
    const { stderr } = await ann.run(targets);
    assertNotMatch(stderr, /\[#/);
  },
});

Deno.test({
  name: "on a terminal `peers verify` asks whether the number matched",
  ignore,
  fn: async () => {
    const [ann, bob] = await friends("ann", "bob");
    await using _ann = ann;
    await using _bob = bob;
    const verify = ["peers", "verify", "bob"];
    const no = await ann.run(verify, { ...ON_TERMINAL, stdin: "n\n" });
    assertMatch(no.stdout, /Is it the same on the other side\?/);
    assertEquals((await ann.json(["peers", "show", "bob"])).verified_at, undefined);
    const yes = await ann.run(verify, { ...ON_TERMINAL, stdin: "y\n" });
    assertMatch(yes.stdout, /Remembered: Bob \(bob\) is verified\./);
    assertMatch((await ann.json(["peers", "show", "bob"])).verified_at, /^\d{4}-/);
  },
});

/** What stays to be read when lines that were taken away are gone. */
function shownOnScreen(text: string): string {
  return text.split("\r\n").map((line) => line.split(`\r${ESCAPE}[2K`).at(-1)).join("\n");
}

async function hasScript(): Promise<boolean> {
  try {
    const { stdout } = await new Deno.Command("script", { args: ["--version"] }).output();
    return new TextDecoder().decode(stdout).includes("util-linux");
  } catch {
    return false;
  }
}
