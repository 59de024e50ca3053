/**
 * The gateway that is exposed: where it listens on this machine, and whether a URL leads to it.
 *
 * @module
 */
import { codeOf, MeshError } from "../../lib/error.ts";
import { fetchCard, ownKey } from "../../lib/ogp/card.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { openGateway } from "./gateway.ts";
import { localUrl } from "../../lib/net/local_url.ts";
import { whoListens } from "../../lib/ogp/who_listens.ts";

/** A gateway that runs on this machine. */
export interface LocalGateway {
  /** Its URL here. */
  readonly url: string;
  /** The address that it listens on, for programs on this machine. */
  readonly host: string;
  /** Its port. */
  readonly port: number;
  /** Its key as DER. */
  readonly publicKey: string;
  /** The gateway URL that is configured. */
  readonly configured: string | undefined;
}

/** Milliseconds that a card may take through a tunnel. */
const PATIENCE = 8_000;

/**
 * Finds the gateway of a state directory.
 *
 * @param context Terminal and environment.
 * @param flags The state directory.
 * @returns The gateway, running.
 * @throws {MeshError} `unavailable` if it does not run; `not_initialized`, `config_invalid` and the like.
 */
export async function findLocalGateway(
  context: ActionContext,
  flags: CommonFlags,
): Promise<LocalGateway> {
  using node = await openGateway(context, flags);
  const publicKey = ownKey(node);
  const { host, daemonPort: port, onMeshPort, gatewayUrl: configured } = node.config;
  const sought = { root: node.state.root, publicKey, host, port, onMeshPort };
  const { daemons: [daemon], port: other } = await whoListens(sought);
  if (!daemon && other?.answer.kind !== "us") {
    throw new MeshError("unavailable", "The gateway does not run, so there is nothing to expose", {
      hint: "mesh ogp start --background",
    });
  }
  const url = localUrl(daemon?.host ?? host, daemon?.port ?? port);
  const { hostname, port: number } = new URL(url);
  return { url, host: hostname, port: Number(number || 80), publicKey, configured };
}

/**
 * Looks whether a URL leads to a gateway: fetches the card from there, and compares the key.
 *
 * @param url The URL.
 * @param publicKey The gateway's key as DER.
 * @param signal Gives up early.
 * @throws {MeshError} `unavailable` or `timeout` if no card comes, `key_changed` if it is another's.
 */
export async function assertLeadsTo(
  url: string,
  publicKey: string,
  signal?: AbortSignal,
): Promise<void> {
  const options = { timeoutMs: PATIENCE, ...(signal ? { signal } : {}) };
  const { card } = await fetchCard(url, options);
  if (card.publicKey === publicKey) return;
  throw new MeshError("key_changed", `At ${url} another gateway answers: "${card.displayName}"`, {
    hint: "what else does this tunnel expose? mesh ogp status shows this gateway's own key",
  });
}

/**
 * Whether a gateway answers at its own port.
 *
 * @param gateway The gateway.
 * @returns Whether it does; any failure is a no.
 */
export async function isServing({ url, publicKey }: LocalGateway): Promise<boolean> {
  try {
    await assertLeadsTo(url, publicKey);
    return true;
  } catch (error) {
    if (codeOf(error) === "unexpected") throw error;
    return false;
  }
}
