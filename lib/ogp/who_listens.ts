/**
 * Who serves a gateway on this machine: our own daemons, as they announce themselves, else whoever answers
 * at the port.
 *
 * @module
 */
import { codeOf } from "../error.ts";
import { fetchCard } from "./card.ts";
import { GATEWAY, listRunning, type Running } from "../run/run_file.ts";
import { localUrl } from "../net/local_url.ts";

/** What answers at a port. */
export type PortAnswer =
  | { readonly kind: "nobody" }
  /** A gateway with our key: ours, started from elsewhere. */
  | { readonly kind: "us"; readonly displayName: string }
  | { readonly kind: "gateway"; readonly displayName: string; readonly publicKey: string }
  | { readonly kind: "other" };

/** Who serves this gateway. */
export interface Listeners {
  /** Daemons on this state directory that serve OGP. */
  readonly daemons: readonly Running[];
  /** Where else was asked, if there are none. */
  readonly port?: { readonly url: string; readonly answer: PortAnswer };
}

/** What is asked about. */
export interface Sought {
  /** The state directory. */
  readonly root: string;
  /** Our key as DER. */
  readonly publicKey: string;
  /** The configured address. */
  readonly host: string;
  /** The configured port. */
  readonly port: number;
  /** Whether `mesh serve` serves OGP, too. */
  readonly onMeshPort: boolean;
}

/** Milliseconds that somebody at the port gets to answer. */
const PATIENCE = 2_000;

/**
 * Looks for who serves a gateway.
 *
 * @param sought The gateway.
 * @returns Who.
 */
export async function whoListens(sought: Sought): Promise<Listeners> {
  const serves = ({ name }: Running) => name === GATEWAY || sought.onMeshPort && name === "serve";
  const daemons = (await listRunning(sought.root)).filter(serves);
  if (daemons.length > 0 || sought.port === 0) return { daemons };
  const url = localUrl(sought.host, sought.port);
  return { daemons, port: { url, answer: await ask(url, sought.publicKey) } };
}

async function ask(url: string, publicKey: string): Promise<PortAnswer> {
  try {
    const { card } = await fetchCard(url, { timeoutMs: PATIENCE });
    const { displayName } = card;
    if (card.publicKey === publicKey) return { kind: "us", displayName };
    return { kind: "gateway", displayName, publicKey: card.publicKey };
  } catch (error) {
    // What answers, and is no gateway, is told from nobody by a connection.
    return await isTaken(url) || codeOf(error) === "timeout"
      ? { kind: "other" }
      : { kind: "nobody" };
  }
}

async function isTaken(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  try {
    const connection = await Deno.connect({
      hostname: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port),
    });
    connection.close();
    return true;
  } catch {
    return false;
  }
}
