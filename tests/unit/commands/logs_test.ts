import { assertEquals, assertMatch } from "@std/assert";
import { runCommand } from "../../../commands/run.ts";
import { Sinks } from "./sinks.ts";

const LINE = '{"time":"2026-01-01T00:00:00.000Z","level":"info","category":"x","message":';

Deno.test("nothing in a log reaches the terminal that it might obey, as text or as JSON", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}/run`);
    const bytes = new TextEncoder();
    await Deno.writeFile(
      `${root}/run/serve.log`,
      new Uint8Array([
        ...bytes.encode(`${LINE}"\\u001b[2J \u009b31m \u202eevil \u007f"}\n`),
        ...bytes.encode(`\u001b]0;title\u0007 \u009b31m raw\rover\n`),
        ...[0, 1, 0x9b, 0xff, 0xfe, 10],
        ...bytes.encode(`${LINE}\t"tab"}\n`),
      ]),
    );
    for (const flags of [[], ["--json"], ["--json", "--since", "2025-12-31"]]) {
      const sinks = new Sinks();
      const env = (name: string) => name === "MESH_STATE_DIR" ? root : undefined;
      assertEquals(await runCommand(["logs", ...flags], { ...sinks, env }), 0);
      const lines = sinks.stdout.text.trimEnd().split("\n");
      assertEquals(lines.length, 4);
      for (const line of lines) {
        // deno-lint-ignore no-control-regex -- these are what is looked for
        assertMatch(line, /^[^\u0000-\u001f\u007f-\u009f\u202e]*$/);
        if (flags.length > 0) JSON.parse(line);
      }
    }
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("a level that is none is told with those that there are", async () => {
  const sinks = new Sinks();
  const code = await runCommand(["logs", "--level", "loud"], { ...sinks, env: () => undefined });
  assertEquals(code, 2);
  assertMatch(sinks.stderr.text, /\nhint: one of trace, debug, info, warning, error, fatal\n/);
});
