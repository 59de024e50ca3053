/**
 * Failures that say whether trying again helps.
 *
 * @module
 */
import type { Failure } from "./wire.ts";

/** A failure that we foresaw. */
export class HostError extends Error {
  /** What kind of failure. */
  readonly kind: Failure["kind"];

  /**
   * Makes one; `throw` it.
   *
   * @param kind What kind.
   * @param text Why.
   */
  constructor(kind: Failure["kind"], text: string) {
    super(text);
    this.kind = kind;
  }
}

/**
 * Any failure as it is told.
 *
 * @param error What was thrown.
 * @returns The failure; one of the plugin's own may pass.
 */
export function failureOf(error: unknown): Failure {
  const text = wordsOf(error).slice(0, 2000);
  return { kind: error instanceof HostError ? error.kind : "later", text };
}

/**
 * What an error says, with what caused it.
 *
 * @param error What was thrown.
 * @returns One line.
 */
export function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error).replace(/\s+/g, " ");
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return `${error.message || error.name}${cause}`.replace(/\s+/g, " ");
}
