import { assertEquals, assertStringIncludes } from "@std/assert";
import { VERSION } from "../../../commands/version.ts";
import { runCommand } from "../../../commands/run.ts";
import { Sinks } from "./sinks.ts";

/** Runs a command line on a state directory that does not exist. */
async function command(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const sinks = new Sinks(false, { MESH_STATE_DIR: "/nowhere/mesh-test" });
  const code = await runCommand(args, sinks);
  return { code, out: sinks.stdout.text, err: sinks.stderr.text };
}

Deno.test("a mistake in the command line is two lines on stderr, and exit code 2", async () => {
  const mistakes: [args: string[], message: string, hint: string][] = [
    [["dsicovery"], 'There is no command "dsicovery"', "did you mean discovery?"],
    [["xyzzy"], 'There is no command "xyzzy"', "mesh --help"],
    [["scan", "--tmieout"], "There is no flag --tmieout", "did you mean --timeout?"],
    [["scan", "-q"], "There is no flag -q", "--help lists the flags"],
    [["scan", "--timeout"], "--timeout is missing or has no value", "--help shows an example"],
    [["peers", "show"], "The argument <peer> is missing", "--help shows an example"],
    [["peers", "list", "x"], '"x" is one argument too many', "--help shows an example"],
    [
      ["scan", "--port", "http"],
      'Cannot read "http" as a port: 0 to 65535',
      'this is about "port"',
    ],
  ];
  for (const [args, message, hint] of mistakes) {
    const text = `mesh: ${message}\nhint: ${hint}\n`;
    assertEquals(await command(...args), { code: 2, out: "", err: text });
    // Not at the end where the last word is a flag that wants a value.
    const at = args.at(-1)?.startsWith("-") ? -1 : args.length;
    const { code, out, err } = await command(...args.toSpliced(at, 0, "--json"));
    assertEquals([code, err], [2, text]);
    assertEquals(JSON.parse(out), { ok: false, error: "usage", message, hint });
  }
});

Deno.test("a flag's value that looks like --json after -- asks for nothing", async () => {
  const { code, out } = await command("peers", "show", "--", "a", "--json");
  assertEquals([code, out], [2, ""]);
});

Deno.test("an action's failure ends with the exit code of its kind", async () => {
  const text = await command("discovery");
  assertEquals([text.code, text.out], [3, ""]);
  assertStringIncludes(text.err, "hint: mesh init");
  const json = await command("discovery", "--json");
  assertEquals([json.code, JSON.parse(json.out).error], [3, "not_initialized"]);
});

Deno.test("the version is the one of deno.json", async () => {
  assertEquals(await command("--version"), { code: 0, out: `${VERSION}\n`, err: "" });
});
