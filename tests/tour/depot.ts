/**
 * A release on a web server of the network, as the installer downloads it.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { DEPOT_ADDRESS } from "./network.ts";

/** Where the installer of the sources is. */
const INSTALLER = fileURLToPath(new URL("../../scripts/install.sh", import.meta.url));

/**
 * Lays a release out and gives it away for as long as the tour lasts.
 *
 * @param binary The compiled program.
 * @returns The address of its folder.
 */
export async function openDepot(binary: string): Promise<string> {
  const program = await Deno.readFile(binary);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", program));
  const name = `mesh-${Deno.build.target}`;
  const files = new Map<string, Uint8Array<ArrayBuffer>>([
    [name, program],
    ["SHA256SUMS", new TextEncoder().encode(`${digest.toHex()}  ${name}\n`)],
    ["install.sh", await Deno.readFile(INSTALLER)],
  ]);
  const options = { hostname: DEPOT_ADDRESS, port: 0, onListen() {} };
  const { addr } = Deno.serve(options, (request) => {
    const file = files.get(new URL(request.url).pathname.slice(1));
    return file ? new Response(file) : new Response("not found\n", { status: 404 });
  });
  return `http://${DEPOT_ADDRESS}:${addr.port}`;
}
