/**
 * Resolving names that a peer chose: once, and only to addresses that a peer can have, so that a name
 * cannot lead to services of this machine or to a cloud's metadata address.
 *
 * @module
 */
import type { LookupFunction } from "node:net";
import { addressKind } from "./address.ts";

/** The code of the error for a name all of whose addresses are refused. */
export const REFUSED_ADDRESS = "EREFUSEDADDRESS";

/**
 * Puts a guard before a resolver. Literal addresses never get here: the owner saw them.
 *
 * @param lookup The resolver, as `node:dns` has it.
 * @returns A resolver that leaves out what is not public or private; only `localhost` may be loopback.
 */
export function guardedLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, [], 0);
      const local = hostname === "localhost" || hostname.endsWith(".localhost");
      const usable = (Array.isArray(found) ? found : []).filter(({ address }) => {
        const kind = addressKind(address);
        return kind === "public" || kind === "private" || (local && kind === "loopback");
      });
      const [first] = usable;
      if (!first) return callback(refusal(), [], 0);
      if (options.all) return callback(null, usable);
      return callback(null, first.address, first.family);
    });
  };
}

function refusal(): NodeJS.ErrnoException {
  return Object.assign(new Error("The name resolves to no address that a peer can have"), {
    code: REFUSED_ADDRESS,
  });
}
