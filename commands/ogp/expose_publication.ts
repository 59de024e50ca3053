/**
 * Making a tunnel's URL known, and taking it back: in the configuration, in what peers are told, and in a
 * record of what was there before.
 *
 * @module
 */
import {
  type Exposed,
  forgetExposed,
  readExposed,
  writeExposed,
} from "../../lib/expose/exposed.ts";
import type { TunnelMethod } from "../../lib/expose/tunnel_program.ts";
import { announceIdentity } from "../../lib/ogp/identity_announce.ts";
import { ogpConfig } from "../../lib/ogp/config.ts";
import { baseUrl } from "../../lib/ogp/names.ts";
import { parsePeerUrl } from "../../lib/net/post.ts";
import type { ActionContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";
import { gatewayOutbox, openGateway, openGatewayState } from "./gateway.ts";

/** What became known. */
export interface Publication {
  /** How many peers are told. */
  readonly peersTold: number;
  /** The URL that was configured, if another. */
  readonly replaced?: string | undefined;
}

/** The gateway URL is back to what it was. */
export interface Restoration {
  /** The tunnel's URL. */
  readonly url: string;
  /** The URL that is configured now, if one is. */
  readonly gatewayUrl: string | undefined;
  /** The process of the program, which may have outlived the one that kept it open. */
  readonly tunnelPid: number;
  /** The program. */
  readonly method: TunnelMethod;
}

/**
 * Makes a URL the gateway's.
 *
 * @param context Terminal and environment.
 * @param flags The state directory.
 * @param tunnel The program, its process, and its URL.
 * @returns Who is told, and what it replaces.
 */
export async function publish(
  context: ActionContext,
  flags: CommonFlags,
  tunnel: { method: TunnelMethod; pid: number; url: string },
): Promise<Publication> {
  const { store, audit } = openGatewayState(context, flags);
  const section = ogpConfig(store);
  const url = baseUrl(parsePeerUrl(tunnel.url).href);
  const { gatewayUrl } = await section.read();
  const earlier = await readExposed(store);
  // What a tunnel of ours left is not what the owner configured.
  const urlBefore = earlier && earlier.url === gatewayUrl ? earlier.urlBefore : gatewayUrl;
  const exposed: Exposed = {
    ...{ method: tunnel.method, url, since: new Date().toISOString() },
    ...{ pid: Deno.pid, tunnelPid: tunnel.pid },
    ...(urlBefore === undefined ? {} : { urlBefore }),
  };
  await audit.decision({ event: "ogp.exposed", method: tunnel.method, url });
  await writeExposed(store, exposed);
  if (gatewayUrl === url) return { peersTold: 0 };
  await section.change({ gatewayUrl: url });
  const peersTold = await tellPeers(context, flags);
  return { peersTold, replaced: urlBefore };
}

/**
 * Puts back what was configured before a tunnel. Does nothing if none was published, and leaves a URL
 * alone that the owner has configured since.
 *
 * @param context Terminal and environment.
 * @param flags The state directory.
 * @returns What is configured now, `undefined` if there was nothing to put back.
 */
export async function restore(
  context: ActionContext,
  flags: CommonFlags,
): Promise<Restoration | undefined> {
  const { store, audit } = openGatewayState(context, flags);
  const exposed = await readExposed(store);
  if (!exposed) return undefined;
  const { url, urlBefore, method, tunnelPid } = exposed;
  const section = ogpConfig(store);
  const { gatewayUrl: current } = await section.read();
  const isOurs = current === url;
  const gatewayUrl = isOurs ? urlBefore : current;
  await audit.decision({ event: "ogp.unexposed", method, url });
  if (isOurs && urlBefore !== url) {
    await section.change({ gatewayUrl: urlBefore });
    if (urlBefore !== undefined) await tellPeers(context, flags);
  }
  await forgetExposed(store);
  return { url, gatewayUrl, tunnelPid, method };
}

async function tellPeers(context: ActionContext, flags: CommonFlags): Promise<number> {
  using node = await openGateway(context, flags);
  return await announceIdentity(node, gatewayOutbox(node));
}
