import { assertEquals, assertThrows } from "@std/assert";
import { exitCodes } from "../../../scripts/papers/exit_codes.ts";
import { variables } from "../../../scripts/papers/environment.ts";
import { readDeclarations } from "../../../scripts/papers/interfaces.ts";
import { bold, prose } from "../../../scripts/papers/troff.ts";

Deno.test("interfaces are read with what they inherit", () => {
  const source = `
/** The base. */
export interface Base {
  /** How it is called. */
  readonly name?: string | undefined;
  /** To be said anew. */
  readonly kind: string;
}

/** One. */
export interface One extends Base {
  /** Which
   * one. */
  readonly kind: "one" | "two";
}

/** Any. */
export type Any =
  | Base
  | One;
`;
  const { interfaces, parents, unions } = readDeclarations(source);
  assertEquals(interfaces.get("One"), [
    { name: "name", type: "string", doc: "How it is called." },
    { name: "kind", type: '"one" | "two"', doc: "Which one." },
  ]);
  assertEquals(parents.get("One"), "Base");
  assertEquals(unions.get("Any"), ["Base", "One"]);
});

Deno.test("variables that are the same are told in full", () => {
  const source = 'const ENVIRONMENT = [\n  "HOME", // where it lives\n' +
    '  "USERPROFILE", // the same on Windows\n  "LONELY",\n];\n';
  assertEquals(variables(source), [
    { name: "HOME", what: "where it lives" },
    { name: "USERPROFILE", what: "where it lives on Windows" },
  ]);
  assertThrows(() => variables("nothing"));
});

Deno.test("exit codes are those of the program, whatever the text says", () => {
  const [done, unexpected] = exitCodes("  unexpected: { exit: 9, status: 500 },\n");
  assertEquals([done?.exit, done?.codes], [0, []]);
  assertEquals([unexpected?.exit, unexpected?.codes], [1, ["unexpected"]]);
});

Deno.test("text does not become a request of troff", () => {
  assertEquals(prose(".TH is `-x`"), "\\&.TH is \\fB\\-x\\fR");
  assertEquals(bold("a\\b"), "\\fBa\\eb\\fR");
});
