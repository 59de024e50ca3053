import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { gatherBundle } from "../../../lib/doctor/bundle.ts";
import { befriend, stranger, testGateway } from "../ogp/gateways.ts";
import { openDoctor } from "../../../lib/doctor/context.ts";
import { runCommand } from "../../../commands/run.ts";
import { Sinks } from "../commands/sinks.ts";
import { TempNode } from "./nodes.ts";

const TOKEN = "123456789:AAF_secret_secret_secret_secret_sec";
const API_KEY = "sk-verysecretverysecret";

Deno.test("a report tells what is wrong, and nobody's secrets, names or addresses", async () => {
  await using one = await testGateway({ displayName: "Annas Laptop" });
  const kyle = stranger();
  await befriend(one, kyle, { alias: "kyle", gatewayUrl: "https://kyle.example.net" });
  const write = (path: string, text: string) => Deno.writeTextFile(`${one.root}/${path}`, text);
  await Deno.mkdir(`${one.root}/run`, { recursive: true });
  await write(
    "run/ogp.log",
    "noise\n".repeat(100_000) +
      `refused kyle at https://kyle.example.net from 10.1.2.3: Bearer ${API_KEY}\n`,
  );
  await write(
    "ocg.json",
    JSON.stringify({
      agentUrl: "http://10.0.0.5:8080/v1",
      apiKey: API_KEY,
      channels: {
        telegram: { accounts: { default: { botToken: TOKEN, allowFrom: ["4711000815"] } } },
      },
    }),
  );
  const finding = { check: "x", level: "failure", message: 'Gateway "kyle" is away' } as const;
  const report = await gatherBundle(openDoctor(one.root, { version: "1.2.3" }), [finding], {
    home: "/home/anna",
    variables: ["OCG_API_KEY"],
    files: { "ocg.json": `${one.root}/ocg.json`, "none.json": `${one.root}/none.json` },
  });
  const text = JSON.stringify(report);
  const hidden = [
    TOKEN,
    API_KEY,
    "kyle",
    "Annas",
    "10.1.2.3",
    "10.0.0.5",
    one.root,
    kyle.publicKey,
  ];
  for (const secret of [...hidden, "4711000815"]) assert(!text.includes(secret), secret);
  // deno-lint-ignore no-explicit-any
  const { version, findings, configuration, logs, records, queue } = report as any;
  assertEquals(version, "1.2.3");
  assertMatch(findings[0].message, /^Gateway "name-\d" is away$/);
  assertEquals(configuration["ocg.json"].apiKey, "[secret]");
  assertEquals(Object.keys(configuration), ["ocg.json"]);
  assertEquals(logs["ogp.log"].length, 200);
  assertStringIncludes(logs["ogp.log"].at(-1), "refused name-");
  assertEquals(queue.waiting, 0);
  assert(records["ogp/peers"].files === 1, JSON.stringify(records));
});

Deno.test("what cannot be read is a sentence in its place", async () => {
  await using node = await TempNode.named("stan");
  await node.write("config.json", `{"apiKey": "${API_KEY}",,}`);
  const report = await gatherBundle(node.context(), [], {
    variables: [],
    files: { "config.json": `${node.root}/config.json` },
  });
  assertEquals(report.configuration, { "config.json": "Not JSON" });
});

Deno.test("the command writes the report once, for its owner alone, and says so", async () => {
  await using node = await TempNode.named("stan");
  const path = `${node.root}/report.json`;
  const run = async () => {
    const sinks = new Sinks();
    const env = (name: string) => name === "MESH_STATE_DIR" ? node.root : undefined;
    const code = await runCommand(["doctor", "--bundle", path], { ...sinks, env });
    return { code, out: sinks.stdout.text, err: sinks.stderr.text };
  };
  const first = await run();
  assertStringIncludes(first.err, `The report is in ${path}`);
  assertEquals(JSON.parse(await Deno.readTextFile(path)).findings.length > 5, true);
  if (Deno.build.os !== "windows") assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  const again = await run();
  assertEquals(again.code, 5);
  assertStringIncludes(again.err, "is there already");
});

