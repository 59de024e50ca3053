import { assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { canonicalJson } from "../../../lib/signing/canonical_json.ts";
import { parseJson } from "../../../lib/signing/json_parse.ts";
import { anyModel, type Model, spell } from "./json_model.ts";

/** The canonical text once more, written from CPython's rules and sharing nothing with ours. */
function oracle(model: Model): string {
  switch (model.kind) {
    case "word":
      return model.word;
    case "string":
      return oracleString(model.value);
    case "number":
      return oracleNumber(model.source);
    case "array":
      return "[" + model.items.map(oracle).join(",") + "]";
    case "object": {
      // Six hex digits for each code point sort as the code points do.
      const rank = (key: string) =>
        [...key].map((c) => c.codePointAt(0)!.toString(16).padStart(6, "0")).join("");
      const entries = model.entries.map(([key, value]) => ({ rank: rank(key), key, value }));
      entries.sort((a, b) => a.rank < b.rank ? -1 : 1);
      return "{" + entries.map((e) => oracleString(e.key) + ":" + oracle(e.value)).join(",") + "}";
    }
  }
}

function oracleString(text: string): string {
  const short: Record<string, string> = {
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\b": "\\b",
    "\f": "\\f",
    '"': '\\"',
    "\\": "\\\\",
  };
  let out = '"';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const escaped = short[text[i]!] ?? "\\u" + (code + 0x10000).toString(16).slice(1);
    out += short[text[i]!] === undefined && code >= 0x20 && code <= 0x7e ? text[i] : escaped;
  }
  return out + '"';
}

/** CPython's `format_float_short` for `repr`: digits and the place of the point, then the layout. */
function oracleNumber(source: string): string {
  if (/^-?\d+$/.test(source)) return BigInt(source).toString();
  const value = Number(source);
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  if (value === 0) return sign + "0.0";
  const [, whole, fraction = "", exponent = "0"] = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(
    String(Math.abs(value)),
  )!;
  const all = (whole + fraction).replace(/^0+/, "");
  const point = whole!.length + Number(exponent) - ((whole + fraction).length - all.length);
  const digits = all.replace(/0+$/, "");
  if (point > 16 || point <= -4) {
    const power = point - 1;
    const tail = digits.length > 1 ? "." + digits.slice(1) : "";
    const size = String(Math.abs(power)).padStart(2, "0");
    return sign + digits[0] + tail + "e" + (power < 0 ? "-" : "+") + size;
  }
  if (point <= 0) return sign + "0." + "0".repeat(-point) + digits;
  const padded = digits.padEnd(point, "0");
  return sign + padded.slice(0, point) + "." + (padded.slice(point) || "0");
}

Deno.test("the canonical text is what a second implementation prints", () => {
  fc.assert(
    fc.property(anyModel, fc.integer(), (model, seed) => {
      assertEquals(canonicalJson(parseJson(spell(model, seed))), oracle(model));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("white space, escapes and the order of keys do not change the canonical text", () => {
  fc.assert(
    fc.property(anyModel, fc.integer(), fc.integer(), (model, one, other) => {
      const canonical = canonicalJson(parseJson(spell(model, one)));
      assertEquals(canonicalJson(parseJson(spell(model, other))), canonical);
    }),
    { numRuns: 300 },
  );
});

Deno.test("the canonical text is its own canonical text, and ASCII", () => {
  fc.assert(
    fc.property(anyModel, fc.integer(), (model, seed) => {
      const canonical = canonicalJson(parseJson(spell(model, seed)));
      assertEquals(canonicalJson(parseJson(canonical)), canonical);
      assertEquals(new TextEncoder().encode(canonical).length, canonical.length);
    }),
    { numRuns: 300 },
  );
});

Deno.test("numbers of one value and different kinds stay different", () => {
  const [int, float] = ["[1]", "[1.0]"].map((text) => canonicalJson(parseJson(text)));
  assertEquals([int, float], ["[1]", "[1.0]"]);
  assertNotEquals(int, float);
});

Deno.test("an integer prints in full at any size, and minus zero without its sign", () => {
  const long = "9".repeat(4300);
  assertEquals(canonicalJson(parseJson(`[${long},-${long},-0]`)), `[${long},-${long},0]`);
});

Deno.test("half pairs sort by code point, as whole ones do", () => {
  const text = '{"\\ud83e\\udd9d":1,"\\udc00":2,"\\ud83e":3,"\\ud83e\\ue000":4,"\\uffff":5,"a":6}';
  assertEquals(
    canonicalJson(parseJson(text)),
    '{"a":6,"\\ud83e":3,"\\ud83e\\ue000":4,"\\udc00":2,"\\uffff":5,"\\ud83e\\udd9d":1}',
  );
});

Deno.test("a key is left out at the top only, and only the one named", () => {
  const json = parseJson('{"signature":1,"a":{"signature":2},"signatures":3,"Signature":4}');
  assertEquals(
    canonicalJson(json, { omit: "signature" }),
    '{"Signature":4,"a":{"signature":2},"signatures":3}',
  );
  assertEquals(canonicalJson(parseJson('{"signature":1}'), { omit: "signature" }), "{}");
  assertEquals(canonicalJson(parseJson('["signature"]'), { omit: "signature" }), '["signature"]');
});

Deno.test("a key that is a name on Object.prototype is a key like any other", () => {
  const text = '{"__proto__":{"a":1},"constructor":null,"toString":[]}';
  assertEquals(canonicalJson(parseJson(text)), text);
});
