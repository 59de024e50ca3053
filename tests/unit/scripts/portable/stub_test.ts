import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { PERMISSIONS } from "../../../../scripts/permissions.ts";
import { stub, type StubFacts } from "../../../../scripts/portable/stub.ts";
import { find } from "../../../e2e/install/installer.ts";

const TEMPLATE = await Deno.readTextFile(
  new URL("../../../../scripts/portable/stub.sh", import.meta.url),
);
const FACTS: StubFacts = {
  version: "1.2.3",
  target: "x86_64-unknown-linux-gnu",
  deno: "2.9.6",
  sum: "0123456789abcdef",
  denoSize: 95_600_728,
  mainSize: 92_406,
  unpackedSize: 98_000_001,
  archiveSize: 42_000_000,
};

Deno.test("the script knows where the archive begins and how large the whole is", () => {
  for (const archiveSize of [1, 42_000_000, 999_999_999 - 10_000]) {
    const script = stub(TEMPLATE, { ...FACTS, archiveSize });
    const { length } = new TextEncoder().encode(script);
    assertStringIncludes(script, `archive=${length + 1} `);
    assertStringIncludes(script, `whole=${length + archiveSize} `);
    assert(script.endsWith("\nexit\n"));
  }
});

Deno.test("no blank is left, and what it needs is said in megabytes", () => {
  const script = stub(TEMPLATE, FACTS);
  assertEquals(script.match(/@[A-Z_]+@/g), null);
  assertStringIncludes(script, "99 MB free");
  assertStringIncludes(script, "version='portable-0123456789abcdef'");
  assertThrows(() => stub(`${TEMPLATE}@NEW_ONE@`, FACTS), Error, "is not filled in");
});

Deno.test("Deno gets the program's permissions, and no others", () => {
  const [, line = ""] = /exec "\$final\/deno" run (.*) "\$final\/app\/main\.js"/.exec(
    stub(TEMPLATE, FACTS),
  ) ?? [];
  const words = line.split(" ");
  assertEquals(words.filter((word) => /^(-A|--allow|--no-prompt)/.test(word)), [...PERMISSIONS]);
  for (const flag of ["--no-config", "--no-remote", "--no-npm"]) assert(words.includes(flag), flag);
});

for (
  const [program, ...args] of [
    ["shellcheck", "-s", "sh", "-"],
    ["dash", "-n"],
    ["bash", "--posix", "-n"],
    ["busybox", "sh", "-n"],
  ]
) {
  const ignore = await find(program!) === undefined;
  Deno.test({ name: `${program} has nothing to say about it`, ignore }, async () => {
    const child = new Deno.Command(program!, { args, stdin: "piped", stdout: "piped" }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(stub(TEMPLATE, FACTS)));
    await writer.close();
    const { code, stdout } = await child.output();
    assertMatch(new TextDecoder().decode(stdout), /^$/);
    assertEquals(code, 0);
  });
}
