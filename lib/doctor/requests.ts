/**
 * Who is waiting for the owner's decision.
 *
 * @module
 */
import { listContacts } from "../mesh/contacts.ts";
import { type Check, ok, warning } from "./check.ts";
import { count, some, span } from "./words.ts";

/** A week: after that, whoever asked must think that nobody is there. */
const TOO_LONG = 7 * 24 * 3_600_000;

/** Looks at contact requests that are neither approved nor rejected. */
export const requests: Check = {
  name: "requests",
  async run(context) {
    const pending = (await listContacts(context)).filter(({ peer }) => peer === undefined);
    const [oldest] = pending;
    if (!oldest) return ok("No contact request is waiting for you");
    const wait = pending.length === 1 ? "waits" : "wait";
    const who = some([...new Set(pending.map(({ request }) => request.from.agent_id))]);
    const message = `${count(pending.length, "contact request")} ${wait} for your decision: ${who}`;
    const fix = context.command("list-requests");
    const age = context.now().getTime() - oldest.receivedAt.getTime();
    if (age <= TOO_LONG) return ok(message, fix);
    return warning(`${message}; the oldest for ${span(age)}`, fix);
  },
};