Deno.test("a report of real life names nobody, and quotes nobody", async () => {
  await using one = await testGateway({ displayName: "Annas Laptop" });
  const write = (path: string, text: string) => Deno.writeTextFile(`${one.root}/${path}`, text);
  await Deno.mkdir(`${one.root}/run`, { recursive: true });
  const line = (message: string, properties: Record<string, unknown>) =>
    JSON.stringify({
      time: "2026-01-01T00:00:00.000Z",
      level: "info",
      category: "ocg",
      message,
      properties,
    });
  await write(
    "run/ocg.log",
    [
      line("telegram: @oliver_h is not let in", { event: "ocg-stranger", sender: "@oliver_h" }),
      line("telegram: Oliver wants to talk", { event: "ocg-stranger", sender: "Oliver" }),
      line('in  telegram:default:77123: 9 characters: "I am pregnant"', {
        event: "ocg-message",
        chat: "77123",
        sender: "77123",
        said: "[13 characters]",
      }),
      line("qq/default says: got OPENID_XYZ hello doctor", {
        event: "ocg-plugin",
        line: "[9 characters]",
      }),
      "connect ECONNREFUSED basement.fritz.box:8787",
    ].join("\n"),
  );
  await write(
    "ocg.json",
    JSON.stringify({
      agentUrl: "https://basement.fritz.box/v1/chat/completions",
      channels: {
        telegram: {
          allowFrom: [123456, "@hardy"],
          accounts: { "hardys-bot": { apiRoot: "https://x/bot" } },
        },
        qqbot: { appId: 1029384756, credentials: { user: "USERSECRET", hush: "HUSHSECRET" } },
      },
    }),
  );
  await write(
    "config.json",
    JSON.stringify({
      notify: {
        targets: {
          a: {
            type: "command",
            argv: ["/home/hardy/run.sh", "--key", "ARGVSECRET"],
            env: { FOO: "ENVSECRET" },
          },
          b: { type: "webhook", url: "https://hooks.example.org/T0/PATHSECRET?token=QUERYSECRET" },
          c: { type: "hermes", url: "http://127.0.0.1:1", secret: "correct horse" },
        },
      },
      admin: { hosts: ["kitchen.lan"] },
    }),
  );
  const report = await gatherBundle(
    openDoctor(one.root),
    [{ check: "x", level: "failure", message: "correct horse; kitchen.lan does not answer" }],
    {
      home: "/home/anna",
      variables: [],
      files: { "ocg.json": `${one.root}/ocg.json`, "config.json": `${one.root}/config.json` },
    },
  );
  const text = JSON.stringify(report);
  const hidden = [
    "oliver",
    "pregnant",
    "77123",
    "OPENID",
    'doctor"',
    "basement",
    "fritz",
    "123456",
  ];
  const secrets = [
    "USERSECRET",
    "HUSHSECRET",
    "ARGVSECRET",
    "ENVSECRET",
    "PATHSECRET",
    "QUERYSECRET",
  ];
  for (const one of [...hidden, ...secrets, "hardy", "1029384756", "kitchen", "correct horse"]) {
    assert(!text.toLowerCase().includes(one.toLowerCase()), `${one} is in ${text}`);
  }
});

Deno.test("of a state that a newer version has written, nothing is set aside, removed or quoted", async () => {
  await using node = await TempNode.named("stan");
  await node.write("version.json", '{"state": 99}');
  await node.write("peers/broken.json", '{"a":');
  await node.write("outbox/broken.json", '{"a":');
  await node.write("run/serve-999999-aaaaaaaa.json", '{"pid": 999999, "name": "serve"}');
  await node.write("run/serve.log", "Oliver came by\n");
  const snapshot = async () => {
    const found: string[] = [];
    const walk = async (folder: string) => {
      for await (const { name, isDirectory } of Deno.readDir(folder)) {
        const path = `${folder}/${name}`;
        const { mtime, ino, size } = await Deno.lstat(path);
        found.push(`${path} ${mtime?.toISOString()} ${ino} ${size}`);
        if (isDirectory) await walk(path);
      }
    };
    await walk(node.root);
    return found.sort();
  };
  const before = await snapshot();
  const folder = await Deno.makeTempDir();
  try {
    const sinks = new Sinks();
    const env = (name: string) => name === "MESH_STATE_DIR" ? node.root : undefined;
    const path = `${folder}/report.json`;
    assertEquals(await runCommand(["doctor", "--bundle", path], { ...sinks, env }), 1);
    assertEquals(await snapshot(), before);
    const report = await Deno.readTextFile(path);
    assertStringIncludes(report, "A newer version of mesh");
    assert(!report.includes("Oliver"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
