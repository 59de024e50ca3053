/**
 * Counts in one folder with others, and says in the end how often it could. Arguments: the folder, what to
 * do, a number. `take` and `spend` go on until that limit is reached; `keep` does as `take` and tells of
 * each time; `churn` tries so often under a limit that forgets quickly.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- what it says is its result

import { DayTallies } from "../../../lib/ledger/day_tallies.ts";
import { RateLedgers } from "../../../lib/ledger/rate_ledgers.ts";

const [folder, what, most] = Deno.args as [string, string, string];
using rates = new RateLedgers(folder);
using days = new DayTallies(folder);
const limit = Number(most);
let passed = 0;
if (what === "spend") {
  const budget = { messages: limit, bytes: limit * 100 };
  const now = new Date("2026-11-21T12:00:00Z");
  while ((await days.spend("shared", budget, 7, now)).ok) passed++;
} else if (what === "churn") {
  for (let n = 0; n < limit; n++) {
    const quick = { requests: 20, windowSeconds: 0.001 };
    if ((await rates.take("shared", quick, new Date())).ok) passed++;
  }
} else {
  while ((await rates.take("shared", { requests: limit, windowSeconds: 3600 }, new Date())).ok) {
    passed++;
    if (what === "keep") console.log("took");
  }
}
console.log(passed);
