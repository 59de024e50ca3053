import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import type { TunnelMethod } from "../../lib/expose/tunnel_program.ts";
import type { Behaviour } from "../fakes/tunnel_program.ts";
import { FakeTunnel } from "../fakes/tunnels.ts";
import { eventually } from "./eventually.ts";
import { OurGateway } from "./ogp/helpers.ts";
import { freePort } from "./ports.ts";
import type { Run } from "./program.ts";

const METHODS: readonly TunnelMethod[] = ["cloudflared", "ngrok", "tailscale"];
const onWindows = Deno.build.os === "windows";
const onLinux = Deno.build.os === "linux";

/** A gateway that runs, and a tunnel program for it. */
async function withTunnel(method: TunnelMethod, behaviours: readonly Behaviour[] = ["works"]) {
  const ours = await OurGateway.start("ours");
  const ports = behaviours.map(() => freePort());
  const tunnel = await FakeTunnel.make(method, behaviours, ports);
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const command = (...args: string[]) => ["ogp", "expose", ...args];
  const options = { env: tunnel.env };
  return {
    ours,
    tunnel,
    urls,
    url: urls[0] ?? "",
    start: (...args: string[]) =>
      ours.node.start(command("--json", "--method", method, ...args), options),
    fails: async (code: number, ...args: string[]) =>
      await ours.node.json(command("--method", method, ...args), { ...options, code }),
    json: async (...args: string[]) => await ours.node.json(command(...args), options),
    configured: async () => (await ours.node.json(["ogp", "status"])).config.gatewayUrl,
    async [Symbol.asyncDispose]() {
      await ours.node.run(command("stop"));
      await tunnel[Symbol.asyncDispose]();
      await ours[Symbol.asyncDispose]();
    },
  };
}

// deno-lint-ignore no-explicit-any -- what a test looks at is what it checks
function eventsOf(run: Run): any[] {
  return run.stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line));
}

function opened(run: Run, count = 1) {
  return run.until(`opening ${count}`, () => {
    const all = eventsOf(run).filter(({ kind }) => kind === "open");
    return all.length >= count ? all.at(-1) : undefined;
  });
}

async function isAlive(pid: number): Promise<boolean> {
  return await Deno.stat(`/proc/${pid}`).then(() => true, () => false);
}

for (const method of METHODS) {
  Deno.test(
    `a tunnel by ${method} is proven, configured, and taken back with everything`,
    { ignore: onWindows },
    async () => {
      await using exposed = await withTunnel(method);
      const { ours, url, tunnel } = exposed;
      await using run = exposed.start();
      const event = await opened(run);
      assertEquals([event.ok, event.method, event.url, event.replaced], [
        true,
        method,
        url,
        ours.url,
      ]);
      assertEquals(await exposed.configured(), url);
      const { publicKey } = await (await fetch(`${url}/.well-known/ogp`)).json();
      assertEquals(publicKey, (await ours.card()).publicKey);
      const status = await exposed.json("status");
      assertEquals([status.open, status.url, status.leads_here], [true, url, true]);
      assertEquals((await exposed.fails(5)).error, "exists");

      run.kill("SIGTERM");
      assertEquals((await run.end()).code, 0);
      assertEquals(await exposed.configured(), ours.url);
      const [only, ...more] = await tunnel.runs();
      assertEquals(more, []);
      if (onLinux) assert(!await isAlive(only?.pid ?? 0));
      assertEquals((await exposed.json("status")).open, false);
      assertEquals(await exposed.json("stop"), { ok: true, closed: [], gateway_url: ours.url });
    },
  );
}

