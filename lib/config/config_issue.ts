/**
 * What is wrong with a section, in a sentence for its owner.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { knownKeys } from "./known_keys.ts";
import { nearest } from "./nearest.ts";

/** The parts of what a shape complains of. */
export interface ShapeComplaint {
  /** The kind, such as `unrecognized_keys`. */
  readonly code?: string | undefined;
  /** The keys that lead to it. */
  readonly path: readonly PropertyKey[];
  /** What is wrong there. */
  readonly message: string;
  /** The keys that nobody knows. */
  readonly keys?: readonly string[] | undefined;
}

const HINT = "mend config.json in the state directory";

/**
 * Makes an error of it.
 *
 * @param section The section's name.
 * @param shape What it was judged by.
 * @param issue What is wrong, if it was said.
 * @returns `config_invalid`; of a key that is not known, with the one that was probably meant.
 */
export function configIssue(
  section: string,
  shape: unknown,
  issue: ShapeComplaint | undefined,
): MeshError {
  const path = [section, ...issue?.path ?? []].map(String);
  const [unknown] = issue?.code === "unrecognized_keys" ? issue.keys ?? [] : [];
  if (unknown === undefined) {
    const sentence = `config.json: "${path.join(".")}": ${issue?.message ?? "invalid"}`;
    return new MeshError("config_invalid", sentence, { hint: HINT });
  }
  const place = path.join(".");
  const meant = nearest(unknown, knownKeys(shape, issue?.path ?? []));
  return new MeshError(
    "config_invalid",
    `config.json: "${place}" has no key "${unknown}"`,
    {
      hint: meant === undefined
        ? "mesh config show --effective"
        : `did you mean "${place}.${meant}"?`,
    },
  );
}
