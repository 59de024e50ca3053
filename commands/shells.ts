/**
 * The shells that there is a completion script for.
 *
 * @module
 */

/** Their names, as `mesh completion` takes them. */
export const SHELLS = ["bash", "zsh", "fish", "pwsh"] as const;
