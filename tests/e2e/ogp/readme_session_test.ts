/**
 * The commands of OGP's own README, typed one after the other as a newcomer would, on a gateway with real
 * peers: each does what the README says, and says so.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { eventually } from "../eventually.ts";
import { OurGateway } from "./helpers.ts";

/** One line that is typed, and what it prints. */
interface Typed {
  /** The command line after `mesh ogp`, words in quotes kept together. */
  readonly line: string;
  /** What standard output or error must show. */
  readonly shows: RegExp;
  /** The exit code; 0 unless told otherwise. */
  readonly code?: number;
}

/** Splits a command line as a shell does, as far as the README needs it. */
function words(line: string): string[] {
  const found = line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g);
  return [...found].map(([, single, double, bare]) => single ?? double ?? bare ?? "");
}

async function type(gateway: OurGateway, session: readonly Typed[]): Promise<void> {
  for (const { line, shows, code = 0 } of session) {
    await using run = gateway.node.start(["ogp", ...words(line)]);
    const outcome = await run.end();
    const said = outcome.stdout + outcome.stderr;
    assertEquals([line, outcome.code, outcome.code === code ? "" : said], [line, code, ""]);
    assertMatch(said, shows, `$ ogp ${line}\n${said}`);
  }
}

/** A gateway whose agent is a program that answers everything with one sentence. */
async function peer(id: string, answer: string): Promise<OurGateway> {
  const gateway = await OurGateway.start(id);
  const path = `${gateway.node.env.MESH_STATE_DIR}/config.json`;
  const config = JSON.parse(await Deno.readTextFile(path));
  const targets = { echo: { type: "command", argv: ["/bin/echo", answer] } };
  const text = JSON.stringify({ ...config, notify: { default: "echo", targets } }, null, 2);
  await Deno.writeTextFile(path, text);
  await gateway.down();
  await gateway.up();
  return gateway;
}