Deno.test(
  "a tunnel in the background is open when the command is over, and until it is stopped",
  { ignore: !onLinux },
  async () => {
    await using exposed = await withTunnel("cloudflared");
    const { ours, url } = exposed;
    const first = await exposed.json("--background");
    assertEquals([first.ok, first.already_open, first.url], [true, false, url]);
    await eventually("a line in the log", async () => {
      // The command is over once the tunnel is configured, which is before there is anything to log.
      const log = await Deno.readTextFile(first.log).catch(() => "");
      return log.includes(`${url} leads to this gateway`);
    });
    assertEquals(await exposed.configured(), url);
    assertEquals(((await Deno.stat(first.log)).mode ?? 0) & 0o777, 0o600);
    const again = await exposed.json("--background");
    assertEquals([again.already_open, again.pid], [true, first.pid]);
    const { stdout } = await ours.node.run(["ogp", "expose", "status"]);
    assertMatch(stdout, new RegExp(`^${url} leads to this gateway\\.\ncloudflared, process `));
    const stopped = await ours.node.run(["ogp", "expose", "stop"]);
    assertEquals(stopped.stdout, `The tunnel is closed.\nThe gateway URL is ${ours.url} now.\n`);
    await eventually("its end", async () => !await isAlive(first.pid));
  },
);

Deno.test(
  "why a tunnel was not opened in the background is said where it was asked for",
  { ignore: !onLinux },
  async () => {
    await using exposed = await withTunnel("ngrok", ["exits"]);
    const failure = await exposed.fails(6, "--background");
    assertMatch(failure.message, /^The tunnel was not opened: ngrok ended \(exit code 1\): .*4018/);
    assertMatch(failure.hint, /^ngrok config add-authtoken /);
    assertEquals(await exposed.configured(), exposed.ours.url);
  },
);

Deno.test(
  "a tunnel that dies is opened again, and its new URL is told to peers",
  { ignore: onWindows },
  async () => {
    await using exposed = await withTunnel("cloudflared", ["works", "limited", "works"]);
    const { ours, tunnel, urls } = exposed;
    await using theirs = await OurGateway.start("theirs");
    await ours.json(["request", theirs.url]);
    const { publicKey } = await ours.card();
    await theirs.becomes(publicKey, "pending");
    await theirs.json(["approve", publicKey]);
    await ours.becomes((await theirs.card()).publicKey, "approved");
    const seen = async () =>
      (await theirs.peers()).find((peer) => peer.publicKey === publicKey)?.gatewayUrl;

    await using run = exposed.start();
    assertEquals((await opened(run)).peers_told, 1);
    await eventually("the URL there", async () => await seen() === urls[0]);
    await tunnel.die();
    const lost = await run.until(
      "the loss",
      () => eventsOf(run).find(({ kind }) => kind === "lost"),
    );
    assertMatch(lost.reason, /^cloudflared ended \(exit code 1\): connection lost/);
    const limited = await run.until(
      "the limit",
      () => eventsOf(run).filter(({ kind }) => kind === "lost")[1],
    );
    assertMatch(limited.reason, /429 Too Many Requests/);
    assert(limited.again_in_ms >= 60_000, "It is asked too often");
    assertEquals(await exposed.configured(), urls[0]);
    run.kill("SIGTERM");
    assertEquals((await run.end()).code, 0);
    await eventually("the old URL there", async () => await seen() === ours.url);

    await using next = exposed.start();
    const event = await opened(next);
    assertEquals([event.url, event.again], [urls[2], false]);
    await eventually("the new URL there", async () => await seen() === urls[2]);
  },
);

Deno.test("a tunnel that was killed is cleaned up after", { ignore: onWindows }, async (t) => {
  await using exposed = await withTunnel("ngrok", ["works", "works"]);
  const { ours, tunnel, urls } = exposed;
  {
    await using run = exposed.start();
    await opened(run);
    run.kill("SIGKILL");
    await run.end();
  }
  await t.step("by the status, which says what to do", async () => {
    const { stdout } = await ours.node.run(["ogp", "expose", "status"]);
    assertEquals(stdout, `No tunnel is open; that at ${urls[0]} died: mesh ogp expose stop\n`);
  });
  await t.step("by another tunnel, which knows what there was before both", async () => {
    await using run = exposed.start();
    assertEquals((await opened(run)).replaced, ours.url);
    run.kill("SIGINT");
    await run.end();
    assertEquals(await exposed.configured(), ours.url);
  });
  await t.step("by stopping it, which names a program that nobody looks after", async () => {
    await using run = exposed.start();
    await opened(run);
    run.kill("SIGKILL");
    await run.end();
    const { pid } = (await tunnel.runs()).at(-1) ?? {};
    const { stdout, stderr } = await ours.node.run(["ogp", "expose", "stop"]);
    assertStringIncludes(
      stderr,
      `still leads here by ngrok, which nobody looks after: kill ${pid}`,
    );
    assertEquals(stdout, `The gateway URL is ${ours.url} now.\n`);
  });
});

