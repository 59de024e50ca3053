/**
 * Letting something that cannot be undone come to its end when everything else is interrupted.
 *
 * @module
 */

/**
 * Does work that is interrupted some time after everything else.
 *
 * @param signal Interrupts everything else; if it has already, nothing is begun.
 * @param graceMs Milliseconds that the work gets from then on.
 * @param work The work, with the signal that interrupts it.
 * @returns What the work returns.
 */
export async function withGrace<R>(
  signal: AbortSignal,
  graceMs: number,
  work: (late: AbortSignal) => Promise<R>,
): Promise<R> {
  signal.throwIfAborted();
  const late = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const onAbort = () => timer = setTimeout(() => late.abort(signal.reason), graceMs);
  signal.addEventListener("abort", onAbort);
  try {
    return await work(late.signal);
  } finally {
    signal.removeEventListener("abort", onAbort);
    clearTimeout(timer);
  }
}
