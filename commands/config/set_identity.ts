/**
 * Changing what others see of this node, and never who it is.
 *
 * @module
 */
import { MeshError, messageOf } from "../../lib/error.ts";
import { identityIssue } from "../../lib/mesh/identity_shape.ts";
import type { MeshState } from "../../lib/mesh/state.ts";
import { parsePeerUrl } from "../../lib/net/post.ts";
import { JsonObject } from "../../lib/signing/json.ts";
import { toPlain } from "../../lib/signing/json_plain.ts";

/** What can be changed without becoming somebody else. */
const CHANGEABLE: readonly string[] = ["endpoint", "display_name"];

/**
 * Changes a field of `identity.json`.
 *
 * @param state The state directory.
 * @param keys The field.
 * @param value Its value.
 * @throws {MeshError} `usage` for other fields and values that cannot be, `not_initialized` without an
 * identity.
 */
export async function setIdentity(
  state: MeshState,
  keys: readonly string[],
  value: unknown,
): Promise<void> {
  const [field = ""] = keys;
  if (!CHANGEABLE.includes(field) || keys.length > 1) {
    throw new MeshError("usage", `identity.${keys.join(".")} is who this node is, and stays`, {
      hint: "a new identity, with the old one kept as a backup: mesh init --force",
    });
  }
  if (typeof value !== "string") {
    throw new MeshError("usage", `identity.${field} has to be a text`);
  }
  if (field === "endpoint") assertEndpoint(value);
  await state.store.withLock("identity", async () => {
    await state.documents.update("identity", (identity) => {
      if (!identity) {
        throw new MeshError("not_initialized", `There is no identity in "${state.root}"`, {
          hint: "mesh init",
        });
      }
      const changed = new JsonObject(identity).set(field, value);
      const issue = identityIssue(toPlain(changed));
      if (!issue) return changed;
      throw new MeshError("usage", `Cannot use this ${issue.field}: ${issue.problem}`);
    });
  });
}

function assertEndpoint(value: string): void {
  try {
    parsePeerUrl(value);
  } catch (cause) {
    throw new MeshError("usage", messageOf(cause), {
      hint: "mesh config set identity.endpoint http://192.168.1.20:8787",
      cause,
    });
  }
}
