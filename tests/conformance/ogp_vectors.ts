/**
 * The recorded exchanges of the Open Gateway Protocol as data: what was sent to whom by whom, at what
 * time, and what must have happened before. Nothing here says what is right.
 *
 * @module
 */

/** A key pair, both halves as DER in hex. */
export interface VectorKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** A gateway that takes part in the recordings. */
export interface Party {
  readonly name: string;
  readonly publicKey: string;
  /** Where it says that it is reached. */
  readonly url: string;
}

/** How a gateway stands with the receiver before the exchange. */
export type Standing = "unknown" | "pending" | "asked" | "approved" | "removed";

/** What must be so at the receiver before the exchange. */
export interface Given {
  /** The sender's standing: `pending` has asked, `asked` was asked by the receiver. */
  readonly sender: Standing;
  /** What an approved sender may use. */
  readonly intents?: readonly string[];
  /** To which topics its agent-comms is limited. */
  readonly topics?: readonly string[];
  /** How often it has used the intent `message` in this hour. */
  readonly used?: number;
  /** Topics whose policy is `off`. */
  readonly closedTopics?: readonly string[];
  /** Personas of the receiver. */
  readonly personas?: readonly string[];
  /** Messages of the receiver that went to the sender. */
  readonly sent?: readonly string[];
  /** Exchanges that the receiver must have had before, by name, in order. */
  readonly after?: readonly string[];
}

/** One recorded exchange. */
export interface OgpVector {
  readonly dialect: "0.2" | "0.7";
  /** The file's name without its ending. */
  readonly name: string;
  readonly description: string;
  /** Who signed; nobody if nothing was signed. */
  readonly signer: VectorKeys | undefined;
  /** Who it says that it is from, if that is not who signed. */
  readonly claimed: string | undefined;
  /** Who answered, with its URL. */
  readonly receiver: VectorKeys & Party;
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | null;
  };
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  /** The receiver's clock, milliseconds since 1970. */
  readonly clock: number;
  /** What went before. */
  readonly given: Given;
}

const INTENTS = [
  ...["message", "task-request", "status-update", "agent-comms"],
  ...["project.join", "project.contribute", "project.query", "project.status"],
];
const DEFAULTS = INTENTS.filter((intent) =>
  intent !== "task-request" && intent !== "status-update"
);

/** The gateways of the recordings. */
export const PARTIES = {
  alpha: party("Alpha", "dcf1329a2f6f83452ec98672bdf56852b98ba4576d8f576a23af80843789cdc4", 18911),
  beta: party("Beta", "fc8a1105bf53d9d41a368941d33cf61b3b8f130709bb237e07123c3a04c453b7", 18912),
  mallory: party(
    "Mallory",
    "9c3e82482cfeffa45fadd07a0cdd42794c3fb885aa4a59f010a7f10be268e0cb",
    19999,
  ),
  anna: {
    ...party("Anna", "dae571aef873c5c803dda2177662bd595966093e39bf21a017f97c0078cae698", 0),
    url: "http://127.0.1.1:18801",
  },
  bert: {
    ...party("Bert", "9f70766d34184d08f3b0270064b2b1e7864b9685755e3c43c4c6fc8505d0d4a1", 0),
    url: "http://127.0.1.2:18802",
  },
  evil: party("Evil", "bc0cc3d9d8eb88a3b0b15cf5003bb2add6946e1c3ecc054f34eabd743d41bd55", 19999),
} as const;

const stranger: Given = { sender: "unknown" };
const asking: Given = { sender: "pending", after: ["request-ok"] };

