import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { announce } from "../../../../lib/run/run_file.ts";
import { Session } from "./session.ts";

/** The values that `show` prints, by key. */
async function shown(session: Session, ...args: string[]) {
  const values: { key: string; value: unknown; source: string; from: string }[] = await session
    .json(["config", "show", ...args]);
  return new Map(values.map(({ key, value, source, from }) => [key, { value, source, from }]));
}

Deno.test("each value is shown with who said it", async () => {
  await using session = await Session.begin();
  await session.write("config.json", '{"ogp": {"displayName": "Anna"}}');
  await session.write("ocg.json", '{"model": "llama3", "concurrency": 8}');
  session.env.OCG_MODEL = "gpt";
  const said = await shown(session);
  assertEquals([...said.keys()].sort(), [
    "ocg.concurrency",
    "ocg.model",
    "ogp.displayName",
    "stateDir",
  ]);
  assertEquals(said.get("ogp.displayName"), { value: "Anna", source: "file", from: "config.json" });
  assertEquals(said.get("ocg.model"), { value: "gpt", source: "environment", from: "OCG_MODEL" });
  assertEquals(said.get("stateDir")?.from, "MESH_STATE_DIR");
  const all = await shown(session, "ogp", "--effective", "--state-dir", session.root);
  assertEquals(all.get("ogp.daemonPort"), { value: 18790, source: "default", from: "default" });
  assert(![...all.keys()].some((key) => !key.startsWith("ogp.")));
  const [dir] = (await shown(session, "stateDir", "--state-dir", session.root)).values();
  assertEquals(dir?.source, "flag");
});

Deno.test("no command shows a secret", async () => {
  await using session = await Session.begin();
  const secrets = ["sk-1234", "whsec_abcd", "tele-5678", "ocg-9999", "from-env", "in-env"];
  await session.write(
    "config.json",
    JSON.stringify({
      ogp: { openclawToken: "sk-1234" },
      notify: {
        targets: {
          tool: { type: "command", argv: ["/bin/true"], env: { KEY_OF_MINE: "in-env" } },
          agent: { type: "agent", url: "http://a.example/?key=whsec_abcd", apiKey: "sk-1234" },
        },
      },
    }),
  );
  await session.write(
    "ocg.json",
    '{"callbackSecret": "ocg-9999", "channels": {"telegram": {"botToken": "tele-5678"}}}',
  );
  session.env.OCG_API_KEY = "from-env";
  let said = "";
  for (
    const line of [
      "show --effective",
      "show --json",
      "get ogp.openclawToken",
      "get notify",
      "get notify.targets.agent",
      "get ocg.channels",
      "get ocg.apiKey",
      "set ocg.channels.telegram.botToken tele-5678",
      "set ogp.openclawToken sk-1234 --json",
    ]
  ) said += await session.type(["config", ...line.split(" ")]);
  for (const secret of secrets) assert(!said.includes(secret), secret);
  assertMatch(said, /^ocg\.channels\.telegram\.botToken is set now\.$/m);
});

Deno.test("a key that nobody knows is told with the one that was meant", async () => {
  await using session = await Session.begin();
  for (
    const [key, meant] of [
      ["ogp.gatewayURL", "ogp.gatewayUrl"],
      ["ogp.loopLimits.peerByte", "ogp.loopLimits.peerBytes"],
      ["ocg.callbackSecrets", "ocg.callbackSecret"],
      ["identity.end_point", "identity.endpoint"],
      ["notfy", "notify"],
    ] as const
  ) {
    for (const verb of [["get", key], ["set", key, "1"]]) {
      // Nobody has an identity here, so its keys cannot be looked at.
      if (key.startsWith("identity")) continue;
      const { hint } = await session.json(["config", ...verb], 2);
      assertEquals(hint, `did you mean "${meant}"?`);
    }
  }
  assertMatch(await session.type(["config", "get", "ogp.email"], 3), /not set/);
});

