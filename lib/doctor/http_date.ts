/**
 * What time it is elsewhere, as the `Date` header of an HTTP answer tells (RFC 9110, section 6.6.1).
 *
 * @module
 */
import type { IncomingMessage } from "node:http";

/**
 * Compares a node's clock with this machine's.
 *
 * @param base The node's base URL, without a slash at the end.
 * @param now This machine's clock.
 * @param signal Ends the attempt.
 * @returns By how many milliseconds the node's clock is ahead, negative if it is behind, give or take half
 * a second and half the time of the way; `undefined` if it does not tell.
 */
export async function clockOffset(
  base: string,
  now: () => Date,
  signal: AbortSignal,
): Promise<number | undefined> {
  const asked = now().getTime();
  const header = await dateHeader(new URL(`${base}/agent-mesh/discovery`), signal);
  const answered = now().getTime();
  // The header has whole seconds, the fraction cut off.
  const there = Date.parse(header ?? "") + 500;
  return Number.isNaN(there) ? undefined : there - (asked + answered) / 2;
}

async function dateHeader(url: URL, signal: AbortSignal): Promise<string | undefined> {
  const { get, connection } = url.protocol === "https:" ? await overTls() : await overTcp();
  return await new Promise((resolve) => {
    const outgoing = get(url, { ...connection, headers: { connection: "close" } });
    const end = (header?: string) => {
      signal.removeEventListener("abort", onAbort);
      resolve(header);
      outgoing.destroy();
    };
    const onAbort = () => end();
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    outgoing.on("error", () => end());
    outgoing.on("response", (incoming: IncomingMessage) => end(incoming.headers.date));
  });
}

async function overTcp() {
  const { get } = await import("node:http");
  return { get, connection: { agent: false } as const };
}

/** An agent of `node:https` reads the system's certificates in a way that needs a permission of its own. */
async function overTls() {
  const { get } = await import("node:https");
  const { connect } = await import("node:tls");
  const createConnection = (options: object) => connect(options);
  return { get, connection: { createConnection } as const };
}
