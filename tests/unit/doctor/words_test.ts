import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { openDoctor } from "../../../lib/doctor/context.ts";
import { count, shellWord, some, span } from "../../../lib/doctor/words.ts";

Deno.test("numbers, spans and lists are worded for people", () => {
  assertEquals([count(1, "peer"), count(0, "peer"), count(2000, "peer")], [
    "1 peer",
    "0 peers",
    "2,000 peers",
  ]);
  assertEquals([-61_000, 420_000, 7_200_000, 864_000_000].map(span), [
    "61 s",
    "7 min",
    "2 h",
    "10 days",
  ]);
  assertEquals(some(["a"]), '"a"');
  assertEquals(some(["a", "b", "c", "d"]), '"a", "b", "c" and 1 more');
  assertEquals(some(["a", "b", "c"], 10), '"a", "b", "c" and 7 more');
});

Deno.test({
  name: "a shell reads back any word as it was",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const words = fc.sample(
      fc.string({ unit: "grapheme", minLength: 1 }).filter((text) =>
        text.isWellFormed() && !text.includes("\0")
      ),
      200,
    ).concat(["'", "''", "$(id)", "`id`", "a b", "\\", "-n", "*", "~", "a\nb", '"']);
    const script = words.map((word) => `printf '%s\\0' ${shellWord(word)}`).join("\n");
    const { stdout } = await new Deno.Command("sh", { args: ["-c", script] }).output();
    assertEquals(new TextDecoder().decode(stdout).split("\0").slice(0, -1), words);
  },
});

Deno.test("a command names the state directory where it must, and no argument is taken for a flag", () => {
  const plain = openDoctor("/var/mesh").command;
  assertEquals(plain("queue list"), "mesh queue list");
  assertEquals(plain("peers show", "stan"), "mesh peers show stan");
  assertEquals(plain("peers show", "--help; id"), "mesh peers show -- '--help; id'");
  const named = openDoctor("/var/my mesh", { nameRoot: true }).command;
  assertEquals(named("serve"), "mesh serve --state-dir '/var/my mesh'");
});
