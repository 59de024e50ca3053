/**
 * One peer of OGP's own program, as a record of ours.
 *
 * @module
 */
import { MeshError } from "../../error.ts";
import { peerCardOf } from "../card.ts";
import type { Dialect, IncomingRequest, OgpPeer } from "../records.ts";
import { parseGrants } from "../scopes.ts";
import type { ScopeGrants } from "../scope_types.ts";
import { isObject, textOf } from "./document.ts";

/** The words of the program for where a peer stands. */
export type ImportedStatus = "approved" | "removed" | "pending" | "rejected";

/** A peer that can be taken. */
export interface ImportedPeer {
  /** What it is called, for the report. */
  readonly name: string;
  /** Where it stood. */
  readonly status: ImportedStatus;
  /** What it becomes: a peer, or a request that the owner decides on. Its id is the wanted one. */
  readonly record: OgpPeer & Claimed | IncomingRequest;
  /** What was left out of it, in words. */
  readonly notes: readonly string[];
  /** How the agent should answer it, for later. */
  readonly policy?: Readonly<Record<string, unknown>>;
}

/** What a gateway calls itself. */
interface Claimed {
  readonly claimedId?: string | undefined;
}

const STATUSES: readonly string[] = ["approved", "removed", "pending", "rejected"];

/** Most characters of an id, an alias or a tag. */
const LONGEST = 100;

/** Most tags of a peer. */
const MOST_TAGS = 50;

/**
 * Reads one entry of `peers.json`, of version 0.2 or 0.7.
 *
 * @param entry The entry.
 * @param now The present, for what has no time of its own.
 * @returns The peer.
 * @throws {MeshError} `malformed` or `bad_key` if it cannot be taken.
 */
export function readPeer(entry: unknown, now: Date): ImportedPeer {
  if (!isObject(entry)) throw new MeshError("malformed", "It is not an object");
  const status = textOf(entry.status) ?? "";
  if (!STATUSES.includes(status)) {
    throw new MeshError("malformed", `Its status is none that is known: "${status.slice(0, 40)}"`);
  }
  const id = label(entry.id);
  const displayName = textOf(entry.displayName) ?? id ?? "";
  const card = peerCardOf({
    publicKey: entry.publicKey,
    displayName: displayName.slice(0, 200),
    gatewayUrl: entry.gatewayUrl,
    ...textsOf(entry, ["email", "humanName", "agentName", "organization"]),
  });
  const notes: string[] = [];
  const alias = label(entry.alias) ?? label(entry.petname);
  const known = {
    ...card,
    id: id ?? card.publicKey,
    ...(alias === undefined ? {} : { alias }),
    tags: tagsOf(entry.tags),
    ...dialectOf(id),
  };
  const policy = policyOf(entry);
  const name = alias ?? card.displayName;
  const rest = { name, status: status as ImportedStatus, notes, ...(policy ? { policy } : {}) };
  const record = status === "approved" || status === "removed"
    ? { ...known, ...peerFields(entry, status, now, notes) }
    : { ...known, ...requestFields(entry, status, now) };
  return { ...rest, record };
}

function peerFields(
  entry: Readonly<Record<string, unknown>>,
  status: "approved" | "removed",
  now: Date,
  notes: string[],
): Pick<OgpPeer, "status" | "asked" | "approvedAt" | "grants" | "grantedToUs" | "removedAt"> {
  const approvedAt = timeOf([entry.approvedAt, entry.requestedAt], now);
  const received = readGrants(entry.receivedScopes);
  if (received === "unreadable") notes.push("what it grants us could not be read");
  const removedAt = status === "removed" ? { removedAt: timeOf([entry.removedAt], now) } : {};
  return {
    status,
    // The program does not keep who asked whom.
    asked: "them",
    approvedAt,
    grants: status === "removed" ? nothing(now) : grantsOf(entry.grantedScopes, now, notes),
    ...(received && received !== "unreadable" ? { grantedToUs: received } : {}),
    ...removedAt,
  };
}

/** A peer without grants has the rights of version 0.1; one whose grants cannot be read has none. */
function grantsOf(value: unknown, now: Date, notes: string[]): ScopeGrants | null {
  const grants = readGrants(value);
  if (grants !== "unreadable") return grants ?? null;
  notes.push("its grants could not be read, so it may do nothing: mesh ogp federation grant");
  return nothing(now);
}

function nothing(now: Date): ScopeGrants {
  return { version: "0.2.0", grantedAt: now.toISOString(), scopes: [] };
}

function readGrants(value: unknown): ScopeGrants | "unreadable" | undefined {
  if (value === undefined || value === null) return undefined;
  try {
    return parseGrants(value);
  } catch {
    return "unreadable";
  }
}

/**
 * Whose request it was the program does not say. It becomes one that the owner decides on: taken for one of
 * ours, its sender's own approval would be enough.
 */
function requestFields(
  entry: Readonly<Record<string, unknown>>,
  status: string,
  now: Date,
): Pick<IncomingRequest, "status" | "receivedAt" | "body" | "offeredIntents"> {
  const offered = Array.isArray(entry.offeredIntents)
    ? entry.offeredIntents.map(label).filter((intent) => intent !== undefined).slice(0, 100)
    : [];
  return {
    status: status === "pending" ? "pending" : "rejected",
    receivedAt: timeOf([entry.rejectedAt, entry.requestedAt], now),
    ...(offered.length > 0 ? { offeredIntents: offered } : {}),
    body: "",
  };
}

/**
 * 0.2 calls itself by host and port, 0.7 by the beginning of its key; an id that an owner chose tells
 * nothing.
 */
function dialectOf(id: string | undefined): { dialect?: Dialect } & Claimed {
  if (id === undefined) return {};
  if (/^[0-9a-f]{16,88}$/.test(id)) return { dialect: "0.7" };
  return /^[^\s/]+:\d{1,5}$/.test(id) ? { dialect: "0.2", claimedId: id } : {};
}

function policyOf(
  { responsePolicy, defaultLevel }: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | undefined {
  const policy = {
    ...(isObject(responsePolicy) && Object.keys(responsePolicy).length > 0
      ? { responsePolicy }
      : {}),
    ...(textOf(defaultLevel) ? { defaultLevel } : {}),
  };
  return Object.keys(policy).length > 0 ? policy : undefined;
}

/** A name that can be typed and shown. */
function label(value: unknown): string | undefined {
  const text = textOf(value);
  if (text === undefined || text.length > LONGEST || /[\p{Cc}\p{Cf}\u2028\u2029]/u.test(text)) {
    return undefined;
  }
  return text;
}

function tagsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  const tags = value.map(label).filter((tag) => tag !== undefined);
  return [...new Set(tags)].slice(0, MOST_TAGS);
}

function textsOf(
  entry: Readonly<Record<string, unknown>>,
  keys: readonly string[],
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const key of keys) {
    const text = textOf(entry[key]);
    if (text !== undefined) found[key] = text.slice(0, 200);
  }
  return found;
}

function timeOf(values: readonly unknown[], now: Date): string {
  for (const value of values) {
    const time = Date.parse(textOf(value) ?? "");
    if (Number.isFinite(time)) return new Date(time).toISOString();
  }
  return now.toISOString();
}
