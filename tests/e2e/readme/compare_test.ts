import { assertEquals, assertMatch } from "@std/assert";
import { consoleBlocks } from "./blocks.ts";
import { Comparison } from "./compare.ts";

const [ONE, TWO, THREE] = ["1", "2", "3"].map((digit) => `msg_${digit.repeat(32)}`);

Deno.test("blocks are read with what is between them", () => {
  const text = "Intro.\n\n```console\n$ a\none\n\n  two\n\n$ b &\n```\nThen:\n```sh\n$ c\n```\n" +
    "```console\n$ d\n```\n";
  assertEquals(consoleBlocks(text), [
    {
      prose: "Intro.\n\n",
      typed: [{ line: "a", shown: ["one", "", "  two"] }, { line: "b &", shown: [] }],
    },
    { prose: "\nThen:\n```sh\n$ c\n```\n", typed: [{ line: "d", shown: [] }] },
  ]);
});

Deno.test("words have to be the same, widths have not", () => {
  const comparison = new Comparison();
  assertEquals(comparison.difference(["NAME    PORT"], ["NAME  PORT"]), undefined);
  assertMatch(comparison.difference(["Accepted."], ["Refused."]) ?? "", /printed: Refused/);
  assertMatch(comparison.difference(["a"], ["a", "b"]) ?? "", /not shown: b/);
  assertMatch(comparison.difference(["a", "b"], ["a"]) ?? "", /nothing more/);
  assertEquals(comparison.difference(["a", "…", "z"], ["a", "b", "c", "z"]), undefined);
  assertMatch(comparison.difference(["(.*)"], ["anything"]) ?? "", /anything/);
});

Deno.test("a thing is the same thing everywhere", () => {
  const comparison = new Comparison();
  assertEquals(comparison.difference([`Sent: ${ONE}`], [`Sent: ${TWO}`]), undefined);
  assertEquals(comparison.difference([`Read: ${ONE}`], [`Read: ${TWO}`]), undefined);
  assertMatch(comparison.difference([`Read: ${ONE}`], [`Read: ${THREE}`]) ?? "", /shown: .*2222/);
  assertEquals(comparison.translate(`mesh show ${ONE}`), `mesh show ${TWO}`);
  comparison.know("8787", "20001");
  assertEquals(comparison.difference(["at :8787"], ["at :20001"]), undefined);
});

Deno.test("times and places differ", () => {
  const comparison = new Comparison();
  assertEquals(
    comparison.difference(
      ["2026-11-21 10:56  just now, in 0.0 s, again in 5 s: /tmp/anna"],
      ["2027-01-02 03:04  3 s ago, in 12.3 s, again in 2 min: /var/tmp/x-1/anna"],
    ),
    undefined,
  );
  assertMatch(comparison.difference(["/tmp/anna"], ["/tmp/bert"]) ?? "", /bert/);
});
