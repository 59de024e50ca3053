/**
 * A network of namespaces: a bridge where the tour itself is, and a cable from it to each machine. Nothing
 * leads out of it.
 *
 * @module
 */
import { tool } from "./tool.ts";

/** The tour's own address, where releases are downloaded. */
export const DEPOT_ADDRESS = "10.77.0.1";

/** Lays the bridge. The process must be in a network and a mount namespace of its own. */
export async function layBridge(): Promise<void> {
  // Names of network namespaces are files there.
  await tool("mount", "-t", "tmpfs", "tmpfs", "/run");
  await tool("ip", "link", "set", "lo", "up");
  await tool("ip", "link", "add", "lan", "type", "bridge");
  await tool("ip", "address", "add", `${DEPOT_ADDRESS}/24`, "dev", "lan");
  await tool("ip", "link", "set", "lan", "up");
}

/**
 * Makes a network namespace and plugs it in.
 *
 * @param name Its name, at most nine characters.
 * @param address Its address on the network.
 */
export async function plugIn(name: string, address: string): Promise<void> {
  await tool("ip", "netns", "add", name);
  const [plug, eth0] = [`${name}-lan`, ["peer", "name", "eth0", "netns", name]];
  await tool("ip", "link", "add", plug, "type", "veth", ...eth0);
  await tool("ip", "link", "set", plug, "master", "lan", "up");
  await tool("ip", "-netns", name, "link", "set", "lo", "up");
  await tool("ip", "-netns", name, "address", "add", `${address}/24`, "dev", "eth0");
  await tool("ip", "-netns", name, "link", "set", "eth0", "up");
}
