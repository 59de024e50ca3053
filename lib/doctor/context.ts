/**
 * What the checks look at, and what several of them need and only one should have to fetch.
 *
 * @module
 */
import { type IdentityRecord, readIdentity } from "../mesh/identity_record.ts";
import { checkedIdentity } from "../mesh/identity_shape.ts";
import { type MeshState, openMeshState } from "../mesh/state.ts";
import { listRunning, type Running } from "../run/run_file.ts";
import { findOcgConfig } from "../ocg/config_file.ts";
import { type OgpState, openOgpState } from "../ogp/state.ts";
import type { DamageReport } from "../store/damage.ts";
import { askPeers, type PeerAnswer } from "./peer_answers.ts";
import { type Survey, survey } from "./survey.ts";
import { shellWord } from "./words.ts";

/** A node as the checks see it. What is a function is fetched once, when a check first asks for it. */
export interface DoctorContext {
  /** The state directory's collections. */
  readonly state: MeshState;
  /** The same of OGP. */
  readonly ogp: OgpState;
  /** This program's version. */
  readonly version: string;
  /** Reads an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** The damage that was met so far; grows while the checks run. */
  readonly damage: readonly DamageReport[];
  /** The present. */
  readonly now: () => Date;
  /** Milliseconds that a question to one node may take. */
  readonly probeMs: number;
  /**
   * The command line of a command of this program, for the state directory that is looked at.
   *
   * @param command The command with its flags, such as `queue list`.
   * @param args Its arguments, whatever is in them.
   */
  readonly command: (command: string, ...args: string[]) => string;
  /** The public side of the identity; rejects if there is none, or none that is sound. */
  readonly identity: () => Promise<IdentityRecord>;
  /** Whether it has no identity and needs none: it only runs chat channels. */
  readonly onlyChannels: () => Promise<boolean>;
  /** The daemons on this state directory. */
  readonly running: () => Promise<readonly Running[]>;
  /** What all peers answer. */
  readonly peers: () => Promise<readonly PeerAnswer[]>;
  /** The files and folders of the state directory. */
  readonly survey: () => Promise<Survey>;
}

/** How to look. */
export interface DoctorOptions {
  /** This program's version. Default: not known. */
  readonly version?: string;
  /** Reads an environment variable. Default: none is set. */
  readonly env?: (name: string) => string | undefined;
  /** Name the state directory in commands: it is not the one that they would take. */
  readonly nameRoot?: boolean;
  /** The clock; for tests. */
  readonly now?: () => Date;
  /** Milliseconds that a question to one node may take. Default 3,000. */
  readonly probeMs?: number;
  /** Milliseconds that the questions to all peers may take together. Default 7,000. */
  readonly peersMs?: number;
}

/**
 * Prepares to look at a state directory. Nothing is read yet.
 *
 * @param root The state directory; need not exist.
 * @param options How to look.
 * @returns What checks are given.
 */
export function openDoctor(root: string, options: DoctorOptions = {}): DoctorContext {
  const { now = () => new Date(), probeMs = 3_000, peersMs = 7_000, nameRoot = false } = options;
  const damage: DamageReport[] = [];
  const onDamage = (report: DamageReport) => damage.push(report);
  const state = openMeshState(root, { onDamage });
  const stateDir = nameRoot ? ["--state-dir", shellWord(root)] : [];
  return {
    state,
    ogp: openOgpState(root, { onDamage }),
    version: options.version ?? "unknown",
    env: options.env ?? (() => undefined),
    damage,
    now,
    probeMs,
    command: (command, ...args) => {
      const escape = args.some((arg) => arg.startsWith("-")) ? ["--"] : [];
      return ["mesh", command, ...stateDir, ...escape, ...args.map(shellWord)].join(" ");
    },
    identity: once(async () => checkedIdentity(await readIdentity(state))),
    onlyChannels: once(() => onlyChannels(root, options.env ?? (() => undefined))),
    running: once(() => listRunning(root)),
    peers: once(() => askPeers(state, { timeoutMs: probeMs, deadlineMs: peersMs })),
    survey: once(() => survey(root, now())),
  };
}

async function onlyChannels(root: string, env: DoctorContext["env"]): Promise<boolean> {
  for (const name of ["identity.json", "private_key.pem", "public_key.pem"]) {
    if (await isThere(`${root}/${name}`)) return false;
  }
  return await isThere(await findOcgConfig(root, env));
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => result ??= work();
}
