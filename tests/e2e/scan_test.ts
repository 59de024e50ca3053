import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import { TestNode, trust } from "./node.ts";
import { freePort } from "./ports.ts";

Deno.test("a scan of many silent addresses takes as long as one probe", async () => {
  await using ann = await TestNode.empty("ann");
  using silent = silentListener();
  const range = `127.0.0.1-60:${silent.port}`;
  const { stdout, stderr } = await ann.run(["scan", range, "--timeout", "400ms"]);
  assertEquals(stdout, "");
  const [, seconds] = /0 agents found, 60 of 60 addresses asked in (\S+) s/.exec(stderr) ?? [];
  assertLess(Number(seconds), 2, stderr);
  assertEquals(await ann.json(["scan", range, "--timeout", "50ms"]), []);
  const all: Asked[] = await ann.json(["scan", range, "--timeout", "50ms", "--all"]);
  assertEquals(all.length, 60);
});

Deno.test("agents are found among what is silent, refuses, or is something else", async () => {
  await using ann = await TestNode.named("ann");
  await using bob = await TestNode.named("bob");
  await using _annServes = await ann.serve();
  await using _bobServes = await bob.serve();
  using silent = silentListener();
  const nobody = freePort();
  await using other = webServer();
  const ports = [bob.port, ann.port, silent.port, nobody, other.port];
  const { stdout, stderr } = await ann.run(["scan", `127.0.0.1:${ports.join(",")}`]);
  const rows = stdout.trimEnd().split("\n");
  assertMatch(rows[0] ?? "", /^NAME +ENDPOINT +FINGERPRINT +STANDING$/);
  const standings = rows.slice(1).map((row) => row.replace(/^(\S+) .* {2}/, "$1: ")).sort();
  assertEquals(standings, ["Ann: this node", "Bob: new"]);
  assertStringIncludes(stderr, `http://127.0.0.1:${nobody}: It is there, but nothing listens`);
  assertStringIncludes(stderr, `http://127.0.0.1:${silent.port}: No complete answer within 500 ms`);
  assertStringIncludes(stderr, `http://127.0.0.1:${other.port}: It answers, but not in JSON`);

  const found: Asked[] = await ann.json(["scan", ...ports.map((port) => `127.0.0.1:${port}`)]);
  assertEquals(found.map(({ url }) => url).sort(), ports.map(urlOf).sort());
  const agents = found.flatMap(({ response }) => response ? [response.agent.agent_id] : []);
  assertEquals(agents.sort(), ["ann", "bob"]);
  assertEquals(found.filter(({ error }) => typeof error === "string").length, 3);
});

Deno.test("targets come from a file, from stdin, with ports of their own or not", async () => {
  await using ann = await TestNode.empty("ann");
  await using bob = await TestNode.named("bob");
  await using _bobServes = await bob.serve();
  const port = String(bob.port);
  const list = `# at home\n\n127.0.0.1:${port}  # bob\r\nlocalhost\n`;
  const file = await ann.file("hosts.txt", list);
  for (
    const [args, stdin] of [[["--file", file]], [["-"], list], [["--file", "-"], list]] as const
  ) {
    const input = stdin === undefined ? {} : { stdin };
    const found: Asked[] = await ann.json(["scan", ...args, "--port", port], input);
    assertEquals(found.map(({ url }) => url).sort(), [
      bob.endpoint,
      `http://localhost:${port}`,
    ]);
  }
  const { error } = await ann.json(["scan", "-"], { stdin: "# nothing\n", code: 2 });
  assertEquals(error, "usage");
  assertEquals((await ann.json(["scan", "--file", "gone"], { code: 3 })).error, "not_found");
  const binary = await ann.file("binary", Uint8Array.of(0xff, 0xfe));
  await ann.run(["scan", "--file", binary], { code: 4 });
});

Deno.test("what cannot be scanned is said before anything is asked", async () => {
  await using ann = await TestNode.empty("ann");
  for (const target of ["10.0.0.0/99", "http://user:pw@host", "a b", "10.0.0.0/8", "host:0"]) {
    const { error, hint } = await ann.json(["scan", target], { code: 2 });
    assertEquals([target, error, typeof hint], [target, "usage", "string"]);
  }
  for (const flag of ["--port=0", "--timeout=never", "--concurrency=0", "--concurrency=5000"]) {
    const { error } = await ann.json(["scan", "127.0.0.1", flag], { code: 2 });
    assertEquals([flag, error], [flag, "usage"]);
  }
});

