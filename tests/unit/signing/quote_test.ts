import { assertEquals } from "@std/assert";
import { quoteAscii } from "../../../lib/signing/quote.ts";

Deno.test("printable ASCII stays, quote and backslash are escaped", () => {
  const printable = String.fromCharCode(...Array.from({ length: 95 }, (_, i) => 0x20 + i));
  assertEquals(
    quoteAscii(printable),
    '"' + printable.replace("\\", "\\\\").replace('"', '\\"') + '"',
  );
});

Deno.test("controls have short escapes where CPython has them, DEL and the rest do not", () => {
  assertEquals(quoteAscii("\b\f\n\r\t"), '"\\b\\f\\n\\r\\t"');
  assertEquals(quoteAscii("\0\v\x1f\x7f\x80\x9f"), '"\\u0000\\u000b\\u001f\\u007f\\u0080\\u009f"');
});

Deno.test("everything outside ASCII is escaped by UTF-16 unit in lower case", () => {
  assertEquals(quoteAscii("é中\uffff"), '"\\u00e9\\u4e2d\\uffff"');
  assertEquals(quoteAscii("🦝"), '"\\ud83e\\udd9d"');
  assertEquals(quoteAscii("\udd9d\ud83e"), '"\\udd9d\\ud83e"');
});

Deno.test("every unit reads back as itself", () => {
  for (let unit = 0; unit < 0x10000; unit++) {
    const text = String.fromCharCode(unit);
    const quoted = quoteAscii(text);
    if (JSON.parse(quoted) !== text || /[^ -~]/.test(quoted)) throw new Error(`Wrong for ${unit}`);
  }
});
