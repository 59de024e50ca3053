/**
 * The people on channels: who was let in, who waits for it, and whom the file names.
 *
 * @module
 */
import { chatAccounts } from "../../../lib/ocg/accounts.ts";
import { readOcgConfig } from "../../../lib/ocg/config_file.ts";
import { listPairings } from "../../../lib/ocg/pairing.ts";
import type { OcgState } from "../../../lib/ocg/state.ts";
import type { ActionContext } from "../../define.ts";

/** One person on one account. */
export interface Person {
  /** The channel's id. */
  readonly channel: string;
  /** The account's name. */
  readonly account: string;
  /** The platform's id of the person; `*` is everybody. */
  readonly id: string;
  /** The name on the platform; `null` if it is not known. */
  readonly name: string | null;
  /** `pending` waits for the owner, `approved` was let in, `named` stands in `ocg.json`. */
  readonly status: "pending" | "approved" | "named";
  /** What the person was told, while it waits. */
  readonly code: string | null;
  /** Since when, ISO 8601; `null` for those in the file. */
  readonly since: string | null;
}

/**
 * Lists people: who waits first, then who may talk.
 *
 * @param state The state.
 * @param env The environment, to find the file.
 * @param now The present.
 * @returns The people.
 */
export async function listPeople(
  state: OcgState,
  env: ActionContext["env"],
  now: Date = new Date(),
): Promise<Person[]> {
  const { config } = await readOcgConfig(state.root, env);
  const named = chatAccounts(config, env).flatMap(({ channel, account, allowFrom }) =>
    allowFrom.map((id): Person => (
      { channel, account, id, name: null, status: "named", code: null, since: null }
    ))
  );
  const paired = (await listPairings(state, now)).map((one): Person => {
    const { channel, account, sender, status, code, askedAt, approvedAt } = one;
    const isWaiting = status === "pending";
    return {
      channel,
      account,
      id: sender.id,
      name: sender.name || null,
      status,
      code: isWaiting ? code : null,
      since: isWaiting ? askedAt : approvedAt ?? askedAt,
    };
  });
  const order = ["pending", "approved", "named"];
  return [...paired, ...named].sort((a, b) =>
    order.indexOf(a.status) - order.indexOf(b.status) ||
    (a.since ?? "").localeCompare(b.since ?? "")
  );
}

/**
 * A person as a sentence names one.
 *
 * @param person Name and id.
 * @returns Such as `Ada (42)`.
 */
export function personName({ id, name }: Pick<Person, "id" | "name">): string {
  return name && name !== id ? `${name} (${id})` : id;
}
