/**
 * How long the steps of a message's way in take, for whoever asks.
 *
 * @module
 */

/** A step that is worth measuring. */
export type Step = "verify" | "store";

/** Told of a step that was done, in milliseconds. */
export type OnStep = (step: Step, ms: number) => void;

/**
 * Does a step, and tells how long it took, also if it fails. Costs nothing where nobody asks.
 *
 * @param onStep Told of it.
 * @param step Which it is.
 * @param work The step.
 * @returns What the step returns.
 */
export function measured<R>(onStep: OnStep | undefined, step: Step, work: () => R): R {
  if (!onStep) return work();
  const begun = performance.now();
  const tell = () => onStep(step, performance.now() - begun);
  try {
    const result = work();
    if (!(result instanceof Promise)) {
      tell();
      return result;
    }
    return result.finally(tell) as R;
  } catch (error) {
    tell();
    throw error;
  }
}
