import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { chatAccounts, DEFAULT_AGENT_URL } from "../../../lib/ocg/accounts.ts";
import { parseOcgConfig } from "../../../lib/ocg/config.ts";
import { changeOcgConfig, findOcgConfig, readOcgConfig } from "../../../lib/ocg/config_file.ts";
import { openFileStore } from "../../../lib/store/file_store.ts";
import { temporaryRoot } from "../store/temporary_root.ts";

const environment = (variables: Record<string, string> = {}) => (name: string) => variables[name];

function complaintOf(value: unknown): MeshError {
  return assertThrows(() => parseOcgConfig(JSON.stringify(value)), MeshError);
}

Deno.test("the original's example of a channel with its own agent is understood", () => {
  const { config, warnings } = parseOcgConfig(JSON.stringify({
    agentUrl: "http://127.0.0.1:11434/v1/chat/completions",
    model: "gpt-4o",
    apiKey: "",
    verbose: false,
    channels: {
      "openclaw-weixin": { accounts: { default: { enabled: true } } },
      qqbot: {
        enabled: true,
        agentUrl: "http://10.0.0.5:8080/v1/chat/completions",
        appId: "1",
        clientSecret: "s",
      },
    },
  }));
  assertEquals(warnings, []);
  const [weixin, qq] = chatAccounts(config, environment());
  assertEquals(weixin?.agent, {
    type: "openai",
    url: DEFAULT_AGENT_URL,
    model: "gpt-4o",
    apiKey: undefined,
  });
  assertEquals(qq?.agent.url, "http://10.0.0.5:8080/v1/chat/completions");
  assertEquals(qq?.settings, { appId: "1", clientSecret: "s" });
  assertEquals(qq?.account, "default");
});

Deno.test("the environment beats the top of the file, and a channel beats the environment", () => {
  const env = environment({
    OCG_AGENT_URL: "http://env/",
    OCG_MODEL: "m-env",
    OCG_API_KEY: "k-env",
  });
  const { config } = parseOcgConfig(JSON.stringify({
    agentUrl: "http://top/",
    model: "m-top",
    apiKey: "k-top",
    channels: {
      a: {},
      b: {
        agentUrl: "http://b/",
        apiKey: "",
        accounts: { x: {}, y: { agentUrl: "ogp:anna/chat" } },
      },
    },
  }));
  const accounts = chatAccounts(config, env);
  assertEquals(accounts.map(({ agent }) => agent.url), [
    "http://env/",
    "http://b/",
    "ogp:anna/chat",
  ]);
  assertEquals(accounts.map(({ agent }) => agent.type), ["openai", "openai", "ogp"]);
  assertEquals(accounts.map(({ agent }) => agent.apiKey), ["k-env", undefined, undefined]);
  assertEquals(accounts[0]?.agent.model, "m-env");
});

Deno.test("an agent that is a program is used where nothing nearer names a URL", () => {
  const { config } = parseOcgConfig(JSON.stringify({
    agentType: "acp",
    acp: { command: "agent" },
    channels: { a: {}, b: { agentUrl: "http://b/" } },
  }));
  const types = chatAccounts(config, environment()).map(({ agent }) => agent.type);
  assertEquals(types, ["acp", "openai"]);
});

Deno.test("who may talk is nobody until the owner names somebody", () => {
  const { config } = parseOcgConfig(
    '{"channels": {"a": {"allowFrom": [12345, "@anna"]}, "b": {}}}',
  );
  const [a, b] = chatAccounts(config, environment());
  assertEquals([a?.allowFrom, b?.allowFrom], [["12345", "@anna"], []]);
  assertEquals([a?.pairing, b?.allowChats], [true, []]);
});

