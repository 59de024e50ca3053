/**
 * A browser at the chat page: opens the link, says something, and prints what comes back.
 *
 * Run it with the link and the sentence.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script's output is its result

import { eventually } from "../e2e/eventually.ts";
import { Visitor } from "../e2e/ocg/visitor.ts";

if (import.meta.main) {
  const [link = "", sentence = ""] = Deno.args;
  const visitor = await Visitor.open(link);
  const said = await visitor.say(sentence);
  if (!said.ok) throw new Error(`The page was answered ${said.status}`);
  const answer = await eventually("an answer", async () => {
    const room = await visitor.history();
    const own = room.findIndex(({ from, text }) => from === "person" && text === sentence);
    return own >= 0 && room.slice(own).find(({ from, text }) => from === "bot" && text !== "");
  }, 60_000);
  console.log(answer.text);
}
