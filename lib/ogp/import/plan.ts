/**
 * What an import would do: the files of OGP's own program, each read, checked, and turned into what we
 * store. One that is damaged is reported, and the rest is taken.
 *
 * @module
 */
import { codeOf, MeshError, messageOf } from "../../error.ts";
import type { PrivateKey } from "../../identity/private_key.ts";
import { type ImportedConfig, readOgpConfig } from "./config.ts";
import { FILES, type Finding } from "./finding.ts";
import { keepJson, keepLog, type KeptFile } from "./kept.ts";
import { readKeypair } from "./keypair.ts";
import type { ImportedPeer } from "./peer.ts";
import { readPeers } from "./peers.ts";

/** The files that there are, by name. An error is why one that is there could not be read. */
export type FileTexts = ReadonlyMap<string, string | MeshError>;

/** What it is judged by. */
export interface PlanContext {
  /** Our own key as DER, if there is one. */
  readonly ownKey?: string | undefined;
  /** The secret of an encrypted key, if the owner gave it. */
  readonly secret?: string | undefined;
  /** The present. */
  readonly now: Date;
}

/** What an import would do. */
export interface ImportPlan {
  /** The key. */
  readonly key: PrivateKey | undefined;
  /** The configuration. */
  readonly values: ImportedConfig["values"];
  /** The peers. */
  readonly peers: readonly ImportedPeer[];
  /** Files that are kept for later, by the name under which they are. */
  readonly kept: ReadonlyMap<string, KeptFile>;
  /** What was found wanting, and why. */
  readonly findings: readonly Finding[];
}

/**
 * Plans an import.
 *
 * @param files The files.
 * @param context What they are judged by.
 * @returns The plan.
 */
export function planImport(files: FileTexts, { ownKey, secret, now }: PlanContext): ImportPlan {
  const findings: Finding[] = [];
  const kept = new Map<string, KeptFile>();
  /** Reads one file; what is wrong with it is a finding, and the import goes on. */
  const read = <T>(file: string, reader: (text: string) => T): T | undefined => {
    const text = files.get(file);
    if (text === undefined) return undefined;
    try {
      if (text instanceof MeshError) throw text;
      return reader(text);
    } catch (error) {
      if (codeOf(error) === "unexpected") throw error;
      const hint = error instanceof MeshError && error.hint ? `; ${error.hint}` : "";
      findings.push({ file, item: "", fate: "refused", detail: messageOf(error) + hint });
      return undefined;
    }
  };
  const config = read(FILES.config, readOgpConfig);
  findings.push(...config?.findings ?? []);
  const named = config?.secrets ?? {};
  const key = read(FILES.keypair, (text) => readKeypair(text, { named, given: secret }));
  const self = ownKey ?? key?.publicKey.der;
  const found = read(FILES.peers, (text) => readPeers(text, { ownKey: self, now }));
  findings.push(...found?.findings ?? []);
  const keep = (file: string, reader: (text: string) => KeptFile) => {
    const whole = read(file, reader);
    if (whole) kept.set(file, whole);
  };
  for (const file of FILES.intents) keep(file, (text) => keepJson(text, "intent"));
  keep(FILES.projects, (text) => keepJson(text, "project"));
  keep(FILES.policies, (text) => keepJson(text, "setting"));
  keep(FILES.activity, keepLog);
  const peers = found?.peers ?? [];
  for (const [name, file] of keptOf(config, peers)) kept.set(name, file);
  return { key, values: config?.values ?? {}, peers, kept, findings };
}

/** What is kept out of files whose rest is taken. */
function keptOf(
  config: ImportedConfig | undefined,
  peers: readonly ImportedPeer[],
): [string, KeptFile][] {
  const policies = peers.filter(({ policy }) => policy !== undefined)
    .map(({ record: { publicKey }, policy }) => [publicKey, policy]);
  const later = config?.later ?? {};
  const kept: [string, KeptFile][] = [];
  if (Object.keys(later).length > 0) {
    const detail = Object.keys(later).join(", ");
    kept.push([FILES.config, { text: printed(later), detail }]);
  }
  if (policies.length > 0) {
    const detail = `how to answer ${policies.length} ${policies.length === 1 ? "peer" : "peers"}`;
    kept.push(["peer-policies.json", { text: printed(Object.fromEntries(policies)), detail }]);
  }
  return kept;
}

function printed(value: unknown): string {
  return JSON.stringify(value, null, 2) + "\n";
}
