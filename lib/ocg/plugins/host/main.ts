/**
 * The program of a plugin's host: follows the orders that come in on its standard input, and ends with it.
 *
 * @module
 */
import process from "node:process";
import { failureOf, wordsOf } from "./failure.ts";
import { Host } from "./host.ts";
import { takeStdio } from "./stdio.ts";
import { watchGateway } from "./watchdog.ts";
import { readLine, type ToHost } from "./wire.ts";

const wire = takeStdio();
const host = new Host((news) => wire.say(news));

process.on("unhandledRejection", (error) => {
  wire.say({ say: "log", text: `A failure that the plugin does not look at: ${wordsOf(error)}` });
});
process.on("uncaughtException", (error) => {
  process.stderr.write(`The plugin failed: ${wordsOf(error)}\n`);
  process.exit(1);
});
// Ctrl-C is for the gateway, which then tells us.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => end());

let ending = false;
function end(): void {
  if (ending) return;
  ending = true;
  host.close().catch(() => {}).finally(() => process.exit(0));
}

async function answer(line: string): Promise<void> {
  const said = readLine(line) as ToHost | undefined;
  if (said === undefined) return;
  if ("took" in said) return host.took(said.took, said.ok);
  const { id, ...order } = said;
  try {
    wire.say({ id, ok: true, value: await host.follow(order) ?? null });
  } catch (error) {
    wire.say({ id, ok: false, failure: failureOf(error) });
  }
  if (order.do === "stop") end();
}

watchGateway();
wire.listen((line) => void answer(line), end);
