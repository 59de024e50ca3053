/**
 * Stands in for a tunnel program: called as the real one is, it prints what the real one prints, and
 * forwards requests from a public URL, which here is another port of this machine. Tests put it on the
 * `PATH` under the real one's name; what it does is in a plan, a behaviour a run.
 *
 * @module
 */

/** What one run does. */
export type Behaviour =
  /** Forwards until it is ended. */
  | "works"
  /** Works, and does not end when it is asked to. */
  | "stubborn"
  /** Fails at once, as the real one does without network or account. */
  | "exits"
  /** Fails at once, because its service was asked too often. */
  | "limited"
  /** Starts, and never tells a URL. */
  | "silent"
  /** Prints a lot that is no line of the real one, and never a URL. */
  | "garbage"
  /** Tells a URL at which something else answers. */
  | "elsewhere"
  /** Tells a URL that answers with its service's own error page at first. */
  | "slow";

/** What the runs of a stand-in do; kept in a file beside it. */
export interface Plan {
  /** What each run does; the last one goes on for later runs. */
  readonly behaviours: readonly Behaviour[];
  /** The port of each run's URL; the last one goes on for later runs. */
  readonly ports: readonly number[];
}

/** Where the plan, the runs and the wish to die are, for a stand-in in a folder. */
export const FILES = { plan: "plan.json", runs: "runs.jsonl", die: "die" } as const;

/** Milliseconds that a slow edge takes. */
const SLOW = 1200;

const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text + "\n"));
const complain = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text + "\n"));

/** What a real program prints. */
interface Voice {
  /** The local URL that it was asked to expose. */
  target(args: readonly string[]): string | undefined;
  /** What comes first. */
  hello(): void;
  /** That it is open. */
  open(url: string): void;
  /** That it cannot be opened. */
  fail(): void;
  /** That its service was asked too often. */
  limited(): void;
}

const time = "2026-01-31T18:00:00Z";
const cloudflared: Voice = {
  target: (args) =>
    args[0] === "tunnel" && args.includes("--no-autoupdate") ? after(args, "--url") : undefined,
  hello() {
    complain(`${time} INF Thank you for trying Cloudflare Tunnel. (https://www.cloudflare.com/)`);
    complain(`${time} INF Requesting new quick Tunnel on trycloudflare.com...`);
  },
  open(url) {
    const title = "Your quick Tunnel has been created! Visit it at (it may take some time to be " +
      "reachable):";
    complain(`${time} INF +${"-".repeat(title.length + 4)}+`);
    complain(`${time} INF |  ${title}  |`);
    complain(`${time} INF |  ${url.padEnd(title.length)}  |`);
    complain(`${time} INF +${"-".repeat(title.length + 4)}+`);
    complain(`${time} INF Starting metrics server on 127.0.0.1:20241/metrics`);
    complain(`${time} INF Registered tunnel connection connIndex=0 ip=198.51.100.7 protocol=quic`);
  },
  fail: () =>
    complain(
      'failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": dial tcp: lookup ' +
        "api.trycloudflare.com: no such host",
    ),
  limited() {
    complain(
      `${time} ERR Error unmarshaling QuickTunnel response: error code: 1015 error="invalid character ` +
        `'e' looking for beginning of value" status_code="429 Too Many Requests"`,
    );
    complain(
      "failed to unmarshal quick Tunnel: invalid character 'e' looking for beginning of value",
    );
  },
};

const ngrok: Voice = {
  target: (args) =>
    args[0] === "http" && args.slice(2).join(" ") === "--log stdout --log-format json"
      ? args[1]
      : undefined,
  hello() {
    say(`{"lvl":"info","msg":"no configuration paths supplied","t":"${time}"}`);
    say(`{"err":"<nil>","lvl":"eror","msg":"cannot check for updates","t":"${time}"}`);
    say(`{"lvl":"info","msg":"starting web service","obj":"web","addr":"127.0.0.1:4040"}`);
  },
  open: (url) =>
    say(
      `{"addr":"http://127.0.0.1:1","lvl":"info","msg":"started tunnel","name":"command_line",` +
        `"obj":"tunnels","t":"${time}","url":"${url}"}`,
    ),
  fail() {
    const words =
      "authentication failed: Usage of ngrok requires a verified account and authtoken.";
    say(JSON.stringify({
      err: `${words}\r\n\r\nERR_NGROK_4018\r\n`,
      lvl: "crit",
      msg: "command failed",
      t: time,
    }));
    for (const line of [words, "", "ERR_NGROK_4018", "https://ngrok.com/docs/errors"]) {
      complain(`ERROR:  ${line}`);
    }
  },
  limited() {
    complain("ERROR:  Your account may not run more than 1 agent: limit exceeded. ERR_NGROK_108");
  },
};

