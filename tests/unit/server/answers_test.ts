import { assert, assertEquals } from "@std/assert";
import { type ErrorCode, MeshError } from "../../../lib/error.ts";
import { refusal } from "../../../server/answers.ts";

const SECRET = '"/home/anna/.openclaw/agent-mesh/private_key.pem"';

async function answerTo(error: unknown) {
  const response = refusal(error);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

Deno.test("what is ours to mend is not told to strangers", async () => {
  const codes: ErrorCode[] = [
    "io",
    "damaged",
    "insecure_mode",
    "locked",
    "config_invalid",
    "unexpected",
    "disk_full",
    "not_initialized",
  ];
  for (const code of codes) {
    const { status, body } = await answerTo(new MeshError(code, `Cannot read ${SECRET}`));
    assert(status >= 500, code);
    assertEquals(body.error, code);
    assert(!JSON.stringify(body).includes("anna"), code);
  }
});

Deno.test("any other failure is an unexpected one without its sentence", async () => {
  for (const thrown of [new TypeError(SECRET), SECRET, undefined, null, { message: SECRET }]) {
    const { status, body } = await answerTo(thrown);
    assertEquals([status, body.ok, body.error], [500, false, "unexpected"]);
    assert(!JSON.stringify(body).includes("anna"));
  }
});

Deno.test("a refusal says why, and its hint and cause stay here", async () => {
  const error = new MeshError("not_trusted", '"stan" is not trusted here', {
    hint: "mesh list-requests",
    cause: new Error(SECRET),
  });
  assertEquals((await answerTo(error)).body, {
    ok: false,
    error: "not_trusted",
    message: '"stan" is not trusted here',
  });
});

Deno.test("the time to wait is told in whole seconds", async () => {
  const error = new MeshError("rate_limited", "Too many", { retryAfter: 1.2 });
  assertEquals((await answerTo(error)).headers.get("retry-after"), "2");
  assertEquals((await answerTo(new MeshError("refused", "No"))).headers.get("retry-after"), null);
});
