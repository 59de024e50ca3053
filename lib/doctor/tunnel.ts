/**
 * Whether the tunnel that was opened for the gateway is open still. That its address leads here is looked
 * at with the gateway's URL.
 *
 * @module
 */
import { EXPOSE, readExposed } from "../expose/exposed.ts";
import { type Check, ok, warning } from "./check.ts";

/** Looks at the tunnel, where there is or was one. */
export const tunnel: Check = {
  name: "tunnel",
  async run(context) {
    const exposed = await readExposed(context.ogp.store);
    if (!exposed) return [];
    const { url, method, pid } = exposed;
    const runs = (await context.running()).some((one) => one.name === EXPOSE && one.pid === pid);
    if (runs) return ok(`The tunnel of ${method} is open at ${url}`);
    return warning(
      `The tunnel of ${method} at ${url} has ended, so no gateway reaches this one by it`,
      context.command(`ogp expose --method ${method} --background`),
    );
  },
};