Deno.test("a value is written only if it is valid, and only that one", async () => {
  await using session = await Session.begin();
  await session.write("config.json", '{"other": {"n": 1.0}, "ogp": {"email": "a@b.c"}}');
  await session.type(["config", "set", "ogp.daemonPort", "70000"], 2);
  await session.type(["config", "set", "ogp.daemonPort", "many"], 2);
  await session.type(["config", "set", "ogp"], 2);
  await session.type(["config", "set", "ogp.email", "x", "--unset"], 2);
  await session.type(["config", "set", "ogp.email.x", "x"], 2);
  await session.type(["config", "set", "ogp.__proto__.x", "x"], 2);
  assertEquals(
    await session.read("config.json"),
    '{"other": {"n": 1.0}, "ogp": {"email": "a@b.c"}}',
  );
  await session.type(["config", "set", "ogp.daemonPort", "18900"]);
  await session.type(["config", "set", "ogp.loopLimits.peerBytes", "1000"]);
  // A name that reads like a number is a name.
  await session.type(["config", "set", "ogp.displayName", "42"]);
  await session.type(["config", "set", "ogp.email", "--unset"]);
  const text = await session.read("config.json");
  assertStringIncludes(text, '"n": 1.0');
  assertEquals(JSON.parse(text).ogp, {
    daemonPort: 18900,
    loopLimits: { peerBytes: 1000 },
    displayName: "42",
  });
  assertEquals((await Deno.stat(`${session.root}/config.json`)).mode! & 0o777, 0o600);
});

Deno.test("a target with dots in its name is found where it is", async () => {
  await using session = await Session.begin();
  const target = { type: "agent", url: "http://127.0.0.1:1" };
  await session.write(
    "config.json",
    JSON.stringify({ notify: { targets: { "my.agent": target } } }),
  );
  await session.type(["config", "set", "notify.targets.my.agent.model", "llama3"]);
  assertEquals(JSON.parse(await session.read("config.json")).notify.targets, {
    "my.agent": { ...target, model: "llama3" },
  });
});

Deno.test("a key that means nothing can be taken out", async () => {
  await using session = await Session.begin();
  await session.write("config.json", '{"ogp": {"gatewayURL": "x", "email": "a@b.c"}}');
  await session.type(["config", "show"], 2);
  await session.type(["config", "set", "ogp.gatewayURL", "--unset"]);
  assertEquals(JSON.parse(await session.read("config.json")), { ogp: { email: "a@b.c" } });
});

Deno.test("ocg.json is changed by its own rules", async () => {
  await using session = await Session.begin();
  await session.type(["config", "set", "ocg.channels.telegram.allowFrom", '["7"]']);
  assertEquals(JSON.parse(await session.read("ocg.json")), {
    channels: { telegram: { allowFrom: ["7"] } },
  });
  const { message } = await session.json(["config", "set", "ocg.concurrency", "0"], 2);
  assertMatch(message, /allowed is a whole number from 1 to 10000/);
});

Deno.test("what others see of the node is changed, and not who it is", async () => {
  await using session = await Session.begin();
  await session.type(["config", "set", "identity.endpoint", "http://127.0.0.1:1"], 3);
  await session.type(["init", "--agent-id", "anna", "--endpoint", "http://127.0.0.1:1"]);
  const before = JSON.parse(await session.read("identity.json"));
  await session.type(["config", "set", "identity.endpoint", "http://127.0.0.1:2"]);
  await session.type(["config", "set", "identity.display_name", "Anna"]);
  assertEquals(JSON.parse(await session.read("identity.json")), {
    ...before,
    endpoint: "http://127.0.0.1:2",
    display_name: "Anna",
  });
  await session.type(["config", "set", "identity.agent_id", "bert"], 2);
  await session.type(["config", "set", "identity.endpoint", "not a url"], 2);
  await session.type(["config", "set", "identity.endpoint", "--unset"], 2);
  const { hint } = await session.json(["config", "get", "identity.end_point"], 2);
  assertEquals(hint, 'did you mean "identity.endpoint"?');
});

