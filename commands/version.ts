/**
 * Which version this is.
 *
 * @module
 */
import denoJson from "../deno.json" with { type: "json" };

/** The program's version. */
export const VERSION: string = denoJson.version;
