/**
 * Whether a request comes from our own page. A page on the web can make a browser call this machine under
 * a name that it points here, or send along what the browser keeps for us: neither gets through.
 *
 * @module
 */

/** The names under which a browser reaches its own machine. */
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Judges where a request comes from.
 *
 * @param request The request.
 * @param hosts Further names under which the page is reached, without ports.
 * @returns Why it is refused, or `undefined`.
 */
export function strangeOrigin(request: Request, hosts: readonly string[]): string | undefined {
  const host = request.headers.get("host") ?? new URL(request.url).host;
  const name = URL.parse(`http://${host}`)?.hostname ?? "";
  if (!LOOPBACK.has(name) && !hosts.includes(name)) {
    return `The webchat is not served under the name "${host.slice(0, 100)}"`;
  }
  const origin = request.headers.get("origin");
  if (origin === null) {
    // Browsers name the origin of whatever changes something.
    return request.method === "GET" || request.method === "HEAD"
      ? undefined
      : "The request names no origin";
  }
  return origin.replace(/^https?:\/\//, "") === host ? undefined : "The request is another page's";
}
