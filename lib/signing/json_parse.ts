/**
 * A strict JSON parser that loses nothing (see `json.ts`). It refuses what two readers could understand
 * differently: duplicate keys, numbers that overflow, text after the end.
 *
 * @module
 */
import { type ErrorCode, MeshError } from "../error.ts";
import { type Json, JsonNumber, JsonObject } from "./json.ts";
import { quoteAscii } from "./quote.ts";

/** Limits and strictness of {@linkcode parseJson}. */
export interface ParseJsonOptions {
  /** How deep arrays and objects may nest, 0 to 500. Default 64. */
  readonly maxDepth?: number;
  /** How many keys one object may have. Default 1024. */
  readonly maxKeys?: number;
  /**
   * What to do with half a surrogate pair, which JSON can express and UTF-8 cannot. `keep` by default;
   * `refuse` for what comes over the wire, since it could not be stored or shown as it was signed.
   */
  readonly loneSurrogates?: "keep" | "refuse";
}

const DEFAULT_DEPTH = 64;
/** The parser recurses once per level; this is far below what any stack holds. */
const MAX_DEPTH = 500;
/**
 * V8's hash of strings that look like integers can be foreseen, so a stranger can choose keys that all
 * collide; 256 KiB of such keys in one object would block a server for more than a second.
 */
const DEFAULT_KEYS = 1024;
/** V8 lets longer slices point into their parent text, and so keeps all of it in memory. */
const COPIED_BY_SLICE = 12;
/** How much of a key is quoted in an error. */
const QUOTED_KEY = 40;

/** Characters that occur in numbers; which sequences are numbers is for {@linkcode JsonNumber} to say. */
const NUMBER_CHARACTERS = /[-+.0-9eE]+/y;

/**
 * Parses one JSON document (RFC 8259) without losing number texts, key order or odd keys.
 *
 * @param text The whole document; white space around it is allowed, a byte order mark is not.
 * @param options Limits and strictness.
 * @returns The value.
 * @throws {MeshError} `invalid_json` if the text is not JSON; `malformed` if a key occurs twice in one
 * object, an object has too many keys, nesting is too deep, a number overflows a 64-bit float, an
 * integer has more than 4300 digits, or a lone surrogate is refused. The message says at which line and
 * column.
 *
 * @example
 * ```ts
 * import { JsonNumber, JsonObject } from "./json.ts";
 * import { parseJson } from "./json_parse.ts";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(parseJson('{"a": 1.0}'), new JsonObject([["a", new JsonNumber("1.0")]]));
 * assertThrows(() => parseJson('{"a": 1, "a": 2}'));
 * ```
 */
export function parseJson(text: string, options: ParseJsonOptions = {}): Json {
  return new Reader(text, options).document();
}

/** Reads one document from its first to its last character. */
class Reader {
  private readonly text: string;
  private readonly maxDepth: number;
  private readonly maxKeys: number;
  private readonly refuseLone: boolean;
  /** Where reading goes on, in UTF-16 units. */
  private at = 0;

  constructor(text: string, options: ParseJsonOptions) {
    this.text = text;
    this.maxDepth = Math.min(options.maxDepth ?? DEFAULT_DEPTH, MAX_DEPTH);
    this.maxKeys = options.maxKeys ?? DEFAULT_KEYS;
    this.refuseLone = options.loneSurrogates === "refuse";
  }

  document(): Json {
    this.skipSpace();
    const value = this.value(0);
    this.skipSpace();
    if (this.at < this.text.length) this.fail("Text after the end of the JSON");
    return value;
  }

  private value(depth: number): Json {
    switch (this.text.charCodeAt(this.at)) {
      case 0x22: // "
        return this.string();
      case 0x7b: // {
        return this.object(depth + 1);
      case 0x5b: // [
        return this.array(depth + 1);
      case 0x74: // t
        return this.word("true", true);
      case 0x66: // f
        return this.word("false", false);
      case 0x6e: // n
        return this.word("null", null);
      default:
        return this.number();
    }
  }

