/**
 * All checks, in the order in which a reader thinks: this machine, this node, the others.
 *
 * @module
 */
import { agents } from "./agents.ts";
import { channels } from "./channels.ts";
import type { Check } from "./check.ts";
import { clock } from "./clock.ts";
import { disk } from "./disk.ts";
import { endpoint } from "./endpoint.ts";
import { federation } from "./federation.ts";
import { folders } from "./folders.ts";
import { gateway } from "./gateway.ts";
import { identity } from "./identity.ts";
import { leftovers } from "./leftovers.ts";
import { peers } from "./peers.ts";
import { port } from "./port.ts";
import { queue } from "./queue.ts";
import { records } from "./records.ts";
import { requests } from "./requests.ts";
import { service } from "./service.ts";
import { tunnel } from "./tunnel.ts";
import { knowsLayout, versions } from "./versions.ts";

/** What `mesh doctor` runs. */
export const CHECKS: readonly Check[] = [
  versions,
  identity,
  folders,
  disk,
  leftovers,
  records,
  clock,
  service,
  port,
  endpoint,
  gateway,
  tunnel,
  peers,
  requests,
  federation,
  queue,
  agents,
  channels,
];

/**
 * The checks that a state directory may be looked at with. Reading sets damaged records aside, and asking
 * what runs removes what the dead have left: neither may happen to what a newer version has written.
 *
 * @param root The state directory.
 * @returns All checks, or those that look at nothing in it.
 */
export function checksFor(root: string): readonly Check[] {
  return knowsLayout(root) ? CHECKS : [versions];
}