const tailscale: Voice = {
  target: (args) =>
    args.slice(0, 2).join(" ") === "funnel --bg=false" && args.length === 3 ? args[2] : undefined,
  hello: () => {},
  open: (url) => {
    say("Available on the internet:\n");
    say(`${url}/`);
    say("|-- proxy http://127.0.0.1:1\n");
    say("Press Ctrl+C to exit.");
  },
  fail() {
    complain("sending serve config: Access denied: serve config denied\n");
    complain("Use 'sudo tailscale funnel 18790'.");
  },
  limited() {
    say("Funnel is not enabled on your tailnet.\nTo enable, visit:\n");
    say("         https://login.tailscale.com/f/funnel?node=n1\n");
    complain("error: Funnel is still not enabled");
  },
};

const VOICES: Readonly<Record<string, Voice>> = { cloudflared, ngrok, tailscale };

function after(args: readonly string[], flag: string): string | undefined {
  const at = args.indexOf(flag);
  return at === -1 ? undefined : args[at + 1];
}

async function nextRun(folder: string, args: readonly string[]): Promise<[Behaviour, number]> {
  const { behaviours, ports }: Plan = JSON.parse(
    await Deno.readTextFile(`${folder}/${FILES.plan}`),
  );
  const runs = `${folder}/${FILES.runs}`;
  const before = await Deno.readTextFile(runs).catch(() => "");
  const run = before.split("\n").length - 1;
  const line = JSON.stringify({ pid: Deno.pid, args }) + "\n";
  await Deno.writeTextFile(runs, line, { append: true });
  return [
    behaviours[run] ?? behaviours.at(-1) ?? "exits",
    ports[run] ?? ports.at(-1) ?? 0,
  ];
}

function forward(port: number, target: string, behaviour: Behaviour): void {
  const opened = performance.now();
  const onError = () => new Response("bad gateway", { status: 502 });
  Deno.serve({ hostname: "127.0.0.1", port, onListen() {}, onError }, async (request) => {
    if (behaviour === "elsewhere") return Response.json({ hello: "world" });
    if (behaviour === "slow" && performance.now() - opened < SLOW) {
      return new Response("<h1>Tunnel not found</h1>", { status: 530 });
    }
    const { pathname, search } = new URL(request.url);
    const answer = await fetch(new URL(pathname + search, target), {
      method: request.method,
      headers: request.headers,
      body: request.method === "GET" ? null : await request.bytes(),
    });
    return new Response(await answer.bytes(), { status: answer.status, headers: answer.headers });
  });
}

function garbage(): void {
  say('\u001b[2J\u0000\u0007{{{{\u001b[31m{"msg":');
  Deno.stdout.writeSync(crypto.getRandomValues(new Uint8Array(60_000)));
  say("x".repeat(200_000));
  complain("|  not-a-url  |");
}

async function main([name = "", folder = "", ...args]: readonly string[]): Promise<number> {
  const voice = VOICES[name];
  if (!voice) throw new Error(`There is no stand-in for "${name}"`);
  const [behaviour, port] = await nextRun(folder, args);
  const target = voice.target(args);
  if (target === undefined) {
    complain(`unknown command line: ${args.join(" ")}`);
    return 64;
  }
  voice.hello();
  if (behaviour === "exits" || behaviour === "limited") {
    if (behaviour === "exits") voice.fail();
    else voice.limited();
    return 1;
  }
  if (behaviour === "stubborn") Deno.addSignalListener("SIGTERM", () => {});
  if (behaviour === "garbage") garbage();
  if (!["silent", "garbage"].includes(behaviour)) {
    forward(port, target, behaviour);
    voice.open(`http://127.0.0.1:${port}`);
  }
  while (!await Deno.remove(`${folder}/${FILES.die}`).then(() => true, () => false)) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  complain("connection lost");
  return 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
