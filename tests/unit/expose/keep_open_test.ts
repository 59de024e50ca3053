import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { MeshError } from "../../../lib/error.ts";
import { type ExposeEvent, keepOpen, type Patience } from "../../../lib/expose/keep_open.ts";
import { PROGRAMS } from "../../../lib/expose/programs.ts";
import { TunnelError } from "../../../lib/expose/tunnel.ts";
import type { TunnelMethod } from "../../../lib/expose/tunnel_program.ts";
import { eventually } from "../../e2e/eventually.ts";
import { freePort } from "../../e2e/ports.ts";
import type { Behaviour } from "../../fakes/tunnel_program.ts";
import { FakeTunnel } from "../../fakes/tunnels.ts";

const ignore = Deno.build.os === "windows";
const CARD = '{"publicKey":"ours"}';

/** What is exposed: it serves a card, until it is told to be another's. */
function origin() {
  let card = CARD;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    return new Response(card, { headers: { "content-type": "application/json" } });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    becomeAnother: () => card = '{"publicKey":"theirs"}',
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function look(url: string, signal: AbortSignal): Promise<void> {
  const said = await fetch(url, { signal }).then((answer) => answer.text(), () => "");
  if (said === CARD) return;
  const code = said.includes("theirs") ? "key_changed" : "unavailable";
  throw new MeshError(code, `Not ours: ${said.slice(0, 40)}`);
}

const HASTE: Partial<Patience> = {
  urlMs: 5000,
  connectedMs: 5000,
  proofMs: 5000,
  checkEveryMs: 60_000,
  graceMs: 1000,
  pauseMs: () => 10,
};

interface Setting {
  readonly method?: TunnelMethod;
  readonly behaviours: readonly Behaviour[];
  readonly patience?: Partial<Patience>;
  readonly isServing?: () => Promise<boolean>;
}

/** Keeps a stand-in open. */
async function opening({ method = "cloudflared", behaviours, patience, isServing }: Setting) {
  const ports = behaviours.map(() => freePort());
  const tunnel = await FakeTunnel.make(method, behaviours, ports);
  const gateway = origin();
  const events: ExposeEvent[] = [];
  const published: string[] = [];
  const stop = new AbortController();
  const over = keepOpen({
    program: PROGRAMS[method],
    path: tunnel.path,
    target: gateway.url,
    emptyFile: "/dev/null",
    look,
    isServing: isServing ?? (() => Promise.resolve(true)),
    publish: (url) => {
      published.push(url);
      return Promise.resolve();
    },
    onEvent: (event) => events.push(event),
    signal: stop.signal,
    patience: { ...HASTE, ...patience },
  });
  over.catch(() => {});
  return {
    ...{ tunnel, gateway, events, published, stop, over },
    urls: ports.map((port) => `http://127.0.0.1:${port}`),
    count: (kind: ExposeEvent["kind"]) => events.filter((event) => event.kind === kind).length,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await over.catch(() => {});
      for (const { pid } of await tunnel.runs()) assert(!await isAlive(pid), `${pid} is left`);
      await tunnel[Symbol.asyncDispose]();
      await gateway[Symbol.asyncDispose]();
    },
  };
}

async function isAlive(pid: number): Promise<boolean> {
  return await Deno.stat(`/proc/${pid}`).then(() => true, () => false);
}

Deno.test("a tunnel is published once it leads here, and closed with all it started", {
  ignore,
}, async () => {
  await using tunnel = await opening({ behaviours: ["slow"] });
  await eventually("it is open", () => tunnel.count("open") === 1);
  assertEquals(tunnel.published, tunnel.urls);
  tunnel.stop.abort();
  await tunnel.over;
  assertEquals(tunnel.count("lost"), 0);
});

Deno.test("one that does not end when it is asked to is ended", { ignore }, async () => {
  await using tunnel = await opening({ behaviours: ["stubborn"], patience: { graceMs: 200 } });
  await eventually("it is open", () => tunnel.count("open") === 1);
  tunnel.stop.abort();
  await tunnel.over;
});

Deno.test("one that dies is opened again, with a new URL", { ignore }, async () => {
  await using tunnel = await opening({
    behaviours: ["works", "exits", "garbage", "works"],
    patience: {
      urlMs: 700,
    },
  });
  await eventually("it is open", () => tunnel.count("open") === 1);
  await tunnel.tunnel.die();
  await eventually("it is open again", () => tunnel.count("open") === 2, 20_000);
  const [first, , , last] = tunnel.urls;
  assertEquals(tunnel.published, [first, last]);
  const reasons = tunnel.events.flatMap((event) => event.kind === "lost" ? [event.reason] : []);
  assertMatch(reasons[0] ?? "", /^cloudflared ended \(exit code 1\): connection lost$/);
  assertMatch(reasons[1] ?? "", /^cloudflared ended \(exit code 1\): failed to request/);
  assertMatch(reasons[2] ?? "", /^cloudflared told no URL within 0.7 s: /);
  assertEquals(tunnel.events.at(-1)?.kind, "open");
});

