import { assertEquals, assertThrows } from "@std/assert";
import { gatewayUrl } from "../../../../commands/ogp/federation/gateway_url.ts";
import {
  jsonArgument,
  jsonObjectArgument,
} from "../../../../commands/ogp/federation/json_argument.ts";
import {
  payloadText,
  replyText,
  tellingResponse,
} from "../../../../commands/ogp/federation/message_words.ts";
import { MeshError } from "../../../../lib/error.ts";
import { printJson } from "../../../../lib/signing/json_print.ts";

Deno.test("a gateway's host alone gets the scheme and the port of OGP", () => {
  const urls: [typed: string, base: string][] = [
    ["nas.local", "http://nas.local:18790"],
    ["nas.local:80", "http://nas.local"],
    ["nas.local:18791", "http://nas.local:18791"],
    ["[fd00::2]", "http://[fd00::2]:18790"],
    [" https://peer.example.com/ ", "https://peer.example.com"],
    ["https://peer.example.com/.well-known/ogp", "https://peer.example.com"],
    ["peer.example.com/gateway", "http://peer.example.com/gateway"],
    ["HTTPS://Peer.Example.Com/gateway//", "https://peer.example.com/gateway"],
  ];
  for (const [typed, base] of urls) assertEquals([typed, gatewayUrl(typed)], [typed, base]);
});

Deno.test("what is no gateway's URL is refused before anything is asked", () => {
  for (const typed of ["", "two words", "ftp://nas", "http://user:secret@nas", "169.254.169.254"]) {
    const { code, message } = assertThrows(() => gatewayUrl(typed), MeshError);
    assertEquals([typed, code, message.includes("secret")], [typed, "malformed", false]);
  }
});

Deno.test("JSON that is typed keeps its numbers, and says where it is wrong", () => {
  const text = '{"n":1.0,"big":123456789012345678901234567890}';
  assertEquals(printJson(jsonObjectArgument(text, "payload")), text);
  const wrong: [typed: string, message: string][] = [
    ['{"a":}', 'Cannot read the payload as JSON: Expected a value, found "}" at line 1, column 6'],
    ["", "Cannot read the payload as JSON: Expected a value, found the end of the text at line 1"],
    ['{"a":1,"a":2}', 'Cannot read the payload as JSON: Key "a" occurs twice in one object'],
    ['{"a":"\\ud800"}', "Cannot read the payload as JSON: Half a surrogate pair in a string"],
    ["[1]", "The payload is a list, not a JSON object"],
    ["null", "The payload is null, not a JSON object"],
    ['"hi"', "The payload is a text, not a JSON object"],
    ["1", "The payload is a number, not a JSON object"],
    ["true", "The payload is a truth value, not a JSON object"],
  ];
  for (const [typed, message] of wrong) {
    const error = assertThrows(() => jsonObjectArgument(typed, "payload"), MeshError, message);
    assertEquals([typed, error.code], [typed, "usage"]);
  }
  assertEquals(jsonArgument("[1]", "data"), jsonArgument(" [ 1 ] ", "data"));
});

Deno.test("a payload is its text where it has one, and else all of it", () => {
  const payloads: [payload: unknown, text: string][] = [
    [{ text: "Hello!" }, "Hello!"],
    [{ topic: "t", message: "How?", priority: "high" }, "How?"],
    [{ taskType: "analysis", description: "Logs" }, "Logs"],
    [{ status: "completed", message: "Done" }, "completed: Done"],
    [{ status: "completed" }, "completed"],
    ["bare", "bare"],
    [undefined, "null"],
    [{ text: 1 }, '{\n  "text": 1\n}'],
  ];
  for (const [payload, text] of payloads) assertEquals(payloadText(payload), text);
});

Deno.test("a reply is a lone text as it is, and else nothing of it is left out", () => {
  const common = { timestamp: "", via: "poll", signed: true, receivedAt: "" } as const;
  const good = (data?: unknown) => replyText({ ...common, success: true, data });
  const bad = (error?: unknown, data?: unknown) =>
    replyText({ ...common, success: false, error, data });
  assertEquals(good({ answer: "PostgreSQL" }), "PostgreSQL");
  assertEquals(good("PostgreSQL"), "PostgreSQL");
  assertEquals(good({ answer: "x", more: 1 }), '{\n  "answer": "x",\n  "more": 1\n}');
  assertEquals(good(), "done");
  assertEquals(bad("No such task"), "No such task");
  assertEquals(bad(undefined, { message: "Not now" }), "Not now");
  assertEquals(bad(), "no reason given");
});

Deno.test("what every gateway answers is no news, everything else is", () => {
  assertEquals(tellingResponse({ received: true, timestamp: "t" }), undefined);
  assertEquals(tellingResponse(undefined), undefined);
  assertEquals(tellingResponse({ received: true, contributions: [] }), {
    received: true,
    contributions: [],
  });
});
