import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import denoJson from "../../deno.json" with { type: "json" };
import { TestNode } from "./node.ts";
import { PROGRAM, run } from "./program.ts";

const COMMANDS = [
  "init",
  "serve",
  "discovery",
  "scan",
  "request-contact",
  "receive-contact",
  "list-requests",
  "approve-request",
  "reject-request",
  "peers list",
  "peers show",
  "peers verify",
  "peers remove",
  "send-message",
  "receive-message",
  "list-messages",
  "queue list",
  "queue show",
  "queue retry",
  "queue drop",
  "doctor",
  "completion",
];

Deno.test(`these tests run against ${PROGRAM.name}`, async () => {
  const { stdout, stderr } = await run(["--version"]);
  assertEquals([stdout, stderr], [`${denoJson.version}\n`, ""]);
});

Deno.test("the list of commands is complete, and the hidden one is not on it", async () => {
  const { stdout } = await run(["--help"]);
  for (const command of COMMANDS) {
    const [first = ""] = command.split(" ");
    assertMatch(stdout, RegExp(`^  ${first} `, "m"));
  }
  assert(!/^ {2}complete /m.test(stdout));
  assertEquals((await run([])).stdout, stdout);
});

Deno.test("the help of each command has examples of it and explains each of its flags", async () => {
  await Promise.all(COMMANDS.map(async (command) => {
    const { stdout, stderr } = await run([...command.split(" "), "--help"]);
    assertEquals(stderr, "");
    assertMatch(stdout, RegExp(`^USAGE\n  mesh ${command}`));
    const [, examples = ""] = /\n\nEXAMPLES\n((?: {2}.+\n)+)\n/.exec(stdout) ?? [];
    assertStringIncludes(examples, `mesh ${command}`);
    assertMatch(stdout, /--json\]? +Print JSON/);
    assertMatch(stdout, /--state-dir\]? +State directory/);
    assert(!stdout.includes("\u001b"), "colours where nobody looks");
  }));
});

Deno.test("what is mistyped is answered with the nearest name", async () => {
  await using ann = await TestNode.named("ann");
  const typed: [line: string, problem: string, hint: string][] = [
    ["discvery", 'There is no command "discvery"', "did you mean discovery?"],
    ["aprove-request x", 'There is no command "aprove-request"', "did you mean approve-request?"],
    ["peers shwo bob", 'There is no command "shwo"', "did you mean show?"],
    ["list-message", 'There is no command "list-message"', "did you mean list-messages?"],
    ["frobnicate", 'There is no command "frobnicate"', "mesh --help"],
    ["scan --tiemout 1s", "There is no flag --tiemout", "did you mean --timeout?"],
    ["send-message --txet hi", "There is no flag --txet", "did you mean --text?"],
    ["list-messages --folow", "There is no flag --folow", "did you mean --follow?"],
    ["init --frobnicate", "There is no flag --frobnicate", "--help lists the flags"],
    ["init -x", "There is no flag -x", "--help lists the flags"],
    ["peers show", "The argument <peer> is missing", "--help shows an example"],
    ["discovery here", '"here" is one argument too many', "--help shows an example"],
    ["scan --port 0", "Port 0 cannot be probed", 'this is about "port"'],
  ];
  await Promise.all(typed.map(async ([line, problem, hint]) => {
    const { stdout, stderr } = await ann.run(line.split(" "), { code: 2 });
    assertEquals([stdout, stderr], ["", `mesh: ${problem}\nhint: ${hint}\n`]);
  }));
});

Deno.test("the state lies where the flag, a variable or the home says", async () => {
  await using ann = await TestNode.named("ann");
  const identityIn = async (env: Record<string, string>, ...flags: string[]) =>
    (await run(["discovery", ...flags], { env: { HOME: ann.home, ...env }, cwd: ann.home })).stdout;
  const found = await identityIn({ MESH_STATE_DIR: ann.state });
  assertStringIncludes(found, "agent        ann");
  assertEquals(await identityIn({ OPENCLAW_AGENT_MESH_DIR: ann.state }), found);
  assertEquals(await identityIn({ MESH_STATE_DIR: "/nowhere" }, "--state-dir", ann.state), found);
  assertEquals(await identityIn({ MESH_STATE_DIR: "state" }), found);
  assertEquals(await identityIn({}, "--state-dir=~/state"), found);
  await Deno.mkdir(`${ann.home}/.openclaw`);
  await Deno.rename(ann.state, `${ann.home}/.openclaw/agent-mesh`);
  assertEquals(await identityIn({ MESH_STATE_DIR: "" }), found);
});

Deno.test("each shell gets a completion script, and no other one", async () => {
  for (const shell of ["bash", "zsh", "fish", "pwsh"]) {
    const { stdout } = await run(["completion", shell]);
    assertStringIncludes(stdout, "complete");
    assertStringIncludes(stdout, "mesh");
  }
  const { stderr } = await run(["completion", "tcsh"], { code: 2 });
  assertStringIncludes(stderr, "hint: one of: bash, zsh, fish, pwsh");
});

Deno.test("the program proposes how a command line goes on", async () => {
  const proposals: [words: string[], names: string[]][] = [
    [["peers", "sh"], ["show"]],
    [["peers", ""], ["list", "show", "verify", "remove"]],
    [["queue", "r"], ["retry"]],
    [["disc"], ["discovery"]],
    [["send-message", "--te"], ["--text"]],
    [["completion", "f"], ["fish"]],
    [["completion", ""], ["bash", "zsh", "fish", "pwsh"]],
    [["discovery", ""], ["--json", "--state-dir"]],
    [["complet"], ["completion"]],
    [["nothing", "like", "this"], []],
  ];
  await Promise.all(proposals.map(async ([words, names]) => {
    const { stdout } = await run(["complete", "--", ...words]);
    const lines = stdout.split("\n").slice(0, -1).map((line) => line.split("\t"));
    assertEquals([words, lines.map(([name]) => name)], [words, names]);
    for (const [, brief = ""] of lines) assert(brief.length > 0);
  }));
});

Deno.test({
  name: "bash completes a command line by asking the program",
  ignore: !await has("bash"),
  fn: async () => {
    await using ann = await TestNode.named("ann");
    const [command = "", ...args] = PROGRAM.command.map((word) => `'${word}'`);
    const program = await ann.file("mesh", `#!/bin/sh\nexec ${command} ${args.join(" ")} "$@"\n`);
    await Deno.chmod(program, 0o755);
    const { stdout: script } = await run(["completion", "bash"]);
    const ask = async (...words: string[]) => {
      const typed = [program, ...words].map((word) => `'${word}'`).join(" ");
      const lines = [
        script,
        `COMP_WORDS=(${typed})`,
        "COMP_CWORD=$((${#COMP_WORDS[@]} - 1))",
        "_mesh",
        'printf "%s\\n" "${COMPREPLY[@]}"',
      ];
      const file = await ann.file("ask.sh", lines.join("\n"));
      const wrap = () => ["bash", file];
      return (await run([], { wrap, env: ann.env })).stdout.trim().split("\n");
    };
    assertEquals(await ask("peers", ""), ["list", "show", "verify", "remove"]);
    assertEquals(await ask("peers", "ver"), ["verify"]);
    assertEquals(await ask("completion", ""), ["bash", "zsh", "fish", "pwsh"]);
    assertEquals(await ask("peers", "zzz"), [""]);
  },
});

async function has(command: string): Promise<boolean> {
  try {
    return (await new Deno.Command(command, { args: ["--version"] }).output()).success;
  } catch {
    return false;
  }
}
