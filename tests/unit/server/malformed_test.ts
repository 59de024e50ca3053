import { assert, assertEquals } from "@std/assert";
import type { JsonObject } from "../../../lib/signing/json.ts";
import { parseJson } from "../../../lib/signing/json_parse.ts";
import { printJson } from "../../../lib/signing/json_print.ts";
import { recordsIn, Stranger, type TestNode, testNode, trust } from "../mesh/parties.ts";
import { assertRefused, CONTACT, MESSAGE, serve, type Served } from "./served.ts";

/** A node that trusts a stranger, served, with a count of what it stored. */
async function setting() {
  const me = await testNode();
  const stan = await Stranger.named("stan");
  await trust(me.node, stan);
  const served = await serve(me.node);
  return {
    me,
    stan,
    served,
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await me[Symbol.asyncDispose]();
    },
  };
}

async function assertAllRefused(
  { me, served }: { me: TestNode; served: Served },
  bodies: Record<string, JsonObject | Uint8Array<ArrayBuffer> | string>,
  code: string,
): Promise<void> {
  const before = await recordsIn(me.root);
  for (const [name, body] of Object.entries(bodies)) {
    for (const path of [CONTACT, MESSAGE]) {
      const answer = await served.post(path, body);
      assertEquals([name, answer.json.error], [name, code]);
      assertRefused(answer, 400, code, me.root);
    }
  }
  assertEquals(await recordsIn(me.root), before);
  assertEquals(served.told.faults, []);
}

const latin1 = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

Deno.test("what is not strictly UTF-8 is refused", async () => {
  await using here = await setting();
  const text = printJson(here.stan.message());
  const said = (bytes: string) => latin1(text.replace("hello", bytes));
  await assertAllRefused(here, {
    "a byte order mark": latin1(`\xef\xbb\xbf${text}`),
    "an overlong slash": said("\xc0\xaf"),
    "an overlong NUL": said("\xc0\x80"),
    "a lone continuation byte": said("\x80"),
    "half a character": said("\xc3"),
    "a surrogate": said("\xed\xa0\x80"),
    "beyond Unicode": said("\xf4\x90\x80\x80"),
    "Latin-1": said("h\xe9llo"),
    "UTF-16": latin1("\xff\xfe{\0}\0"),
  }, "invalid_json");
});

Deno.test("what is no JSON is refused", async () => {
  await using here = await setting();
  const text = printJson(here.stan.message());
  await assertAllRefused(here, {
    "nothing": "",
    "half a document": text.slice(0, -1),
    "two documents": text + text,
    "a comment": `/**/${text}`,
    "a trailing comma": text.replace(/}$/, ",}"),
    "single quotes": text.replaceAll('"', "'"),
    "a raw control character": text.replace("hello", "he\nllo"),
    "NaN": text.replace('"hello"', "NaN"),
    "-Infinity": text.replace('"hello"', "-Infinity"),
    "hexadecimal": text.replace('"hello"', "0x1F"),
    "a leading zero": text.replace('"hello"', "01"),
    "a form": "type=direct_message&message_id=1",
  }, "invalid_json");
});

Deno.test("what two readers could understand differently is refused", async () => {
  await using here = await setting();
  const text = printJson(here.stan.message());
  const deep = (levels: number) => "[".repeat(levels) + "]".repeat(levels);
  await assertAllRefused(here, {
    "a key twice": text.replace("{", '{"from":"mallory",'),
    "a key twice, once escaped": text.replace("{", '{"fr\\u006fm":"mallory",'),
    "a nested key twice": text.replace('"hello"', '"hello","text":"bye"'),
    "1e400": text.replace('"hello"', "1e400"),
    "-1e400": text.replace('"hello"', "-1e400"),
    "an integer of 4301 digits": text.replace('"hello"', "9".repeat(4301)),
    "half a surrogate pair": text.replace("hello", "\\ud800"),
    "the other half": text.replace("hello", "\\udc00 \\ud83e"),
    "half a pair in a key": text.replace('"text"', '"\\ud800"'),
    "65 levels": text.replace('"hello"', deep(63)),
    "100,000 levels": text.replace('"hello"', deep(100_000)),
    "1,025 keys": `{${Array.from({ length: 1025 }, (_, i) => `"${i}":0`).join()}}`,
    "an array": `[${text}]`,
    "a string": JSON.stringify(text),
    "null": "null",
    "a number": "7",
  }, "malformed");
});

