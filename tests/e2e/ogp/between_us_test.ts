/**
 * Two gateways of ours through the whole life of a federation, stopped and killed at every turn: nothing
 * is lost, nothing is there twice.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { eventually } from "../eventually.ts";
import { EXIT, OurGateway } from "./helpers.ts";

type Pair = readonly [OurGateway, OurGateway];

async function killBoth(pair: Pair): Promise<void> {
  await Promise.all(pair.map((one) => one.down("SIGKILL")));
  await Promise.all(pair.map((one) => one.up()));
}

async function keyOf(gateway: OurGateway): Promise<string> {
  return (await gateway.card()).publicKey;
}

async function arrive(gateway: OurGateway, texts: readonly string[]): Promise<void> {
  const all = async () => (await gateway.texts()).toSorted();
  await eventually(
    `${texts.length} messages at ${gateway.node.name}`,
    async () => (await all()).length >= texts.length,
    60_000,
  );
  assertEquals(await all(), texts.toSorted());
}

Deno.test("a federation of two of ours, from the first request to the second one, amid kills", async () => {
  await using ann = await OurGateway.start("ann");
  await using bob = await OurGateway.start("bob");
  const pair = [ann, bob] as const;
  const [annKey, bobKey] = await Promise.all(pair.map(keyOf)) as [string, string];

  // Asked while both are up, decided after both were killed, told to one that is down.
  await ann.json(["request", bob.url, "--alias", "bob"]);
  await killBoth(pair);
  await ann.down("SIGKILL");
  await bob.json(["approve", annKey], EXIT.queued);
  await bob.down("SIGKILL");
  await Promise.all(pair.map((one) => one.up()));
  await ann.becomes(bobKey, "approved");

  // Written while the other is down, and one after the other while both come and go.
  const said: string[] = [];
  const say = async (text: string) => {
    said.push(text);
    return await ann.tries(["send", "bob", "message", JSON.stringify({ text })]);
  };
  await bob.down("SIGKILL");
  assertEquals((await say("while you were away")).code, EXIT.queued);
  await ann.down("SIGKILL");
  await Promise.all(pair.map((one) => one.up()));
  for (let n = 1; n <= 6; n++) {
    const victim = pair[n % 2]!;
    await Promise.all([say(`message ${n}`), victim.down("SIGKILL")]);
    await victim.up();
  }
  await arrive(bob, said);

  // A question whose answer finds the asker down.
  const asked = ann.begin(["agent", "bob", "queries", "well?", "--wait", "--timeout", "60000"]);
  await using _asked = asked;
  const nonce = await eventuallyNonce(bob);
  await ann.down("SIGKILL");
  await bob.tries(["reply", nonce, "fine"]);
  await killOne(bob);
  await ann.up();
  const { code, stdout } = await asked.end();
  assertEquals([code, JSON.parse(stdout).receipt], [0, "replied"]);

  // Ended while the other is down; it hears of it, and what it sends is refused.
  await ann.down("SIGKILL");
  await bob.json(["remove", annKey]);
  assertEquals(
    (await ann.tries(["send", "bob", "message", '{"text":"still there?"}'])).code,
    EXIT.refused,
  );
  await ann.up();
  await ann.becomes(bobKey, "removed");

  // And anew.
  await bob.json(["request", ann.url]);
  await killBoth(pair);
  await ann.json(["approve", bobKey]);
  await bob.becomes(annKey, "approved");
  assertEquals((await say("again")).code, 0);
  await arrive(bob, said);
});

async function killOne(gateway: OurGateway): Promise<void> {
  await gateway.down("SIGKILL");
  await gateway.up();
}

async function eventuallyNonce(gateway: OurGateway): Promise<string> {
  let nonce: string | undefined;
  await eventually("the question", async () => {
    const question = (await gateway.messages()).find(({ intent }) => intent === "agent-comms");
    nonce = question?.nonce;
    return nonce !== undefined;
  });
  return nonce ?? "";
}
