/**
 * What Agent Mesh V1 fixes for everybody.
 *
 * @module
 */

/** The name and version of the protocol, as cards and identities carry it. */
export const PROTOCOL = "openclaw-agent-mesh/v1";

/** The port that a node listens on unless told otherwise, here as in the original. */
export const DEFAULT_PORT = 8787;