Deno.test("a URL that the owner configures meanwhile stays", { ignore: onWindows }, async () => {
  await using exposed = await withTunnel("tailscale");
  await using run = exposed.start();
  await opened(run);
  const mine = "https://gw.example.com";
  await exposed.ours.node.run(["ogp", "setup", "--gateway-url", mine]);
  assertEquals(await exposed.json("stop"), {
    ok: true,
    closed: [run.pid],
    gateway_url: mine,
  });
  assertEquals((await run.end()).code, 0);
});

const failures: [TunnelMethod, Behaviour, message: RegExp, hint: RegExp][] = [
  ["cloudflared", "exits", /: cloudflared ended \(exit code 1\): failed to request quick/, /^$/],
  ["cloudflared", "limited", /429 Too Many Requests/, /^Cloudflare limits tunnels/],
  ["ngrok", "exits", /verified account and authtoken\. ERR_NGROK_4018$/, /add-authtoken/],
  ["ngrok", "limited", /ERR_NGROK_108$/, /end that one first/],
  ["tailscale", "exits", /Access denied: serve config denied$/, /--operator=\$USER$/],
  ["tailscale", "limited", /not enabled on your tailnet\. To enable it: https:.*node=n1$/, /^$/],
];
for (const [method, behaviour, message, hint] of failures) {
  const name = `why ${method} fails is said, if it is "${behaviour}"`;
  Deno.test(name, { ignore: onWindows }, async () => {
    await using exposed = await withTunnel(method, [behaviour]);
    const args = ["ogp", "expose", "--method", method];
    const { stdout, stderr } = await exposed.ours.node.run(args, {
      env: exposed.tunnel.env,
      code: 6,
    });
    assertEquals(stdout, "");
    assertMatch(/^mesh: (.*)$/m.exec(stderr)?.[0] ?? "", message);
    assertMatch(/^hint: (.*)$/m.exec(stderr)?.[1] ?? "", hint);
    assertEquals(
      stderr.includes("To enable it: https://login"),
      behaviour === "limited" && method === "tailscale",
    );
    assertEquals(await exposed.configured(), exposed.ours.url);
    assertEquals((await exposed.tunnel.runs()).length, 1);
  });
}

Deno.test("what cannot be exposed is said before anything is started", async (t) => {
  await using exposed = await withTunnel("cloudflared");
  const { ours, tunnel } = exposed;
  await t.step("by a program that is not there", async () => {
    const options = { env: { PATH: `${tunnel.folder}:/usr/bin:/bin` }, code: 6 };
    const failure = await ours.node.json(["ogp", "expose", "--method", "ngrok"], options);
    assertEquals(failure.message, 'The program "ngrok" is not on the PATH');
    assertMatch(failure.hint, /; or take what is there: --method cloudflared$/);
  });
  await t.step("by a method that there is not", async () => {
    const { stderr } = await ours.node.run(["ogp", "expose", "--method", "bore"], { code: 2 });
    assertStringIncludes(stderr, 'There is no method "bore": cloudflared, ngrok, tailscale');
  });
  await t.step("a gateway that does not run", async () => {
    await ours.down();
    const failure = await exposed.fails(6);
    assertEquals([failure.message, failure.hint], [
      "The gateway does not run, so there is nothing to expose",
      "mesh ogp start --background",
    ]);
  });
  assertEquals(await tunnel.runs(), []);
  assertNotEquals(await exposed.configured(), exposed.url);
});
