/**
 * OGP between two gateways, with an agent behind one of them.
 *
 * @module
 */
import type { Machine } from "../machine.ts";

const AGENT = new URL("../agent.ts", import.meta.url);

/**
 * Federates, and has one agent ask the other.
 *
 * @param anna The one who asks.
 * @param bert The one whose agent answers.
 */
export async function federate(anna: Machine, bert: Machine): Promise<void> {
  await setUp(anna);
  await anna.types("mesh stop", { shows: /has stopped/ });
  await anna.types("mesh up --background", { shows: /^mesh up runs .*OGP on port 18790/ });
  // What setup proposes: a gateway of its own beside what runs.
  await setUp(bert);
  await bert.types("mesh ogp start --background", { shows: /^The gateway runs: / });

  await bert.runs(AGENT).says("listening");
  const target = '{"type":"agent","url":"http://127.0.0.1:11434","model":"llama3.2"}';
  await bert.types(`mesh config set notify.targets.local '${target}'`, { shows: /counts at once/ });
  await bert.types("mesh config set notify.default local", { shows: /is local now/ });

  await anna.types(`mesh ogp federation request http://${bert.address}:18790 --alias bert`, {
    shows: /^bert \(Bert\) has the request; it says: pending\n/,
  });
  await bert.types("mesh ogp federation list --status pending", { shows: /pending: asks us/ });
  const granted = "--intents message,agent-comms --topics planning --rate 100/3600";
  await bert.types(`mesh ogp federation approve anna ${granted}`, { shows: /^Anna is approved\./ });
  await anna.awaits("mesh ogp federation list", /bert \(Bert\) .* approved/);
  const question = `bert planning "Where do you keep notes?" --wait`;
  await anna.types(`mesh ogp federation agent ${question}`, {
    shows: /replied to .*:\n.*Where do you keep notes\? I say: yes\.\n/,
  });
  await refuse(anna);
}

/** What was not granted is refused, doctor tells of the message, and its hint mends it. */
async function refuse(anna: Machine): Promise<void> {
  const question = `bert finances "What do you earn?"`;
  await anna.types(`mesh ogp federation agent ${question}`, { code: 4, shows: /not allowed/ });
  await anna.types("mesh doctor", {
    shows: /warning +queue +1 message to "bert" was given up\n +fix: mesh queue list\n/,
  });
  const list = await anna.types("mesh queue list", { shows: /mesh queue drop MESSAGE/ });
  const [message = ""] = /^[0-9a-f-]{36}/m.exec(list) ?? [];
  await anna.types(`mesh queue drop ${message}`, { shows: /^Dropped / });
}

async function setUp(machine: Machine): Promise<void> {
  const answers = { gatewayUrl: `http://${machine.address}:18790`, host: "0.0.0.0" };
  const setup = "mesh ogp setup --non-interactive --answers -";
  await machine.types(`echo '${JSON.stringify(answers)}' | ${setup}`, {
    shows: /listens +on 0\.0\.0\.0 port 18790\n/,
  });
}