Deno.test("the first one has to work", { ignore }, async (t) => {
  const failing: [Behaviour, RegExp][] = [
    ["exits", /^cloudflared ended/],
    ["silent", /^cloudflared told no URL within 1 s: .*Requesting new quick Tunnel/],
    ["garbage", /^cloudflared told no URL within 1 s: /],
    ["elsewhere", /^The URL does not lead here after 1 s: Not ours: \{"hello":"world"\}$/],
  ];
  for (const [behaviour, message] of failing) {
    await t.step(behaviour, async () => {
      await using tunnel = await opening({
        behaviours: [behaviour],
        patience: { urlMs: 1000, proofMs: 1000 },
      });
      const error = await assertRejects(() => tunnel.over, MeshError);
      assertMatch(error.message, message);
      assertEquals([tunnel.published, tunnel.events], [[], []]);
      assertEquals((await tunnel.tunnel.runs()).length, 1);
    });
  }
});

Deno.test("a program that cannot be started is said", { ignore }, async () => {
  const options = { path: "/nowhere/ngrok", target: "http://127.0.0.1:1", emptyFile: "" };
  const error = await assertRejects(() =>
    keepOpen({
      ...options,
      program: PROGRAMS.ngrok,
      look,
      isServing: () => Promise.resolve(true),
      publish: () => Promise.resolve(),
      onEvent: () => {},
      signal: new AbortController().signal,
    }), MeshError);
  assertEquals(error.code, "unavailable");
});

Deno.test("another gateway at the URL is final", { ignore }, async () => {
  await using tunnel = await opening({
    behaviours: ["works"],
    patience: { checkEveryMs: 100 },
  });
  await eventually("it is open", () => tunnel.count("open") === 1);
  tunnel.gateway.becomeAnother();
  await eventually("it is lost", () => tunnel.count("lost") > 0);
  assertMatch(JSON.stringify(tunnel.events), /Not ours/);
});

Deno.test("a URL that leads nowhere any more is replaced, unless the gateway is to blame", {
  ignore,
}, async () => {
  let serving = false;
  let working = true;
  const tunnel = await FakeTunnel.make("ngrok", ["works"], [freePort()]);
  await using gateway = origin();
  const events: ExposeEvent[] = [];
  const stop = new AbortController();
  let looks = 0;
  const over = keepOpen({
    program: PROGRAMS.ngrok,
    path: tunnel.path,
    target: gateway.url,
    emptyFile: "",
    look: () => {
      looks++;
      return working ? Promise.resolve() : Promise.reject(new MeshError("unavailable", "Gone"));
    },
    isServing: () => Promise.resolve(serving),
    publish: () => Promise.resolve(),
    onEvent: (event) => events.push(event),
    signal: stop.signal,
    patience: { ...HASTE, checkEveryMs: 20 },
  });
  try {
    await eventually("it is open", () => events.length === 1);
    working = false;
    await eventually("ten looks", () => looks > 10);
    assertEquals(events.length, 1);
    serving = true;
    await eventually("the loss", () => events.some(({ kind }) => kind === "lost"));
    working = true;
    await eventually("it is open again", () => events.at(-1)?.kind === "open");
  } finally {
    stop.abort();
    await over;
    await tunnel[Symbol.asyncDispose]();
  }
});

Deno.test("a service that is asked too often is left alone for longer", { ignore }, async () => {
  const asked: [number, boolean][] = [];
  await using tunnel = await opening({
    behaviours: ["works", "limited", "works"],
    patience: {
      pauseMs: (failures, limited) => {
        asked.push([failures, limited]);
        return 10;
      },
    },
  });
  await eventually("it is open", () => tunnel.count("open") === 1);
  await tunnel.tunnel.die();
  await eventually("it is open again", () => tunnel.count("open") === 2);
  assertEquals(asked, [[0, false], [1, true]]);
});

Deno.test("it can be ended while it is being opened", { ignore }, async () => {
  for (const behaviour of ["silent", "slow"] as const) {
    await using tunnel = await opening({ behaviours: [behaviour] });
    await eventually("its run", async () => (await tunnel.tunnel.runs()).length === 1);
    tunnel.stop.abort();
    await tunnel.over;
    assertEquals(tunnel.published, []);
  }
});

Deno.test("what a program wants of the owner is told while it waits", { ignore }, async () => {
  await using tunnel = await opening({ method: "tailscale", behaviours: ["limited"] });
  const error = await assertRejects(() => tunnel.over, TunnelError);
  assertMatch(error.message, /To enable it: https:.*n1$/);
  assertEquals(tunnel.events.map(({ kind }) => kind), ["ask"]);
});
