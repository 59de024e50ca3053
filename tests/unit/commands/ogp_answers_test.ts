import { assertEquals, assertThrows } from "@std/assert";
import { aboutAnswer, changesIn, readAnswers } from "../../../commands/ogp/answers.ts";
import { MeshError } from "../../../lib/error.ts";

function read(text: string) {
  return readAnswers(new TextEncoder().encode(text));
}

Deno.test("answers are the keys of the program's own config.json, its state directory without effect", () => {
  const answers = {
    daemonPort: 18790,
    gatewayUrl: "https://gw.example.com/",
    displayName: "Anna",
    email: null,
    stateDir: "~/.ogp",
  };
  assertEquals(read(JSON.stringify(answers)), {
    changes: {
      daemonPort: 18790,
      gatewayUrl: "https://gw.example.com",
      displayName: "Anna",
      email: undefined,
    },
    ignored: ["stateDir"],
  });
  assertEquals(read("{}"), { changes: {}, ignored: [] });
});

Deno.test("an unknown key is refused, with the one that was probably meant", () => {
  const hint = (key: string) =>
    assertThrows(() => read(JSON.stringify({ [key]: 1 })), MeshError, key).hint ?? "";
  assertEquals(hint("gatewayURL"), 'did you mean "gatewayUrl"?');
  assertEquals(hint("dameonPort"), 'did you mean "daemonPort"?');
  assertEquals(hint("openclaw_token"), 'did you mean "openclawToken"?');
  assertEquals(hint("zzz").startsWith("the keys are daemonPort, "), true);
  assertEquals(hint("__proto__").startsWith("the keys are"), true);
});

Deno.test("what is no JSON object is refused, and nothing of it is repeated", () => {
  for (const text of ["", "{", '{"openclawToken":"s3cret"', "[1]", '"s3cret"', "null"]) {
    const { code, message } = assertThrows(() => read(text), MeshError);
    assertEquals([code, message.includes("s3cret")], ["usage", false]);
  }
});

Deno.test("flags change what they name, and an empty one takes it away", () => {
  const flags = { json: false, nonInteractive: false };
  assertEquals(changesIn(flags), {});
  assertEquals(changesIn({ ...flags, port: 18900, gatewayUrl: "http://a/", email: "" }), {
    daemonPort: 18900,
    gatewayUrl: "http://a",
    email: undefined,
  });
});

Deno.test("the judge's words about config.json become words about the answer", () => {
  const judged = new MeshError("config_invalid", 'config.json: "ogp.email": Too big');
  const told = aboutAnswer(judged) as MeshError;
  assertEquals([told.code, told.message], ["usage", 'Cannot use this "email": Too big']);
  const other = new Error("disk");
  assertEquals(aboutAnswer(other), other);
});