Deno.test("it is said whether what runs takes a change at once", async () => {
  await using session = await Session.begin();
  const effect = async (key: string, value: string) =>
    (await session.json(["config", "set", key, value])).effect;
  assertEquals(await effect("ogp.email", "a@b.c"), "none");
  const withdraw = await announce(session.root, {
    pid: Deno.pid,
    name: "ogp",
    host: "127.0.0.1",
    port: 1,
    started_at: new Date().toISOString(),
  });
  assertEquals(await effect("ogp.email", "b@b.c"), "now");
  assertEquals(await effect("ogp.daemonPort", "18900"), "restart");
  assertEquals(await effect("notify.targets.a", '{"type":"agent","url":"http://a/"}'), "now");
  assertEquals(await effect("notify.targets.b", '{"type":"command","argv":["x"]}'), "restart");
  assertEquals(await effect("ocg.model", "x"), "none");
  assertMatch(
    await session.type(["config", "set", "ogp.host", "127.0.0.1"]),
    /What runs takes it when it starts again: mesh ogp start \(process \d+\)/,
  );
  await withdraw();
});

Deno.test("all that is wrong is told at once, and nothing is changed", async () => {
  await using session = await Session.begin();
  assertMatch(await session.type(["config", "validate"]), /can be used/);
  const text = '{"ogp": {"gatewayURL": "x"}, "nofity": {}, "notify": {"default": "nobody"}}';
  await session.write("config.json", text);
  await session.write("ocg.json", '{"callbackPort": "x"}');
  const { ok, problems } = await session.json(["config", "validate"], 2);
  assertEquals(ok, false);
  assertEquals(problems.map(({ message }: { message: string }) => message), [
    'config.json: there is no section "nofity"',
    'config.json: "ogp" has no key "gatewayURL"',
    'config.json: "notify.default": there is no target "nobody"',
    `${session.root}/ocg.json: "callbackPort" is "x"; allowed is a whole number from 0 to 65535`,
  ]);
  assertEquals(problems[1].hint, 'did you mean "ogp.gatewayUrl"?');
  assertEquals(await session.read("config.json"), text);
  await session.write("config.json", "{");
  assertMatch(await session.type(["config", "validate"], 2), /^config\.json: /m);
});

Deno.test("a long id is set as it was typed, or not at all", async () => {
  await using session = await Session.begin();
  const id = "102938475610293847561";
  await session.type(["config", "set", "ocg.channels.qqbot.appId", id]);
  await session.type(["config", "set", "ocg.channels.qqbot.more", '{"port": 5}']);
  const { appId } = JSON.parse(await session.read("ocg.json")).channels.qqbot;
  assertEquals(appId, id);
  const before = await session.read("ocg.json");
  const said = await session.type(
    ["config", "set", "ocg.channels.qqbot.more", "[175928847299117063]"],
    2,
  );
  assertStringIncludes(said, "too long");
  assertEquals(await session.read("ocg.json"), before);
  await session.type(["config", "set", "log.maxBytes", "1e6"]);
  assertEquals(JSON.parse(await session.read("config.json")).log.maxBytes, 1e6);
});

Deno.test("a value that cannot be leaves no file to mend, and says so", async () => {
  await using session = await Session.begin();
  const said = await session.type(["config", "set", "log.level", "loud"], 2);
  assertStringIncludes(
    said,
    "hint: nothing was changed; what it is now: mesh config get log.level",
  );
  assert(!said.includes("mend"), said);
});

Deno.test("a secret on the command line is taken, with a word about the shell's history", async () => {
  await using session = await Session.begin();
  const key = "ocg.channels.telegram.botToken";
  const said = await session.type(["config", "set", key, "12345:abcdefgh"]);
  assertStringIncludes(said, `mesh config set ${key} -`);
  assert(!said.includes("abcdefgh"), said);
  assert(!(await session.type(["config", "set", "ocg.model", "m"])).includes("history"));
});

Deno.test("the page of the node shows no secret within a URL", async () => {
  await using session = await Session.begin();
  const url = "http://127.0.0.1:9/?key=in-the-query";
  const targets = { ag: { type: "agent", url } };
  await session.write("config.json", JSON.stringify({ notify: { targets } }));
  for (const args of [["status"], ["status", "--json"]]) {
    const said = await session.type(args);
    assertStringIncludes(said, "http://127.0.0.1:9/");
    assert(!said.includes("in-the-query"), said);
  }
});
