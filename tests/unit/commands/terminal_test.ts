import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  asciiJson,
  failureDocument,
  jsonText,
  layoutTable,
  safeText,
  Terminal,
} from "../../../commands/terminal.ts";
import { MeshError } from "../../../lib/error.ts";
import { parseJson } from "../../../lib/signing/json_parse.ts";
import { Sinks } from "./sinks.ts";

Deno.test("foreign text cannot leave its line, hide, or talk to the terminal", () => {
  const texts: [raw: string, safe: string][] = [
    ["plain ünïcödé ☃ 𝄞 日本", "plain ünïcödé ☃ 𝄞 日本"],
    ["a\nb\r\nc\rd\te", "a b c d e"],
    ["\u001b[31mred\u001b[0m", "�[31mred�[0m"],
    ["bell\u0007 null\u0000 del\u007f csi\u009b", "bell� null� del� csi�"],
    ["\u202egnp.exe\u2066\u200bx\ufeff", "�gnp.exe��x�"],
    ["\u2028\u2029\u061c\u00ad", "���\u00ad"],
  ];
  for (const [raw, safe] of texts) assertEquals(safeText(raw), safe);
});

Deno.test("no text at all keeps a control character when it is made safe", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
    // deno-lint-ignore no-control-regex -- these are what must be gone
    assert(!/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/.test(safeText(text)));
    assertEquals(safeText(safeText(text)), safeText(text));
  }));
});

Deno.test("a table's columns are as wide as their widest cell, in cells of a terminal", () => {
  const columns = [{ title: "NAME" }, { title: "CITY" }, { title: "NOTE" }];
  const rows = [["Ann", "Tōkyō", "x"], ["日本", "東京都庁", ""], ["e\u0301", "B", "😀"]];
  assertEquals(layoutTable(columns, rows), [
    "NAME  CITY      NOTE",
    "Ann   Tōkyō     x",
    "日本  東京都庁",
    "e\u0301     B         😀",
  ]);
});

Deno.test("a table's cells are made safe, and painted only in colour", () => {
  const columns = [{ title: "A", paint: (text: string) => `<${text}>` }, { title: "B" }];
  assertEquals(layoutTable(columns, [["x\ny\u001b", "z"]]), ["A     B", "x y�  z"]);
  assertEquals(layoutTable(columns, [["x", "y"]], true)[1], "<x>  y");
  assertEquals(layoutTable(columns, []), ["A  B"]);
});

Deno.test("JSON is printed as Python's json.dumps(value, indent=2) prints it", () => {
  const samples: [value: unknown, text: string][] = [
    [{}, "{}"],
    [[], "[]"],
    [null, "null"],
    [{ a: [], b: {}, c: [{}] }, '{\n  "a": [],\n  "b": {},\n  "c": [\n    {}\n  ]\n}'],
    [[1, -0.5, 1e16, 1e-7, 12345678901], "[\n  1,\n  -0.5,\n  1e+16,\n  1e-07,\n  12345678901\n]"],
    [{ t: true, f: false }, '{\n  "t": true,\n  "f": false\n}'],
    ["ü ☃ 𝄞 \u007f \u2028", '"\\u00fc \\u2603 \\ud834\\udd1e \\u007f \\u2028"'],
    ['"\\/\b\f\n\r\t\u0001', '"\\"\\\\/\\b\\f\\n\\r\\t\\u0001"'],
    [{ gone: undefined, kept: 1 }, '{\n  "kept": 1\n}'],
    [
      parseJson('{"b":1.0,"a":123456789012345678901234567890}'),
      [
        "{",
        '  "b": 1.0,',
        '  "a": 123456789012345678901234567890',
        "}",
      ].join("\n"),
    ],
  ];
  for (const [value, text] of samples) assertEquals(jsonText(value), text);
});

Deno.test("JSON text in ASCII is the same document", () => {
  fc.assert(fc.property(fc.json(), (text) => {
    const ascii = asciiJson(text);
    assert(/^[\n -~]*$/.test(ascii));
    assertEquals(JSON.parse(ascii), JSON.parse(text));
  }));
});

