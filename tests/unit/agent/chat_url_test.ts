import { assertEquals, assertThrows } from "@std/assert";
import { chatUrl, modelsUrl } from "../../../lib/agent/chat_url.ts";
import { saidBy } from "../../../lib/agent/redact.ts";

Deno.test("a URL is completed from whatever part of it is given", () => {
  const forms: [given: string, wanted: string][] = [
    ["http://127.0.0.1:11434", "http://127.0.0.1:11434/v1/chat/completions"],
    ["http://127.0.0.1:11434/", "http://127.0.0.1:11434/v1/chat/completions"],
    ["http://h/v1", "http://h/v1/chat/completions"],
    ["http://h/v1/", "http://h/v1/chat/completions"],
    ["http://h/v1/chat/completions/", "http://h/v1/chat/completions"],
    ["https://h/api/v1", "https://h/api/v1/chat/completions"],
    ["https://h/v1beta/openai/", "https://h/v1beta/openai/chat/completions"],
    ["https://h/ollama", "https://h/ollama/v1/chat/completions"],
    ["https://h/x/chat/completions?v=1", "https://h/x/chat/completions?v=1"],
  ];
  for (const [given, wanted] of forms) {
    assertEquals(chatUrl(given).href, wanted);
    assertEquals(chatUrl(wanted).href, wanted);
  }
  assertThrows(() => chatUrl("here"), TypeError);
  assertEquals(modelsUrl(chatUrl("http://h/?k=1")).href, "http://h/v1/models?k=1");
});

Deno.test("foreign words become one short line without the secrets in them", () => {
  assertEquals(saidBy("a\u202eb\r\n\tc\u0000"), "a b c");
  assertEquals(saidBy("key k1 and k2", ["k1", "", undefined, "k2"]), "key [secret] and [secret]");
  const long = saidBy("👋".repeat(5000));
  assertEquals([long.length <= 600, long.endsWith("…"), long.isWellFormed()], [true, true, true]);
  const secret = "s".repeat(50);
  assertEquals(saidBy("x".repeat(280) + secret, [secret]).includes("sss"), false);
});