Deno.test("an error tells the key, what was found and what is allowed", () => {
  assertStringIncludes(
    complaintOf({ callbackPort: 70_000 }).message,
    '"callbackPort" is 70000; allowed is a whole number from 0 to 65535',
  );
  assertStringIncludes(
    complaintOf({ channels: { a: { accounts: { x: { enabled: "yes" } } } } }).message,
    '"channels.a.accounts.x.enabled" is "yes"; allowed is true or false',
  );
  assertStringIncludes(complaintOf({ acp: {} }).message, '"acp.command" is missing');
  assertStringIncludes(complaintOf({ channels: [] }).message, '"channels" is a list of 0; allowed');
  assertStringIncludes(complaintOf({ channels: { "../x": {} } }).message, "letters, digits");
  assertStringIncludes(complaintOf([]).message, "the file holds a list of 0");
  assertStringIncludes(complaintOf({ acp: { command: "a", argv: [] } }).message, '"acp.argv"');
});

Deno.test("an error repeats no secret", () => {
  const secret = "sk-very secret";
  const wrong: unknown[] = [
    { apiKey: secret },
    { callbackSecret: [secret] },
    { agentUrl: `http://me:${secret.replace(" ", "")}@host/` },
    { channels: { a: { apiKey: secret } } },
  ];
  for (const value of wrong) assertEquals(complaintOf(value).message.includes("sk-very"), false);
  const broken = assertThrows(() => parseOcgConfig(`{"apiKey": "${secret}"`), MeshError);
  assertEquals(broken.message.includes("sk-very"), false);
});

Deno.test("a slip of the pen is an error, a foreign key a warning", () => {
  assertEquals(complaintOf({ calbackSecret: "s" }).hint, 'did you mean "callbackSecret"?');
  assertEquals(complaintOf({ agent_url: "http://a/" }).hint, 'did you mean "agentUrl"?');
  const { warnings } = parseOcgConfig('{"pluginsDir": "/x", "$schema": "y"}');
  assertEquals(warnings, ['ocg.json: the key "pluginsDir" means nothing here']);
});

Deno.test("the file is that of OCG_CONFIG_PATH, else the root's, else the original's", async () => {
  await using folder = await temporaryRoot();
  const [root, home] = [`${folder.path}/root`, `${folder.path}/home`];
  const original = `${home}/.openclaw-channel-gateway`;
  await Deno.mkdir(root);
  await Deno.mkdir(original, { recursive: true });
  const env = environment({ HOME: home });
  assertEquals(await findOcgConfig(root, env), `${root}/ocg.json`);
  assertEquals((await readOcgConfig(root, env)).exists, false);
  await Deno.writeTextFile(`${original}/ocg.json`, '{"model": "theirs"}', { mode: 0o644 });
  const theirs = await readOcgConfig(root, env);
  assertEquals(theirs.config.model, "theirs");
  assertStringIncludes(theirs.warnings[0] ?? "", "chmod 600");
  await Deno.writeTextFile(`${root}/ocg.json`, '{"model": "ours"}', { mode: 0o600 });
  const ours = await readOcgConfig(root, env);
  assertEquals([ours.config.model, ours.warnings], ["ours", []]);
  const named = environment({ HOME: home, OCG_CONFIG_PATH: `${folder.path}/named.json` });
  assertEquals((await readOcgConfig(root, named)).exists, false);
});

Deno.test("a change keeps what it does not touch, and writes nothing that is invalid", async () => {
  await using root = await temporaryRoot();
  const path = `${root.path}/ocg.json`;
  await Deno.writeTextFile(path, '{"theirs": 1, "channels": {"a": {"token": "t"}}}');
  const store = openFileStore(root.path);
  const env = environment();
  const changed = await changeOcgConfig(store, root.path, env, (file) => file.model = "m");
  assertEquals(changed.config.model, "m");
  const stored = JSON.parse(await Deno.readTextFile(path));
  assertEquals(stored, { theirs: 1, channels: { a: { token: "t" } }, model: "m" });
  assertEquals(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);
  await assertRejects(
    () => changeOcgConfig(store, root.path, env, (file) => file.callbackPort = "x"),
    MeshError,
    "callbackPort",
  );
  assertEquals(JSON.parse(await Deno.readTextFile(path)), stored);
});