Deno.test("in text mode results are lines, and documents are not printed", () => {
  const sinks = new Sinks();
  const terminal = new Terminal(sinks);
  terminal.line("one");
  terminal.line();
  terminal.document({ not: "printed" });
  terminal.table([{ title: "A" }], [["b"]]);
  assertEquals([sinks.stdout.text, sinks.stderr.text], ["one\n\nA\nb\n", ""]);
});

Deno.test("with --json the document is all there is on stdout; notes go to stderr", () => {
  const sinks = new Sinks();
  const terminal = new Terminal(sinks).withJson(true);
  terminal.line("not printed");
  terminal.table([{ title: "A" }], [["b"]]);
  terminal.document({ ok: true });
  terminal.note("a note");
  terminal.warn("a warning");
  assertEquals(sinks.stdout.text, '{\n  "ok": true\n}\n');
  assertEquals(sinks.stderr.text, "a note\nwarning: a warning\n");
});

Deno.test("a failure is a sentence and a hint, and with --json a document as well", () => {
  const error = new MeshError("not_found", 'No peer is called "st\u001ban"', { hint: "mesh scan" });
  const text = new Sinks();
  new Terminal(text).fail(error);
  assertEquals(text.stdout.text, "");
  assertEquals(text.stderr.text, 'mesh: No peer is called "st�an"\nhint: mesh scan\n');
  const json = new Sinks();
  new Terminal({ ...json, json: true }).fail(error);
  assertEquals(JSON.parse(json.stdout.text), {
    ok: false,
    error: "not_found",
    message: error.message,
    hint: "mesh scan",
  });
  assertEquals(json.stderr.text, text.stderr.text);
  const other = { ok: false, error: "unexpected", message: "oh" };
  assertEquals(failureDocument(new Error("oh")), other);
  assertEquals(failureDocument("oh"), other);
});

Deno.test("colours are for a terminal whose user did not say no", () => {
  const red = "\u001b[31mmesh:\u001b[39m oh\n";
  const cases: [sinks: Sinks, text: string][] = [
    [new Sinks(true), red],
    [new Sinks(true, { NO_COLOR: "" }), red],
    [new Sinks(true, { NO_COLOR: "1" }), "mesh: oh\n"],
    [new Sinks(false), "mesh: oh\n"],
  ];
  for (const [sinks, text] of cases) {
    const terminal = new Terminal(sinks);
    terminal.fail(new Error("oh"));
    // Where Deno itself was told NO_COLOR, the colours' own switch is off: then there are none anywhere.
    assertEquals(sinks.stderr.text, Deno.noColor ? "mesh: oh\n" : text);
    assertEquals(terminal.color, text === red);
  }
});

Deno.test("progress is one line that goes away before anything else is said", () => {
  const sinks = new Sinks(true, { NO_COLOR: "1" });
  const terminal = new Terminal(sinks);
  terminal.progress("10 %");
  terminal.progress("20 %");
  terminal.line("found");
  terminal.progress("30 %");
  terminal.endProgress();
  terminal.endProgress();
  const gone = "\r\u001b[2K";
  assertEquals(sinks.stdout.text, "found\n");
  assertEquals(sinks.stderr.text, `10 %${gone}20 %${gone}30 %${gone}`);
  const piped = new Sinks();
  new Terminal(piped).progress("10 %");
  assertEquals(piped.stderr.text, "");
});

Deno.test("a reader who went away is noticed and is no failure; a full disk is one", () => {
  const sinks = new Sinks();
  const terminal = new Terminal(sinks);
  terminal.line("read");
  assertEquals(terminal.unheard, false);
  sinks.stderr.failure = new Deno.errors.BrokenPipe("Broken pipe");
  terminal.note("nobody reads the notes");
  assertEquals(terminal.unheard, false);
  sinks.stdout.failure = new Deno.errors.BrokenPipe("Broken pipe");
  terminal.line("not read");
  assertEquals(terminal.unheard, true);
  sinks.stdout.failure = new Error("No space left on device");
  assertThrows(() => terminal.line("not written"), Error, "No space left");
});
