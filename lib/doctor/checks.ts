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
import { versions } from "./versions.ts";

/** What `mesh doctor` runs. */
export const CHECKS: readonly Check[] = [
  versions,
  identity,
  folders,
  disk,
  leftovers,
  records,
  clock,
  port,
  endpoint,
  gateway,
  peers,
  requests,
  federation,
  queue,
  agents,
  channels,
];
