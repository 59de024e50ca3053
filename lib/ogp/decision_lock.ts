/**
 * The lock of decisions: who stands where with us changes one step at a time, in all processes on a root.
 *
 * @module
 */
import type { OgpState } from "./state.ts";

/**
 * Runs one step that changes standings. Nothing is sent and nobody is waited for inside.
 *
 * @param state The state.
 * @param work The step. Must not take this lock again.
 * @returns What the step returns.
 * @throws {MeshError} `locked` if other steps take longer than 10 s.
 */
export async function deciding<R>(
  state: Pick<OgpState, "store">,
  work: () => Promise<R>,
): Promise<R> {
  return await state.store.withLock("ogp-decisions", work);
}
