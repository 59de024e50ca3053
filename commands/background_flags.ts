/**
 * The flags of commands that can go on in the background.
 *
 * @module
 */

/** What they tell. */
export interface BackgroundFlags {
  /** Whether to go on without the terminal. */
  readonly background: boolean;
  /** Whether this is what goes on: all is said to a log. */
  readonly log: boolean;
}

/**
 * Declares them.
 *
 * @param name What the log is called, such as `ogp`.
 * @returns The declarations of {@link BackgroundFlags}.
 */
export function backgroundFlags(name: string): Record<string, unknown> {
  return {
    background: {
      kind: "boolean",
      brief: "Go on without this terminal",
      default: false,
      withNegated: false,
    },
    // What --background starts.
    log: {
      kind: "boolean",
      brief: `Write to run/${name}.log in the state directory instead of the terminal`,
      default: false,
      withNegated: false,
      hidden: true,
    },
  };
}