/** What went before an exchange of 0.7, where it is not an approved sender with the usual rights. */
const BEFORE_07: Readonly<Record<string, Given>> = {
  "SEC-reply-not-bound-to-replystr": { sender: "approved", sent: ["n-3"] },
  "SEC-self-approval": asking,
  "SEC-self-approval-message": { sender: "pending", after: ["request-ok", "SEC-self-approval"] },
  "agent-comms-blocked-topic": { sender: "approved", closedTopics: ["secret"] },
  "agent-comms-topic-missing-restricted": { sender: "approved", topics: ["memory", "ops"] },
  "agent-comms-topic-not-granted": { sender: "approved", topics: ["memory", "ops"] },
  "approve-bad-signature": asking,
  "approve-key-mismatch": asking,
  "approve-reject-unsigned": asking,
  "approve-missing": stranger,
  "approve-unknown": stranger,
  "cli-approve-to-alpha-200": { sender: "asked" },
  "cli-message-agent-comms-to-beta-403": { sender: "approved", closedTopics: ["secret-topic"] },
  "cli-message-agent-comms-toagent-to-beta-200": { sender: "approved", personas: ["beta-agent"] },
  "cli-message-project.contribute-to-beta-200": afterwards("cli-message-project.join-to-beta-200"),
  "cli-message-project.query-to-beta-200": afterwards(
    "cli-message-project.join-to-beta-200",
    "cli-message-project.contribute-to-beta-200",
  ),
  "cli-message-project.status-to-beta-200": afterwards(
    "cli-message-project.join-to-beta-200",
    "cli-message-project.contribute-to-beta-200",
  ),
  "cli-reply-get-to-alpha-200": {
    ...replyTo("08ddbd23-0464-4912-93fa-7c6fa3bc8b3c"),
    after: ["cli-reply-post-to-alpha-200"],
  },
  "cli-reply-get-to-beta-200": {
    ...replyTo("a004ef2a-a13c-4794-8b5e-384c94b8faf3"),
    after: ["cli-reply-post-to-beta-200"],
  },
  "cli-reply-post-to-alpha-200": replyTo("08ddbd23-0464-4912-93fa-7c6fa3bc8b3c"),
  "cli-reply-post-to-beta-200": replyTo("a004ef2a-a13c-4794-8b5e-384c94b8faf3"),
  "cli-request-to-beta-200": stranger,
  "intent-revoked": { sender: "approved", intents: ["message", "agent-comms"] },
  "message-other-intent-not-limited": { sender: "approved", used: 100 },
  "message-rate-limited": { sender: "approved", used: 100 },
  "message-removed-peer": { sender: "removed" },
  "message-replay-2": afterwards("message-replay-1"),
  "message-toagent-ok": { sender: "approved", personas: ["beta-agent"] },
  "message-unapproved-peer": asking,
  "message-unknown-peer": stranger,
  "project-contribute": afterwards("project-join"),
  "project-contribute-legacy-topic": afterwards("project-join"),
  "project-query": afterwards("project-join", "project-contribute"),
  "project-status": afterwards("project-join", "project-contribute"),
  "removed-unknown": stranger,
  "reply-get-ok": { ...replyTo("n-1"), after: ["reply-post-ok"] },
  "reply-get-again": { ...replyTo("n-1"), after: ["reply-post-ok", "reply-get-ok"] },
  "reply-post-bad-signature": { sender: "unknown", sent: ["n-2"] },
  "reply-post-ok": replyTo("n-1"),
  "reply-post-unsigned": replyTo("n-2"),
  "request-bad-signature": stranger,
  "request-duplicate": asking,
  "request-missing-timestamp": stranger,
  "request-ok": stranger,
  "request-stale": stranger,
  "request-v02-shape": stranger,
  "update-identity-unknown": stranger,
};

/** The same for 0.2. */
const BEFORE_02: Readonly<Record<string, Given>> = {
  "SEC-approve-unsigned": { sender: "unknown", after: ["SEC-request-signature-ignored"] },
  "SEC-request-signature-ignored": stranger,
  "agent-comms-policy-off": { sender: "approved", closedTopics: ["secret"] },
  "cli-approve-to-anna-200": { sender: "asked" },
  "cli-request-to-bert-200": stranger,
  "message-rate-limited": { sender: "approved", used: 100 },
  "message-replay-2": afterwards("message-replay-1"),
  "message-unknown-peer": stranger,
  "project-contribute": afterwards("project-join"),
  "project-query": afterwards("project-join", "project-contribute"),
  "project-status": afterwards("project-join", "project-contribute"),
  "reply-get": { ...replyTo("n1"), after: ["reply-post"] },
  "reply-post": replyTo("n1"),
  "request-ok": stranger,
};

/** Exchanges whose subject is their own timestamp: the clock is that of the exchanges around them. */
const ABOUT_TIME: ReadonlySet<string> = new Set(["message-stale", "request-stale"]);

/** When the exchanges without a time of their own were recorded. */
const RECORDED = {
  "0.2": Date.parse("2026-11-21T09:07:28.000Z"),
  "0.7": Date.parse("2026-11-21T08:24:30.200Z"),
};

