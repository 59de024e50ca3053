import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { secretsIn } from "../../../lib/log/known_secrets.ts";
import { redactor } from "../../../lib/log/redact.ts";

const BOT = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1";
const LINK = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE";

Deno.test("what looks like a secret is kept out of texts, and the rest stays", () => {
  const { text } = redactor();
  const pem =
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v\n-----END PRIVATE KEY-----";
  const cases: [string, string][] = [
    ["Authorization: Bearer abcdef0123456789", "Authorization: Bearer [secret]"],
    ["authorization: basic dXNlcjpwYXNz", "authorization: basic [secret]"],
    [
      `POST https://api.telegram.org/bot${BOT}/getMe`,
      "POST https://api.telegram.org/bot[secret]/getMe",
    ],
    [`token ${BOT} is wrong`, "token [secret] is wrong"],
    [`open http://127.0.0.1:3457/chat#${LINK}`, "open http://127.0.0.1:3457/chat#[secret]"],
    [`POST /ocg/callback/${LINK} 404`, "POST /ocg/callback/[secret] 404"],
    [`key:\n${pem}\nend`, "key:\n[secret]\nend"],
    ["key:\n-----BEGIN PRIVATE KEY-----\nMC4CAQ", "key:\n[secret]"],
    ["http://anna:geheim@example.com/x", "http://[secret]@example.com/x"],
    ["GET /x?token=abc&a=1", "GET /x?token=[secret]&a=1"],
    ["GET /x?a=1&api_key=abc#frag", "GET /x?a=1&api_key=[secret]"],
    ["sk-proj-abcdefghijklmnopqrstuv refused", "[secret] refused"],
    ["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "[secret]"],
    [
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
      "[secret]",
    ],
  ];
  for (const [given, kept] of cases) assertEquals(text(given), kept);
  for (
    const plain of [
      "message from Bert (agent-comms, general): 4711",
      "listening on http://0.0.0.0:18790 as Anna (302a300506032b6570032100abcdef)",
      "anna@example.com asks for contact",
      "sha256:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9",
    ]
  ) assertEquals(text(plain), plain);
});

Deno.test("values of telling names are kept out at any depth, and texts of messages by their size", () => {
  const { value } = redactor();
  assertEquals(
    value({
      botToken: "x",
      nested: { apiKey: ["a", "b"], Authorization: "Bearer x", private_key: { d: 1 } },
      said: "secret plans",
      payload: { text: "x" },
      body: null,
      publicKey: "302a",
      nonce: "n-1",
      tries: 3,
      error: new Error("Bearer abcdefgh12345678"),
      at: new Date(0),
    }),
    {
      botToken: "[secret]",
      nested: { apiKey: "[secret]", Authorization: "[secret]", private_key: "[secret]" },
      said: "[12 characters]",
      payload: "[an object]",
      body: null,
      publicKey: "302a",
      nonce: "n-1",
      tries: 3,
      error: "Bearer [secret]",
      at: "1970-01-01T00:00:00.000Z",
    },
  );
});

Deno.test("texts of messages are told where the owner wants that, secrets never", () => {
  const { value } = redactor({ bodies: true });
  assertEquals(value({ said: "hello", token: "x" }), { said: "hello", token: "[secret]" });
});

Deno.test("configured secrets are kept out wherever they stand, short words are not", () => {
  const config = { ogp: { openclawToken: "open-sesame" }, channels: { x: { secret: "ab" } } };
  const { text } = redactor({ secrets: secretsIn(config) });
  assertEquals(text("refused: open-sesame, abba"), "refused: [secret], abba");
});

Deno.test("no value makes it fail, hang or grow without bounds", () => {
  const circle: Record<string, unknown> = { name: "x" };
  circle.self = circle;
  const { value, text } = redactor();
  assert(JSON.stringify(value(circle)).length < 1_000);
  assert(JSON.stringify(value(Array(10_000).fill("x".repeat(10_000)))).length < 300_000);
  assert(text("x".repeat(1_000_000)).length < 5_000);
  assertEquals(text("\ud800"), "\ufffd");
  fc.assert(fc.property(fc.anything({ withBigInt: true, withDate: true }), (any) => {
    JSON.stringify(value({ any }));
  }));
  // Forms that could make a matcher try for ever.
  const begun = performance.now();
  for (
    const piece of ["a.", "://a:", "?key=", "Bearer ", "eyJaaaaaaaa.", "1234567:", "-----BEGIN "]
  ) {
    text(piece.repeat(2_000));
  }
  assert(performance.now() - begun < 5_000);
});

Deno.test("a secret at the place where a long text is cut is not told in part", () => {
  const secret = "correct-horse-battery-staple";
  const { text } = redactor({ secrets: [secret] });
  for (const before of [3_975, 3_990, 3_999]) {
    const told = text("x".repeat(before) + secret + "y".repeat(100_000));
    assert(!told.includes("corr"), told.slice(-60));
    assert(told.endsWith("…") && told.length <= 4_001);
  }
  assertEquals(text("z".repeat(4_000)), "z".repeat(4_000));
});

Deno.test("secrets as programs and peers quote them are kept out of texts", () => {
  const { text, value } = redactor();
  const told: readonly (readonly [string, string])[] = [
    ["x-api-key: 0123456789abcdef", "x-api-key: [secret]"],
    ['sent {"token":"abcdefgh12345678"}', 'sent {"token":"[secret]"}'],
    ["password=hunter2 was wrong", "password=[secret] was wrong"],
    ["https://abcdef123456@h/x", "https://[secret]@h/x"],
    [
      "https://hooks.slack.com/services/T000/B000/XXXX",
      "https://hooks.slack.com/services/[secret]",
    ],
    ["302e020100300506032b657004220420" + "ab".repeat(32), "[secret]"],
    ["gsk_abcdefghijklmnopqrstuv", "[secret]"],
    ["Authorization: Bearer abcdefgh", "Authorization: Bearer [secret]"],
  ];
  for (const [given, wanted] of told) assertEquals(text(given), wanted);
  for (
    const plain of ["The token of telegram is good: it is @bot", "3 tokens: fine", "secret: yes"]
  ) {
    assertEquals(text(plain), plain);
  }
  assertEquals(value({ headers: { "x-api-key": "zz" } }), { headers: { "x-api-key": "[secret]" } });
});
