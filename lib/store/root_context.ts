/**
 * What all collections of one root share.
 *
 * @module
 */

import type { DamageReporter } from "./damage.ts";
import type { DirectorySync } from "./directory_sync.ts";
import type { FileSystem } from "./file_system.ts";
import type { Gate } from "./gate.ts";
import type { Locks } from "./locks.ts";

/** What all collections of one root share. */
export interface RootContext {
  /** The root's path. */
  readonly root: string;
  /** The file system to work on. */
  readonly fs: FileSystem;
  /** Makes names durable. */
  readonly syncs: DirectorySync;
  /** The locks of the root. */
  readonly locks: Locks;
  /** Milliseconds to wait for a lock that is held. */
  readonly lockTimeout: number;
  /** Limits the files that are open for writing at once. */
  readonly gate: Gate;
  /** Where damage is reported. */
  readonly damage: DamageReporter;
  /** How many records a folder has from which on it gets an arrivals journal, if it is to have one. */
  readonly journalFrom: number;
  /** Whether nothing may be changed. */
  readonly readonly: boolean;
}
