import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ocgOrder } from "../../../lib/ocg/order_client.ts";
import { FakeTelegram } from "../../fakes/telegram_api.ts";
import { freePort } from "../ports.ts";
import { ChannelMachine } from "./channels.ts";

// deno-lint-ignore no-explicit-any -- what a test looks at is what it checks
type Document = any;

/** The accounts of a status as `channel/account state`. */
function states({ channels }: Document): string[] {
  return channels.map((one: Document) => `${one.channel}/${one.account} ${one.status.state}`);
}

/** A configuration whose only channels are pages, of which none is started but the first. */
const PAGE = { channels: { webchat: {} } };

Deno.test("a gateway runs in the background until it is stopped, and says where", async () => {
  await using machine = await ChannelMachine.with(PAGE);
  const { node, port } = machine;
  const started = await node.json(["ocg", "start", "--background"]);
  assertEquals([started.already_running, started.port], [false, port]);
  assertEquals(started.url, `http://127.0.0.1:${port}`);
  assertEquals(states(started), ["webchat/default running"]);

  const again = await node.json(["ocg", "start", "--background"]);
  assertEquals([again.already_running, again.pid], [true, started.pid]);
  const elsewhere = await node.json(
    ["ocg", "start", "--background", "--port", String(freePort())],
    { code: 5 },
  );
  assertEquals([elsewhere.error, elsewhere.hint], [
    "exists",
    "mesh ocg stop, and then start it again",
  ]);

  const { stopped } = await node.json(["ocg", "stop"]);
  assertEquals(stopped, [{ pid: started.pid, host: "127.0.0.1", port }]);
  assertEquals((await node.json(["ocg", "stop"])).stopped, []);
  const { stdout } = await node.run(["ocg", "status"]);
  assertStringIncludes(stdout, "does not run: mesh ocg start --background");
  const status = await node.json(["ocg", "status"]);
  assertEquals([status.running, status.webchat_url, states(status)], [
    false,
    null,
    ["webchat/default stopped"],
  ]);
});

Deno.test("a restart keeps the port that was asked for, and starts what does not run", async () => {
  await using machine = await ChannelMachine.with(PAGE);
  const { node } = machine;
  const other = freePort();
  const first = await node.json(["ocg", "restart", "--port", String(other)]);
  assertEquals([first.already_running, first.port], [false, other]);
  const second = await node.json(["ocg", "restart"]);
  assertEquals([second.port, second.pid === first.pid], [other, false]);
  const third = await node.json(["ocg", "restart", "--port", String(machine.port)]);
  assertEquals(third.port, machine.port);
});

Deno.test("a channel that cannot be started holds up no other, and says why", async () => {
  await using machine = await ChannelMachine.with({ channels: { telegram: {}, webchat: {} } });
  await using gateway = await machine.start();
  const failed = await gateway.heard("ocg-channel", ({ state }) => state === "failed");
  assertEquals(failed.channel, "telegram");
  assertMatch(failed.reason, /"botToken" is missing/);
  await gateway.heard(
    "ocg-channel",
    ({ state, channel }) => state === "running" && channel === "webchat",
  );
  const status = await machine.node.json(["ocg", "status"]);
  assertEquals(states(status), ["telegram/default failed", "webchat/default running"]);
});

Deno.test("a change of ocg.json counts without a restart, and a mistake in it changes nothing", async () => {
  const telegram = await FakeTelegram.start();
  await using _server = { [Symbol.asyncDispose]: () => telegram.close() };
  await using machine = await ChannelMachine.with(PAGE);
  await using gateway = await machine.start();
  const bot = { botToken: telegram.token, apiRoot: telegram.apiRoot };
  await machine.configure({ channels: { webchat: {}, telegram: bot } });
  await gateway.heard(
    "ocg-channel",
    ({ state, channel }) => state === "running" && channel === "telegram",
  );

  await Deno.writeTextFile(`${machine.node.state}/ocg.json`, '{"callbackPort": "no port"}');
  const fault = await gateway.heard("fault");
  assertMatch(fault.error, /"callbackPort" is "no port"; allowed is a whole number/);
  assertEquals(await channelsNow(machine), ["telegram running", "webchat running"]);
  assertEquals(gateway.events.filter(({ kind }) => kind === "fault").length, 1);

  await machine.configure(PAGE);
  await gateway.heard(
    "ocg-channel",
    ({ state, channel }) => state === "stopped" && channel === "telegram",
  );
});

/** What the gateway itself says of its channels, whatever is in the file. */
async function channelsNow({ node }: ChannelMachine): Promise<string[]> {
  const { accounts } = await ocgOrder(node.state, { do: "status" });
  return accounts.map((one) => `${one.channel} ${one.status.state}`).sort();
}

Deno.test("two gateways on one root do not run the same account, and say so", async () => {
  await using machine = await ChannelMachine.with(PAGE);
  await using _first = await machine.start();
  await using clash = machine.node.start(["ocg", "start"]);
  const { code, stderr } = await clash.end();
  assertEquals(code, 5);
  assertMatch(stderr, /Port \d+ is in use on 127\.0\.0\.1/);
  assertMatch(stderr, /this node's own daemon has it \(process \d+\): mesh ocg stop/);

  await using second = await machine.start(["--port", String(freePort())]);
  const told = await second.heard("ocg-channel");
  assertEquals(told.state, "failed");
  assertStringIncludes(told.reason, 'Another program runs channel "webchat", account "default"');
  // Asked together, what runs somewhere runs.
  const status = await machine.node.json(["ocg", "status"]);
  assertEquals([status.processes.length, states(status)], [2, ["webchat/default running"]]);
});

Deno.test("a wrong configuration keeps the gateway from starting, and names the key", async () => {
  await using machine = await ChannelMachine.with({ agentURL: "http://127.0.0.1/" });
  const { stderr } = await machine.node.run(["ocg", "start"], { code: 2 });
  assertStringIncludes(stderr, 'there is no key "agentURL"');
  assertStringIncludes(stderr, 'did you mean "agentUrl"?');
  await machine.node.run(["ocg", "start", "--background"], { code: 2 });
  await machine.node.run(["ocg", "status"], { code: 2 });
});

Deno.test("secrets are in no status, and unsigned answers from everywhere are warned of", async () => {
  const config = {
    apiKey: "sk-secret-key",
    sendSecret: "send-secret",
    async: true,
    agentUrl: "https://agent.example/v1?key=query-secret",
    channels: { webchat: {}, telegram: { enabled: false, botToken: "1:bot-secret" } },
  };
  await using machine = await ChannelMachine.with(config);
  await using gateway = await machine.start();
  assertEquals((await gateway.heard("listening")).host, "0.0.0.0");
  assertStringIncludes(gateway.run.stderr, 'set "callbackSecret" in ');
  assertStringIncludes(gateway.run.stderr, "The agent at agent.example is told to call back");
  const json = JSON.stringify(await machine.node.json(["ocg", "status"]));
  const { stdout } = await machine.node.run(["ocg", "status"]);
  assertStringIncludes(stdout, "https://agent.example/v1?key=…");
  const said = json + stdout + gateway.run.stdout + gateway.run.stderr;
  for (const secret of ["sk-secret-key", "send-secret", "query-secret", "bot-secret"]) {
    assertEquals(said.includes(secret), false, secret);
  }
});
