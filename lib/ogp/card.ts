/**
 * Cards: what a gateway tells everybody about itself at `/.well-known/ogp`.
 *
 * @module
 */
import { z } from "zod";
import { MeshError } from "../error.ts";
import { publicKeyFromDerHex } from "../identity/keys.ts";
import { assertStrongKey } from "../identity/strong_key.ts";
import { getJson, parsePeerUrl } from "../net/post.ts";
import { JsonObject } from "../signing/json.ts";
import { parseJson } from "../signing/json_parse.ts";
import { toPlain } from "../signing/json_plain.ts";
import { FEATURES, INTENTS } from "./intents.ts";
import { baseUrl, hostPort, keyId } from "./names.ts";
import type { OgpNode } from "./node.ts";
import type { Dialect, PeerCard } from "./records.ts";

/** A card as a gateway served it, checked for form. It proves nothing about who serves it. */
export interface FetchedCard {
  /** Who it says it is. */
  readonly card: PeerCard;
  /** The protocol's version that it names. */
  readonly version: string;
  /** Which dialect that means. */
  readonly dialect: Dialect;
  /** The intents that it takes. */
  readonly intents: readonly string[];
  /** What else it can do. */
  readonly features: readonly string[];
}

/** How to fetch. */
export interface FetchCardOptions {
  /** Milliseconds in all. Default 5,000. */
  readonly timeoutMs?: number;
  /** Gives up early. */
  readonly signal?: AbortSignal;
}

/** The protocol's version that our card names: the newest that we speak. */
const VERSION = "0.7.2";

const label = z.string().max(200).transform(printable);
const optionalLabel = label.nullish().transform((text) => text || undefined);

/** What a gateway says about itself, in cards, requests and updates. */
const peerCardShape = z.looseObject({
  publicKey: z.string().max(200),
  displayName: label,
  gatewayUrl: z.string().max(2000),
  email: optionalLabel,
  humanName: optionalLabel,
  agentName: optionalLabel,
  organization: optionalLabel,
});

const names = z.array(z.string().max(200)).max(200).catch([]);
const fetchedShape = z.looseObject({
  version: z.string().max(40).catch("0.2.0"),
  capabilities: z.looseObject({ intents: names, features: names }).catch({
    intents: [],
    features: [],
  }),
});

/**
 * Reads what a gateway says about itself.
 *
 * @param value The `peer` of a request, an identity, or a card.
 * @returns The card, its key sound, its URL usable, its names without control characters.
 * @throws {MeshError} `malformed` or `bad_key`.
 */
export function peerCardOf(value: unknown): PeerCard {
  const parsed = peerCardShape.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue?.path.join(".") || "it";
    throw new MeshError(
      "malformed",
      `Cannot read the gateway's card: "${field}": ${issue?.message}`,
    );
  }
  const { displayName, email, humanName, agentName, organization } = parsed.data;
  const key = publicKeyFromDerHex(parsed.data.publicKey);
  assertStrongKey(key);
  const gatewayUrl = baseUrl(parsePeerUrl(parsed.data.gatewayUrl).href);
  return {
    ...{ publicKey: key.der, displayName: displayName || keyId(key.der), gatewayUrl },
    ...{ email, humanName, agentName, organization },
  };
}

/**
 * Asks a gateway for its card.
 *
 * @param url The gateway's base URL.
 * @param options Timeout and signal.
 * @returns The card; where it leaves its URL out, with the one that was asked.
 * @throws {MeshError} `unavailable`, `timeout`, `malformed` or `bad_key`.
 */