/**
 * The names of all exchanges of a dialect.
 *
 * @param dialect The dialect.
 * @returns The names, sorted.
 */
export function vectorNames(dialect: OgpVector["dialect"]): string[] {
  return [...Deno.readDirSync(folderOf(dialect))].map(({ name }) => name.replace(/\.json$/, ""))
    .sort();
}

/**
 * Reads an exchange.
 *
 * @param dialect Its dialect.
 * @param name Its name.
 * @returns The exchange, with what must have gone before.
 */
export function readVector(dialect: OgpVector["dialect"], name: string): OgpVector {
  const raw = JSON.parse(Deno.readTextFileSync(new URL(`${name}.json`, folderOf(dialect))));
  const { description, request, response } = raw;
  const before = (dialect === "0.7" ? BEFORE_07 : BEFORE_02)[name];
  return {
    dialect,
    name,
    description,
    request,
    response,
    signer: raw.privateKey ? { publicKey: raw.publicKey, privateKey: raw.privateKey } : undefined,
    claimed: raw.claimedSenderPublicKey ?? undefined,
    receiver: {
      ...partyWith(raw.receiverPublicKey),
      privateKey: raw.receiverPrivateKey,
    },
    clock: clockOf(dialect, name, request),
    given: before ?? { sender: "approved" },
  };
}

/**
 * All exchanges of a dialect.
 *
 * @param dialect The dialect.
 * @returns The exchanges, sorted by name.
 */
export function readVectors(dialect: OgpVector["dialect"]): OgpVector[] {
  return vectorNames(dialect).map((name) => readVector(dialect, name));
}

/**
 * The gateway that an exchange is from, by what it says or by where it was recorded.
 *
 * @param vector The exchange.
 * @returns Who, or nobody if it is from a stranger who does not say.
 */
export function senderOf(vector: OgpVector): Party | undefined {
  const { signer, claimed, name, dialect, given, receiver } = vector;
  // Signed by somebody else in the name of Mallory.
  if (dialect === "0.7" && /^approve-bad-signature$|^approve-reject-unsigned$/.test(name)) {
    return PARTIES.mallory;
  }
  const key = claimed ?? signer?.publicKey;
  if (key !== undefined) return partyWith(key);
  if (given.sender === "unknown") return undefined;
  const { alpha, beta, anna, bert } = PARTIES;
  const [one, other] = dialect === "0.7" ? [alpha, beta] : [anna, bert];
  return receiver.publicKey === one.publicKey ? other : one;
}

/**
 * What an approved sender may do, unless the exchange says otherwise: what it offered, or what was granted
 * back to it.
 *
 * @param vector The exchange.
 * @returns Names of intents.
 */
export function grantedIn({ dialect, receiver, given }: OgpVector): readonly string[] {
  if (given.intents) return given.intents;
  return dialect === "0.7" && receiver.publicKey === PARTIES.beta.publicKey ? INTENTS : DEFAULTS;
}

function party(name: string, key: string, port: number): Party {
  return { name, publicKey: `302a300506032b6570032100${key}`, url: `http://127.0.0.1:${port}` };
}

function partyWith(publicKey: string): Party {
  const known = Object.values(PARTIES).find((each) => each.publicKey === publicKey);
  return known ?? { name: "Somebody", publicKey, url: "http://127.0.0.1:18999" };
}

function afterwards(...after: string[]): Given {
  return { sender: "approved", after };
}

function replyTo(nonce: string): Given {
  return { sender: "approved", sent: [nonce] };
}

function clockOf(
  dialect: OgpVector["dialect"],
  name: string,
  { body, headers }: OgpVector["request"],
): number {
  if (ABOUT_TIME.has(name)) return RECORDED[dialect];
  const header = headers["X-OGP-Timestamp"] ?? headers["x-ogp-timestamp"];
  const inBody = /\\?"timestamp\\?":\\?"([^"\\]+)/.exec(body ?? "")?.[1];
  const time = Date.parse(header ?? inBody ?? "");
  return Number.isNaN(time) ? RECORDED[dialect] : time;
}

function folderOf(dialect: OgpVector["dialect"]): URL {
  return new URL(`./vectors/ogp-${dialect}/`, import.meta.url);
}
