/**
 * The intents that are about projects. Source: the Open Gateway Protocol, versions 0.2 and 0.7.
 *
 * @module
 */

/** One of them. */
export type ProjectIntent =
  | "project.join"
  | "project.contribute"
  | "project.query"
  | "project.status";

/** All of them. */
export const PROJECT_INTENTS: readonly ProjectIntent[] = [
  "project.join",
  "project.contribute",
  "project.query",
  "project.status",
];

/**
 * Whether an intent is about projects.
 *
 * @param intent The intent, as received.
 * @returns Whether it is one of {@link PROJECT_INTENTS}.
 */
export function isProjectIntent(intent: string): intent is ProjectIntent {
  return PROJECT_INTENTS.some((one) => one === intent);
}