  private object(depth: number): JsonObject {
    this.checkDepth(depth);
    const object = new JsonObject();
    this.at++;
    this.skipSpace();
    if (this.take(0x7d)) return object; // }
    for (;;) {
      const start = this.at;
      if (this.text.charCodeAt(start) !== 0x22) this.expected("a key in double quotes");
      const key = this.string();
      this.skipSpace();
      if (!this.take(0x3a)) this.expected('":" after a key'); // :
      this.skipSpace();
      const value = this.value(depth);
      const size = object.size;
      object.set(key, value);
      if (object.size === size) this.duplicate(key, start);
      if (size === this.maxKeys) this.tooManyKeys(start);
      this.skipSpace();
      if (this.take(0x7d)) return object; // }
      if (!this.take(0x2c)) this.expected('"," or "}"'); // ,
      this.skipSpace();
    }
  }

  private array(depth: number): Json[] {
    this.checkDepth(depth);
    const array: Json[] = [];
    this.at++;
    this.skipSpace();
    if (this.take(0x5d)) return array; // ]
    for (;;) {
      array.push(this.value(depth));
      this.skipSpace();
      if (this.take(0x5d)) return array; // ]
      if (!this.take(0x2c)) this.expected('"," or "]"'); // ,
      this.skipSpace();
    }
  }

  private string(): string {
    const text = this.text;
    const open = this.at;
    let at = open + 1;
    let plain = true;
    for (;;) {
      const unit = text.charCodeAt(at);
      if (unit === 0x22) break; // "
      if (unit === 0x5c) { // \, whatever follows is not the end of the string
        plain = false;
        at += 2;
      } else if (unit >= 0xd800 && unit <= 0xdfff) {
        plain = false;
        at++;
      } else if (unit >= 0x20) {
        at++;
      } else if (at >= text.length) { // here `unit` is NaN
        this.fail("String without end", open);
      } else {
        this.fail("Control character in a string", at);
      }
    }
    this.at = at + 1;
    if (plain && at - open - 1 <= COPIED_BY_SLICE) return text.slice(open + 1, at);
    const value = this.literal(open);
    if (!plain && this.refuseLone && !value.isWellFormed()) {
      this.fail("Half a surrogate pair in a string", open, "malformed");
    }
    return value;
  }

  /**
   * The string literal from `open` to here, read by the platform: that copies it and knows escapes.
   * Only single literals are given to it: for whole objects V8's `JSON.parse` has been seen to take the
   * key "\u0000" for "\\" (see the tests).
   */
  private literal(open: number): string {
    try {
      return JSON.parse(this.text.slice(open, this.at));
    } catch {
      return this.fail("Unknown escape in a string", open);
    }
  }

  private number(): JsonNumber {
    const start = this.at;
    NUMBER_CHARACTERS.lastIndex = start;
    if (!NUMBER_CHARACTERS.test(this.text)) this.expected("a value");
    this.at = NUMBER_CHARACTERS.lastIndex;
    try {
      return new JsonNumber(this.text.slice(start, this.at));
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      return this.fail(error.message, start, error.code);
    }
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.expected("a value");
    this.at += word.length;
    return value;
  }

  private skipSpace(): void {
    for (;;) {
      const unit = this.text.charCodeAt(this.at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.at++;
    }
  }

  /** Steps over one character if it is the one asked for. */
  private take(unit: number): boolean {
    if (this.text.charCodeAt(this.at) !== unit) return false;
    this.at++;
    return true;
  }

  private checkDepth(depth: number): void {
    if (depth <= this.maxDepth) return;
    this.fail(`Nesting deeper than ${this.maxDepth} levels`, this.at, "malformed");
  }

  private tooManyKeys(at: number): never {
    this.fail(`Object of more than ${this.maxKeys} keys`, at, "malformed");
  }

  private duplicate(key: string, at: number): never {
    const shown = key.length > QUOTED_KEY ? key.slice(0, QUOTED_KEY) + "..." : key;
    this.fail(`Key ${quoteAscii(shown)} occurs twice in one object`, at, "malformed");
  }

  private expected(what: string): never {
    const found = this.at < this.text.length
      ? quoteAscii(String.fromCodePoint(this.text.codePointAt(this.at)!))
      : "the end of the text";
    this.fail(`Expected ${what}, found ${found}`);
  }

  private fail(problem: string, at = this.at, code: ErrorCode = "invalid_json"): never {
    const before = this.text.slice(0, at);
    const line = before.split("\n").length;
    const column = at - before.lastIndexOf("\n");
    throw new MeshError(code, `${problem} at line ${line}, column ${column}`);
  }
}
