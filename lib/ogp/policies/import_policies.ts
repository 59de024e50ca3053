/**
 * Policies of OGP's own program, taken over. What the owner has said here already stays. Source: the
 * program's state, versions 0.2 and 0.7: `agentComms` in `config.json`, or a file of its own with the same
 * keys; and per peer `responsePolicy` and `defaultLevel` in `peers.json`.
 *
 * @module
 */
import { messageOf } from "../../error.ts";
import { change, type ChangeableState, note } from "./change_record.ts";
import { isLevel, type Level } from "./level.ts";
import {
  checkNotes,
  checkTopic,
  POLICY_LIMITS,
  type PolicyRecord,
  type TopicPolicy,
} from "./policy_record.ts";
import { GLOBAL, readPolicies } from "./policy_store.ts";

/** What became of one thing that was said there. */
export interface ImportedPolicy {
  /** Whose it is: {@link GLOBAL}, or a peer's key as DER. */
  readonly who: string;
  /** A topic, `defaultLevel`, or `activityLog`. */
  readonly item: string;
  /** `taken`; `there`: something else is set here; or `refused`. */
  readonly fate: "taken" | "there" | "refused";
  /** The level, or why not. */
  readonly detail: string;
}

type Plain = Readonly<Record<string, unknown>>;

/** What one holder's policies say, as far as it can be read. */
interface Said {
  readonly who: string;
  readonly defaultLevel?: Level;
  readonly activityLog?: "on" | "off";
  readonly topics: ReadonlyMap<string, TopicPolicy>;
  readonly refused: readonly ImportedPolicy[];
}

/**
 * Takes policies over. Doing it again changes nothing.
 *
 * @param state The state.
 * @param plain What a file holds, parsed: `config.json` with `agentComms` in it, what is in there as a file
 * of its own, or an object of `{responsePolicy, defaultLevel}` by the peers' keys as DER.
 * @param now The present.
 * @returns What became of everything that it says; empty if it says nothing about policies.
 * @throws {MeshError} `damaged` if policies here cannot be read, `io`.
 */
export async function importPolicies(
  state: ChangeableState,
  plain: unknown,
  now: Date = new Date(),
): Promise<ImportedPolicy[]> {
  const at = now.toISOString();
  const findings: ImportedPolicy[] = [];
  for (const said of holdersIn(plain, at)) findings.push(...await take(state, said));
  return findings;
}

function holdersIn(plain: unknown, at: string): Said[] {
  if (!isObject(plain)) return [];
  const general = isObject(plain.agentComms) ? plain.agentComms : plain;
  const { globalPolicy, defaultLevel, activityLog } = general;
  const holders = [saidBy(GLOBAL, globalPolicy, { defaultLevel, activityLog }, at)];
  for (const [key, value] of Object.entries(plain)) {
    const publicKey = key.toLowerCase();
    if (!/^302a300506032b6570032100[0-9a-f]{64}$/.test(publicKey) || !isObject(value)) continue;
    const { responsePolicy, defaultLevel } = value;
    holders.push(saidBy(publicKey, responsePolicy, { defaultLevel }, at));
  }
  return holders;
}

function saidBy(who: string, topics: unknown, settings: Plain, at: string): Said {
  const found = new Map<string, TopicPolicy>();
  const refused: ImportedPolicy[] = [];
  const refuse = (item: string, detail: string) =>
    refused.push({ who, item: item.slice(0, POLICY_LIMITS.topicLength), fate: "refused", detail });
  for (const [topic, value] of isObject(topics) ? Object.entries(topics) : []) {
    try {
      found.set(checkTopic(topic), policyOf(value, at));
    } catch (error) {
      refuse(topic, messageOf(error));
    }
  }
  const { defaultLevel, activityLog } = settings;
  const isKnown = isLevel(defaultLevel);
  if (!isKnown && defaultLevel !== undefined) {
    refuse("defaultLevel", "It is no level that is known");
  }
  return {
    who,
    ...(isKnown ? { defaultLevel } : {}),
    ...(typeof activityLog === "boolean" ? { activityLog: activityLog ? "on" : "off" } : {}),
    topics: found,
    refused,
  };
}

function policyOf(value: unknown, at: string): TopicPolicy {
  const { level, notes } = isObject(value) ? value : { level: value, notes: undefined };
  if (!isLevel(level)) throw new TypeError("It has no level that is known");
  const words = typeof notes === "string" ? notes.trim() : "";
  return { level, ...(words === "" ? {} : { notes: notesOf(words) }), at };
}

/** A note that is too long is no reason to lose the level. */
function notesOf(words: string): string {
  const line = words.toWellFormed().replace(/\p{Cc}+/gu, " ");
  return checkNotes(line.slice(0, POLICY_LIMITS.notesLength).toWellFormed());
}

async function take(state: ChangeableState, said: Said): Promise<ImportedPolicy[]> {
  const { who, refused } = said;
  const before = await readPolicies(state, who);
  const { record, findings } = merged(before, said);
  if (record !== before) {
    await note(state, "policy.imported", who, { topics: [...said.topics.keys()].join(",") });
    await change(state, who, (current) => merged(current, said).record);
  }
  return [...findings, ...refused];
}

function merged(
  before: PolicyRecord,
  { who, defaultLevel, activityLog, topics }: Said,
): { record: PolicyRecord; findings: ImportedPolicy[] } {
  const findings: ImportedPolicy[] = [];
  let record = before;
  const judge = (item: string, here: unknown, there: string, apply: () => void) => {
    const fate = here === undefined ? "taken" : "there";
    if (fate === "taken") apply();
    findings.push({ who, item, fate, detail: there });
  };
  if (defaultLevel !== undefined) {
    judge("defaultLevel", before.defaultLevel, defaultLevel, () => {
      record = { ...record, defaultLevel };
    });
  }
  if (activityLog !== undefined) {
    judge("activityLog", before.activityLog, activityLog, () => {
      record = { ...record, activityLog };
    });
  }
  for (const [topic, policy] of topics) {
    if (record.topics.size >= POLICY_LIMITS.topics && !record.topics.has(topic)) {
      findings.push({ who, item: topic, fate: "refused", detail: "There are too many topics" });
      continue;
    }
    judge(topic, before.topics.get(topic), policy.level, () => {
      record = { ...record, topics: new Map([...record.topics, [topic, policy]]) };
    });
  }
  return { record, findings };
}

function isObject(value: unknown): value is Plain {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