Deno.test("the commands of the README, typed one after the other", async (t) => {
  await using david = await OurGateway.start("david");
  await using alice = await peer("alice", "All is well.");
  await using stan = await peer("stan", "I write it down.");

  await t.step("federation", async () => {
    await type(david, [
      { line: `federation ping ${alice.url}`, shows: /Alice/ },
      { line: `federation request ${alice.url} peer-alice`, shows: /has the request/ },
      { line: "federation list --status pending", shows: /peer-alice/ },
    ]);
    await type(alice, [{ line: "federation approve david", shows: /is approved/ }]);
    await type(stan, [{ line: `federation request ${david.url}`, shows: /has the request/ }]);
    await david.becomes((await alice.card()).publicKey, "approved");
    await type(david, [
      { line: "federation list --status pending", shows: /Stan/ },
      {
        line: "federation approve stan --intents agent-comms,message " +
          "--rate 100/3600 --topics memory-management,task-delegation",
        shows: /memory-management/,
      },
      { line: "federation list --status approved", shows: /Alice[^]*Stan|Stan[^]*Alice/ },
      { line: "federation scopes peer-alice", shows: /may send here/ },
      {
        line: "federation grant peer-alice --intents agent-comms --topics project-planning",
        shows: /project-planning/,
      },
    ]);
    await stan.becomes((await david.card()).publicKey, "approved");
  });

  await t.step("messages", async () => {
    await type(david, [
      { line: `federation send peer-alice message '{"text":"Hello!"}'`, shows: /Accepted/ },
      {
        line: 'federation agent peer-alice memory-management "How do you persist context?"',
        shows: /Accepted/,
      },
      {
        line: 'federation agent peer-alice task-delegation "Schedule standup" --priority high',
        shows: /Accepted/,
      },
      {
        line: `federation agent peer-alice queries "What's the status?" --wait --timeout 60000`,
        shows: /All is well\./,
      },
      {
        line: "federation send peer-alice task-request " +
          `'{"taskType":"analysis","description":"Analyze recent logs"}'`,
        shows: /Accepted/,
      },
      {
        line: "federation send peer-alice status-update " +
          `'{"status":"completed","message":"Task finished"}'`,
        shows: /Accepted/,
      },
    ]);
    // What David granted Stan, seen from Stan's side.
    await type(stan, [
      {
        line: 'federation agent david memory-management "How do you persist context?"',
        shows: /Accepted/,
      },
      {
        line: `federation agent david personal-finances "What's your budget?"`,
        shows: /Topic 'personal-finances' not allowed/,
        code: 4,
      },
    ]);
  });

  await t.step("projects", async () => {
    await type(alice, [
      { line: 'project create mobile-app "Mobile App Project" --open', shows: /mobile-app/ },
      { line: 'project create shared-app "Shared App" --members david', shows: /shared-app/ },
    ]);
    await type(david, [
      {
        line: 'project create my-app "My Awesome App" ' +
          '--description "Mobile expense tracking application"',
        shows: /my-app/,
      },
      { line: 'project contribute my-app progress "Completed authentication system"', shows: /./ },
      { line: 'project contribute my-app decision "Using PostgreSQL for persistence"', shows: /./ },
      { line: 'project contribute my-app blocker "Waiting for API key approval"', shows: /./ },
      { line: "project status my-app", shows: /My Awesome App/ },
      { line: "project query my-app --limit 10", shows: /PostgreSQL/ },
      { line: "project query my-app --type progress", shows: /authentication/ },
      { line: "project list", shows: /my-app/ },
      {
        line: 'project send-contribution peer-alice shared-app progress "Deployed staging"',
        shows: /./,
      },
      { line: "project query-peer peer-alice shared-app --limit 10", shows: /Deployed staging/ },
      { line: "project status-peer peer-alice shared-app", shows: /Shared App/ },
      {
        line: 'project request-join peer-alice mobile-app "Mobile App Project"',
        shows: /mobile-app|Mobile App/,
      },
    ]);
  });

  await t.step("intents", async () => {
    await type(david, [
      {
        line: 'intent register deployment --description "Deployment notifications"',
        shows: /deployment/,
      },
      { line: "intent list", shows: /deployment/ },
      {
        line: "federation grant peer-alice --intents deployment --rate 50/3600",
        shows: /deployment, 50 an hour/,
      },
    ]);
    await type(alice, [
      { line: `federation send david deployment '{"version":"1.2"}'`, shows: /Accepted/ },
    ]);
    await eventually("the deployment", async () => {
      return (await david.messages()).some(({ intent }) => intent === "deployment");
    });
    await type(david, [
      { line: "intent remove deployment", shows: /deployment/ },
      { line: "federation grant peer-alice --intents message,agent-comms", shows: /agent-comms/ },
    ]);
  });

  await t.step("response policies", async () => {
    await type(david, [
      { line: "agent-comms policies", shows: /summary/ },
      {
        line: 'agent-comms configure --global --topics "general,testing" --level summary',
        shows: /general/,
      },
      {
        line: 'agent-comms configure stan --topics "memory-management" --level full ' +
          '--notes "Trusted collaborator"',
        shows: /memory-management/,
      },
      { line: "agent-comms add-topic stan calendar --level escalate", shows: /calendar/ },
      {
        line: 'agent-comms configure stan,peer-alice --topics "testing,debugging" --level full',
        shows: /debugging/,
      },
      { line: "agent-comms policies stan", shows: /calendar/ },
      { line: "agent-comms remove-topic stan calendar", shows: /calendar/ },
      { line: "agent-comms reset stan", shows: /./ },
      { line: "agent-comms activity", shows: /memory-management/ },
      { line: "agent-comms activity --last 20", shows: /memory-management/ },
      { line: "agent-comms activity stan", shows: /memory-management/ },
      { line: "agent-comms logging on", shows: /on/ },
      { line: "agent-comms default off", shows: /off/ },
    ]);
    await type(alice, [
      { line: 'federation agent david gossip "Have you heard?"', shows: /not|declin/i, code: 4 },
      { line: 'federation agent david general "Hello"', shows: /Accepted/ },
    ]);
    await type(david, [{ line: "agent-comms default summary", shows: /summary/ }]);
  });

  await t.step("the gateway itself", async () => {
    await type(david, [
      { line: "status", shows: /gateway\s+David/ },
      { line: "stop", shows: /has stopped/ },
      { line: "status", shows: /David/ },
    ]);
  });
});
