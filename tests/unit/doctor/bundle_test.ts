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