export async function fetchCard(
  url: string,
  options: FetchCardOptions = {},
): Promise<FetchedCard> {
  const base = baseUrl(parsePeerUrl(url).href);
  const at = new URL(`${base}/.well-known/ogp`);
  const answer = await getJson(at, { timeoutMs: options.timeoutMs ?? 5000, ...signalOf(options) });
  if (answer.status !== 200) {
    throw new MeshError(
      "unavailable",
      `${base} answers with status ${answer.status}, not with a card`,
      {
        hint: "is it an OGP gateway's URL? Its owner sees it in: mesh ogp federation whoami",
      },
    );
  }
  const document = cardDocument(answer.body, base);
  const { version, capabilities } = fetchedShape.parse(document);
  const card = peerCardOf({ ...document, gatewayUrl: document.gatewayUrl || base });
  const dialect = /^0\.[0-6](?:\.|$)/.test(version) ? "0.2" : "0.7";
  return { card, version, dialect, intents: capabilities.intents, features: capabilities.features };
}

/**
 * Our card.
 *
 * @param node This gateway.
 * @param intents What peers can ask, if the owner registered more than what is built in.
 * @returns What is served at `/.well-known/ogp`.
 */
export function ownCard(
  node: OgpNode,
  intents: readonly string[] = INTENTS,
): Record<string, unknown> {
  const { id: _id, ...self } = ownPeer(node);
  const base = node.config.gatewayUrl ? baseUrl(node.config.gatewayUrl) : "";
  return {
    version: VERSION,
    ...self,
    capabilities: { intents, features: FEATURES },
    endpoints: {
      request: `${base}/federation/request`,
      approve: `${base}/federation/approve`,
      message: `${base}/federation/message`,
      reply: `${base}/federation/reply/:nonce`,
    },
    agents: [{
      id: "main",
      displayName: node.config.agentName ?? node.displayName,
      role: "primary",
    }],
  };
}

/** What we say about ourselves, as the `peer` of a request. */
export interface OwnPeer extends PeerCard {
  /** Host and port of our URL: OGP 0.2 knows us by it. */
  readonly id: string;
}

/**
 * What we say about ourselves.
 *
 * @param node This gateway.
 * @returns The `peer` of requests and the identity of updates.
 */
export function ownPeer(node: OgpNode): OwnPeer {
  const { gatewayUrl, email, humanName, agentName, organization } = node.config;
  const publicKey = ownKey(node);
  return {
    id: gatewayUrl ? hostPort(gatewayUrl) : keyId(publicKey),
    displayName: node.displayName,
    email: email ?? "",
    gatewayUrl: gatewayUrl ? baseUrl(gatewayUrl) : "",
    publicKey,
    ...(humanName ? { humanName } : {}),
    ...(agentName ? { agentName } : {}),
    ...(organization ? { organization } : {}),
  };
}

/**
 * Our key as OGP writes it.
 *
 * @param node This gateway.
 * @returns 88 hex digits of DER.
 */
export function ownKey(node: Pick<OgpNode, "privateKey">): string {
  return node.privateKey.publicKey.der;
}

/**
 * Our id in OGP 0.7.
 *
 * @param node This gateway.
 * @returns The first 32 digits of our key.
 */
export function ownKeyPrefix(node: Pick<OgpNode, "privateKey">): string {
  return keyId(ownKey(node));
}

/**
 * The URL that peers reach us at, for whatever cannot be done without.
 *
 * @param node This gateway.
 * @returns The base URL.
 * @throws {MeshError} `config_invalid` if there is none.
 */
export function requireGatewayUrl(node: OgpNode): string {
  if (node.config.gatewayUrl) return baseUrl(node.config.gatewayUrl);
  throw new MeshError(
    "config_invalid",
    "This gateway has no URL yet that peers could reach it at",
    {
      hint: "mesh ogp setup --gateway-url https://…",
    },
  );
}

function signalOf({ signal }: FetchCardOptions): { signal?: AbortSignal } {
  return signal ? { signal } : {};
}

function cardDocument(body: string, base: string): Record<string, unknown> {
  try {
    const document = parseJson(body, { loneSurrogates: "refuse" });
    if (document instanceof JsonObject) return toPlain(document) as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new MeshError("unavailable", `What answers at ${base} is not an OGP gateway`);
}

/** Names are shown to people: nothing in them may move a cursor or hide. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ").trim();
}
