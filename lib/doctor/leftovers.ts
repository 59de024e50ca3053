/**
 * What processes that were killed left behind.
 *
 * @module
 */
import { type Check, ok, warning } from "./check.ts";
import { count } from "./words.ts";

/** Looks for temporary files whose writer must be dead. They are harmless, but take room. */
export const leftovers: Check = {
  name: "leftovers",
  async run(context) {
    const { leftovers: { count: number } } = await context.survey();
    if (number === 0) return ok("No process left temporary files behind");
    const were = number === 1 ? "was" : "were";
    const what = `${count(number, "temporary file")} ${were} left by processes that were killed`;
    if ((await context.running()).length > 0) {
      return ok(`${what}; the next start of mesh serve removes them`);
    }
    return warning(`${what}; mesh serve removes them when it starts`, context.command("serve"));
  },
};
