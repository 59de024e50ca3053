/**
 * That a tunnel is open, and what it has replaced: `exposed.json` in the root, written before the
 * configuration is changed and removed after that was put back, so that a crash in between can be mended.
 *
 * @module
 */
import { z } from "zod";
import { jsonCodec } from "../store/json_codec.ts";
import type { Collection, Store } from "../store/store.ts";
import type { TunnelMethod } from "./tunnel_program.ts";

/** What `mesh ogp expose` is announced as. */
export const EXPOSE = "expose";

/** A tunnel that is open, or was when its process died. */
export interface Exposed {
  /** The program. */
  readonly method: TunnelMethod;
  /** The public URL. */
  readonly url: string;
  /** The URL that peers were told before, if there was one. */
  readonly urlBefore?: string | undefined;
  /** Since when, ISO 8601. */
  readonly since: string;
  /** The process that keeps it open. */
  readonly pid: number;
  /** The process of the program. */
  readonly tunnelPid: number;
}

const ID = "exposed";

const codec = jsonCodec<Exposed>(z.looseObject({
  method: z.enum(["cloudflared", "ngrok", "tailscale"]),
  url: z.string(),
  urlBefore: z.string().optional(),
  since: z.string(),
  pid: z.int(),
  tunnelPid: z.int(),
}));

/**
 * What is written of the tunnel.
 *
 * @param store The root's store.
 * @returns The record, `undefined` if there is none.
 */
export async function readExposed(store: Store): Promise<Exposed | undefined> {
  return await records(store).get(ID);
}

/**
 * Writes that the tunnel is open.
 *
 * @param store The root's store.
 * @param exposed The record.
 */
export async function writeExposed(store: Store, exposed: Exposed): Promise<void> {
  await records(store).put(ID, exposed);
}

/**
 * Takes the record away.
 *
 * @param store The root's store.
 */
export async function forgetExposed(store: Store): Promise<void> {
  await records(store).delete(ID);
}

function records(store: Store): Collection<Exposed> {
  return store.collection("", codec);
}
