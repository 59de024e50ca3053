/**
 * What an import found, thing by thing, and what becomes of it. Nothing here touches a disk: texts of files
 * come in, plans and findings go out.
 *
 * @module
 */

/**
 * What becomes of a thing: it is `taken`; it is `there` already and stays as it is; it is kept for `later`,
 * as there is no use for it yet; it has no use here and is `ignored`; or it is `refused`, with the reason.
 */
export type Fate = "taken" | "there" | "later" | "ignored" | "refused";

/** One thing that was found. */
export interface Finding {
  /** The file that it was found in. */
  readonly file: string;
  /** What it is called there; empty for the file as a whole. */
  readonly item: string;
  /** What becomes of it. */
  readonly fate: Fate;
  /** Why, or as what, in words. Never a secret. */
  readonly detail: string;
}

/** The files of OGP's own program. Source: its state folder, versions 0.2 and 0.7. */
export const FILES = {
  config: "config.json",
  keypair: "keypair.json",
  peers: "peers.json",
  /** Under either name, by version. */
  intents: ["intents.json", "intent-registry.json"],
  projects: "projects.json",
  policies: "agent-comms-config.json",
  activity: "activity.log",
  pid: "daemon.pid",
} as const;