Deno.test("64 levels are not too many", async () => {
  await using here = await setting();
  // The document and its body are two of them.
  const nested = parseJson("[".repeat(62) + "]".repeat(62));
  const answer = await here.served.post(MESSAGE, here.stan.message({ body: { text: "", nested } }));
  assertEquals(answer.status, 200);
});

Deno.test("a field that is missing or of another kind is refused", async () => {
  await using here = await setting();
  const wrong: Record<string, unknown[]> = {
    type: [undefined, null, 1, "contact_request", "Direct_Message"],
    message_id: [undefined, null, 1, "", {}],
    from: [undefined, null, 1, "", here.stan.card],
    to: [undefined, null, ["me"], ""],
    timestamp: [undefined, null, 1773338700, "x".repeat(41)],
    body: [undefined, null, 1, ["hello"], true],
  };
  for (const [field, values] of Object.entries(wrong)) {
    for (const value of values) {
      const answer = await here.served.post(MESSAGE, here.stan.message({ [field]: value }));
      assertRefused(answer, 400, "malformed", here.me.root);
      assert(answer.json.message.includes(`"${field}"`), answer.text);
    }
  }
  assertEquals(here.served.told.messages, []);
});

Deno.test("numbers are verified and stored as they were written", async () => {
  await using here = await setting();
  const numbers = `{"text":"n","a":1,"b":1.0,"c":1e0,"d":-0,"e":-0.0,"f":1E+2,"g":0.10,` +
    `"big":${"9".repeat(4300)},"tiny":1e-400,"text2":"1.0"}`;
  const document = here.stan.message({ body: parseJson(numbers) });
  const answer = await here.served.post(MESSAGE, document);
  assertEquals(answer.status, 200);
  const [text] = await messagesIn(here.me);
  assertEquals(printJson(parseJson(text!)), printJson(document));
  assert(text!.includes('"b": 1.0,'));
});

Deno.test("1 is not 1.0: a changed spelling of a number breaks the signature", async () => {
  await using here = await setting();
  const text = printJson(here.stan.message({ body: parseJson('{"n":1.0}') }));
  const answer = await here.served.post(MESSAGE, text.replace("1.0", "1"));
  assertRefused(answer, 401, "bad_signature", here.me.root);
});

Deno.test("keys that mean something to JavaScript mean nothing here", async () => {
  await using here = await setting();
  const body =
    '{"text":"p","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},' +
    '"toString":"x","hasOwnProperty":0,"2":2,"1":1}';
  const document = here.stan.sign(
    parseJson(
      printJson(here.stan.message({ body: parseJson(body) }))
        .replace("{", '{"__proto__":{"from":"mallory"},'),
    ) as JsonObject,
  );
  assertEquals((await here.served.post(MESSAGE, document)).status, 200);
  assertEquals(({} as Record<string, unknown>).polluted, undefined);
  const [text] = await messagesIn(here.me);
  assertEquals(printJson(parseJson(text!)), printJson(document));
});

Deno.test("a field cannot be given through __proto__", async () => {
  await using here = await setting();
  const { from: _, ...rest } = Object.fromEntries(here.stan.message());
  const text = printJson(here.stan.sign(rest)).replace("{", '{"__proto__":{"from":"stan"},');
  const document = here.stan.sign(parseJson(text) as JsonObject);
  assertRefused(await here.served.post(MESSAGE, document), 400, "malformed", here.me.root);
});

async function messagesIn({ root }: TestNode): Promise<string[]> {
  const records = Object.entries(await recordsIn(root));
  return records.filter(([path]) => path.startsWith("messages/incoming/")).map(([, text]) => text);
}