Deno.test("Ctrl-C ends a scan, and what was found is printed", async () => {
  await using ann = await TestNode.empty("ann");
  await using bob = await TestNode.named("bob");
  await using _bobServes = await bob.serve();
  using silent = silentListener();
  const args = ["scan", `127.0.0.1:${bob.port},${silent.port}`, "--timeout", "30s"];
  await using run = ann.start(args);
  await run.until("bob", () => run.stdout.includes("(bob)") || undefined);
  run.kill("SIGINT");
  const { code, stdout, stderr } = await run.end(2_000);
  assertEquals(code, 130);
  assertMatch(stdout, /Bob \(bob\) .+ new\n$/);
  assertMatch(stderr, /1 agent found, 1 of 2 addresses asked in \S+ s\. It was interrupted\./);
});

Deno.test("an interrupted scan for a program is one document as well", async () => {
  await using ann = await TestNode.empty("ann");
  await using bob = await TestNode.named("bob");
  await using _bobServes = await bob.serve();
  using silent = silentListener();
  const targets = [`127.0.0.1:${bob.port},${silent.port}`, "--timeout", "30s"];
  await using run = ann.start(["scan", "--json", ...targets]);
  await silent.called;
  // Bob answers within milliseconds, and no sign of it is to be seen from outside.
  await new Promise((resolve) => setTimeout(resolve, 500));
  run.kill("SIGINT");
  const { code, stdout } = await run.end(2_000);
  assertEquals([code, JSON.parse(stdout).length, JSON.parse(stdout)[0].url], [
    130,
    1,
    bob.endpoint,
  ]);
});

Deno.test("the deadline ends a scan, which says so", async () => {
  await using ann = await TestNode.empty("ann");
  using silent = silentListener();
  const started = performance.now();
  const limits = ["--timeout", "30s", "--deadline", "300ms"];
  const { stderr } = await ann.run(["scan", `127.0.0.1:${silent.port}`, ...limits]);
  assertLess(performance.now() - started, 5_000);
  assertMatch(stderr, /0 of 1 addresses asked in 0\.\d s\. The deadline came first: --deadline/);
});

Deno.test("a peer that was set up anew is shown as KEY CHANGED, and is not trusted", async () => {
  await using ann = await TestNode.named("ann");
  await using bob = await TestNode.named("bob");
  await trust(ann, bob);
  await using _annServes = await ann.serve();
  const before = (await bob.open()).identity.card.fingerprint;
  const again = ["init", "--agent-id", "bob", "--endpoint", bob.endpoint];
  const refused = await bob.run(again, { code: 5 });
  assertStringIncludes(refused.stderr, "mesh init --force replaces it and keeps a backup");
  const { stderr } = await bob.run([...again, "--force"]);
  const [, backup = ""] = /The old identity was kept in (.+)\.\n/.exec(stderr) ?? [];
  assertStringIncludes(await Deno.readTextFile(`${backup}/identity.json`), before);
  await using _bobServes = await bob.serve();
  const { stdout } = await ann.run(["scan", `127.0.0.1:${bob.port}`]);
  assertMatch(stdout, / KEY CHANGED\n$/);
  const asked = await bob.json(["request-contact", ann.endpoint], { code: 4 });
  assertStringIncludes(asked.message, 'key_changed: "bob" is trusted here with another key');
  assertEquals((await ann.json(["peers", "show", "bob"])).fingerprint, before);
  const { stdout: table } = await ann.run(["list-requests"]);
  assertNotMatch(table, /pending/);
});

interface Asked {
  readonly url: string;
  readonly error?: string;
  readonly response?: { readonly agent: { readonly agent_id: string } };
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** Takes connections on all addresses of this machine and says nothing. */
function silentListener(): Disposable & { readonly port: number; readonly called: Promise<void> } {
  const listener = Deno.listen({ hostname: "0.0.0.0", port: 0 });
  const called = Promise.withResolvers<void>();
  const connections: Deno.Conn[] = [];
  void (async () => {
    for await (const connection of listener) {
      connections.push(connection);
      called.resolve();
    }
  })();
  return {
    port: listener.addr.port,
    called: called.promise,
    [Symbol.dispose]: () => {
      listener.close();
      for (const connection of connections) connection.close();
    },
  };
}

function webServer(): AsyncDisposable & { readonly port: number } {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("<html>It works</html>"),
  );
  assert(server.addr.port > 0);
  return { port: server.addr.port, [Symbol.asyncDispose]: () => server.shutdown() };
}
