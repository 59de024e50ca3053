/**
 * The owner's own names and labels for gateways, whatever their standing.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { deciding } from "./decision_lock.ts";
import { chooseId, type Federation, findFederation } from "./peers.ts";
import { type OgpState, peerName } from "./state.ts";

/** What to change. */
export interface LabelChanges {
  /** The new alias; `null` for none. */
  readonly alias?: string | null | undefined;
  /** Tags to add. */
  readonly addTags?: readonly string[] | undefined;
  /** Tags to take away. */
  readonly removeTags?: readonly string[] | undefined;
}

/** Most characters of an alias, an id or a tag. */
const LONGEST = 100;

/** Most tags of a gateway. */
const MOST_TAGS = 50;

/**
 * Changes alias and tags of a gateway, on every record about it.
 *
 * @param node This gateway.
 * @param selector Which one, as `findFederation` takes it.
 * @param changes What to change.
 * @returns The gateway as it is now.
 * @throws {MeshError} `not_found`, `ambiguous`, `usage` for a name that cannot be, `exists` for an alias
 * that another one has.
 */
export async function changeLabels(
  { state }: { readonly state: OgpState },
  selector: string,
  { alias, addTags = [], removeTags = [] }: LabelChanges,
): Promise<Federation> {
  addTags.forEach((tag) => checkLabel("tag", tag));
  return await deciding(state, async () => {
    const { publicKey, ...found } = await findFederation(state, selector);
    if (typeof alias === "string") await checkName(state, publicKey, "alias", alias);
    const tags = [...new Set([...found.tags, ...addTags])].filter((tag) =>
      !removeTags.includes(tag)
    );
    if (tags.length > MOST_TAGS) {
      throw new MeshError("usage", `A peer can have ${MOST_TAGS} tags at most`);
    }
    const labels = { tags, alias: alias === undefined ? found.alias : alias ?? undefined };
    const name = peerName(publicKey);
    const { peers, requestsIn, requestsOut } = state;
    await peers.update(name, (record) => record && { ...record, ...labels });
    await requestsIn.update(name, (record) => record && { ...record, ...labels });
    await requestsOut.update(name, (record) => record && { ...record, ...labels });
    return await findFederation(state, publicKey);
  });
}

/**
 * Checks a name that an owner gives: that it can be one, and that no other gateway has it.
 *
 * @param state The state.
 * @param publicKey Whose name it is to be.
 * @param what What it is, for the error.
 * @param name The name.
 * @throws {MeshError} `usage` or `exists`.
 */
export async function checkName(
  state: OgpState,
  publicKey: string,
  what: "alias" | "id",
  name: string,
): Promise<void> {
  checkLabel(what, name);
  if (/^https?:/i.test(name)) throw new MeshError("usage", `A URL cannot be an ${what}`);
  await chooseId(state, publicKey, name);
}

function checkLabel(what: string, text: string): void {
  if (text.length > 0 && text.length <= LONGEST && !/[\p{C}]|^\s|\s$/u.test(text)) return;
  throw new MeshError("usage", `Cannot use ${JSON.stringify(text.slice(0, LONGEST))} as ${what}`, {
    hint: `1 to ${LONGEST} characters without control characters`,
  });
}
