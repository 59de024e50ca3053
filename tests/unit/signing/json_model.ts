/**
 * A second, independent model of JSON for the property tests: random documents, and the many texts that
 * mean the same document.
 *
 * @module
 */
import fc from "fast-check";

/** A document, its numbers as text. Keys are unique within an object. */
export type Model =
  | { kind: "word"; word: "null" | "true" | "false" }
  | { kind: "string"; value: string }
  | { kind: "number"; source: string }
  | { kind: "array"; items: Model[] }
  | { kind: "object"; entries: [string, Model][] };

/** UTF-16 units of all sorts: ASCII, what needs escapes, the edges of the surrogates, halves of pairs. */
const unit = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(0, 8, 9, 10, 12, 13, 0x1f, 0x22, 0x2f, 0x5c, 0x7f, 0x80),
  },
  { weight: 2, arbitrary: fc.constantFrom(0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xffff) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }) },
);

/** Text of any UTF-16 units, lone surrogates included, and names that mean something to JavaScript. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.array(unit, { maxLength: 20 }).map((u) => String.fromCharCode(...u)) },
  { weight: 1, arbitrary: fc.constantFrom("__proto__", "constructor", "10", "9", "toString", "") },
);

const double = fc.double({ noNaN: true, noDefaultInfinity: true });

/** Spellings of integers and floats that do not overflow. */
export const anyNumber: fc.Arbitrary<string> = fc.oneof(
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }).map(String),
  fc.constantFrom(
    "0",
    "-0",
    "-0.0",
    "0e9",
    "1e16",
    "1E+15",
    "1e-5",
    "0.0001",
    "1e-999",
    "1.50",
    "5e-324",
  ),
  fc.tuple(fc.integer(), fc.nat()).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.tuple(double, fc.nat({ max: 20 })).map(([value, digits]) => value.toExponential(digits))
    .filter((source) => Number.isFinite(Number(source))),
);

const words = fc.constantFrom("null" as const, "true" as const, "false" as const);

/** Documents of a few levels. */
const tree = fc.letrec<{ model: Model; object: Model }>((tie) => ({
  model: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    words.map((word): Model => ({ kind: "word", word })),
    anyText.map((value): Model => ({ kind: "string", value })),
    anyNumber.map((source): Model => ({ kind: "number", source })),
    fc.array(tie("model"), { maxLength: 5 }).map((items): Model => ({ kind: "array", items })),
    tie("object"),
    tie("object"),
  ),
  object: fc.uniqueArray(fc.tuple(anyText, tie("model")), {
    minLength: 1,
    maxLength: 6,
    selector: ([key]) => key,
  }).map((entries): Model => ({ kind: "object", entries })),
}));

/** Any value, as likely an object as all others together. */
export const anyModel: fc.Arbitrary<Model> = fc.oneof(tree.object, tree.model);

/**
 * One of the texts of a document: white space, escapes and the order of keys vary with the seed.
 *
 * @param model The document.
 * @param seed Any number; the same one gives the same text.
 * @returns JSON text.
 */
export function spell(model: Model, seed: number): string {
  let state = seed;
  const pick = (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(state / 2 ** 32 * n);
  };
  const space = () => ["", "", " ", "\n", "\t \r\n"][pick(5)];
  const quoted = (text: string) => {
    const units = text.split("").map((unit) => {
      const code = unit.charCodeAt(0);
      const must = code < 0x20 || unit === '"' || unit === "\\" ||
        (code >= 0xd800 && code < 0xe000);
      if (!must && pick(4) > 0) return unit;
      const hex = code.toString(16).padStart(4, "0");
      return "\\u" + (pick(2) ? hex : hex.toUpperCase());
    });
    return `"${units.join("")}"`;
  };
  const write = (model: Model): string => {
    switch (model.kind) {
      case "word":
        return model.word;
      case "string":
        return quoted(model.value);
      case "number":
        return model.source;
      case "array":
        return `[${
          model.items.map((item) => space() + write(item) + space()).join(",") || space()
        }]`;
      case "object": {
        const order = model.entries.map((entry) => ({ entry, rank: pick(1000) }));
        const entries = order.sort((a, b) => a.rank - b.rank).map(({ entry: [key, value] }) =>
          space() + quoted(key) + space() + ":" + space() + write(value) + space()
        );
        return `{${entries.join(",") || space()}}`;
      }
    }
  };
  return space() + write(model) + space();
}
