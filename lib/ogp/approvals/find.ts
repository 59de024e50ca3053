/**
 * Looking up what waits for the owner.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { type IncomingMessage, incomingMessageOf } from "../incoming.ts";
import type { OgpState } from "../state.ts";
import { type Approval, approvals } from "./record.ts";

/** A decision that is to be made or was made, with its message. */
export interface AskedMessage {
  /** The name of the message's record, and of the approval's. */
  readonly name: string;
  /** What is asked, or was decided. */
  readonly approval: Approval;
  /** The message, unless its record is gone. */
  readonly message?: IncomingMessage | undefined;
}

type State = Pick<OgpState, "store" | "messagesIn">;

const HINT = "mesh approvals list";

/**
 * What waits for the owner, oldest first.
 *
 * @param state The state.
 * @param all Whether what was decided is listed as well.
 * @returns The messages.
 */
export async function listApprovals(state: State, all = false): Promise<AskedMessage[]> {
  const { entries } = await approvals(state).list();
  const wanted = entries.filter(({ value }) => all || value.status === "pending");
  const found = await Promise.all(wanted.map(({ id, value }) => withMessage(state, id, value)));
  return found.sort((a, b) => a.approval.askedAt < b.approval.askedAt ? -1 : 1);
}

/**
 * Finds the message that an owner means.
 *
 * @param state The state.
 * @param selector Its nonce, the name of its record, or the beginning of either.
 * @returns The message, one that waits before one that was decided.
 * @throws {MeshError} `not_found`, or `ambiguous` with the candidates.
 */
export async function findApproval(state: State, selector: string): Promise<AskedMessage> {
  const { entries } = await approvals(state).list();
  const pending = entries.filter(({ value }) => value.status === "pending");
  for (const among of selector === "" ? [] : [pending, entries]) {
    const exact = among.filter(({ id, value }) => id === selector || value.nonce === selector);
    const matches = exact.length > 0
      ? exact
      : among.filter(({ id, value }) =>
        id.startsWith(selector) || value.nonce.startsWith(selector)
      );
    const [only] = matches;
    if (only && matches.length === 1) return await withMessage(state, only.id, only.value);
    if (only) {
      const list = matches.slice(0, 5).map(({ id }) => id).join(", ");
      throw new MeshError("ambiguous", `"${selector}" matches several: ${list}`, { hint: HINT });
    }
  }
  throw new MeshError("not_found", `Nothing that waits for you matches "${selector}"`, {
    hint: HINT,
  });
}

async function withMessage(state: State, name: string, approval: Approval): Promise<AskedMessage> {
  const value = await state.messagesIn.get(name);
  return { name, approval, message: value && incomingMessageOf({ id: name, value }) };
}
