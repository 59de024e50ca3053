/**
 * What this machine's network interfaces say about the LAN: which networks to look for other agents in,
 * and under which address others reach this machine. Everything is computed from a plain list.
 *
 * @module
 */
import { addressKind } from "./address.ts";
import { ipv4FromText, ipv4ToText, networkSpan, prefixOfMask } from "./ipv4.ts";

/** An address on an interface, as `Deno.networkInterfaces()` lists them. */
export interface InterfaceAddress {
  /** The interface's name, such as `eth0`, `en0` or `Wi-Fi`. */
  readonly name: string;
  /** Only IPv4 addresses are looked at. */
  readonly family: "IPv4" | "IPv6";
  /** The address. */
  readonly address: string;
  /** The netmask, such as `255.255.255.0`. */
  readonly netmask: string;
}

/** A network to scan. */
export interface LocalNetwork {
  /** What to scan, such as `192.168.1.0/24`. */
  readonly cidr: string;
  /** The interface that leads there. */
  readonly interface: string;
  /** This machine's own address in it. */
  readonly address: string;
  /** The whole network, if `cidr` is only the part of it around the own address. */
  readonly clippedFrom?: string;
}

/** A network that is there and is not scanned unless it is named. */
export interface NetworkLeftOut {
  /** The network. */
  readonly cidr: string;
  /** The interface that leads there. */
  readonly interface: string;
  /** Why it is left out, as part of a sentence. */
  readonly reason: string;
}

/** What {@link localNetworks} found. */
export interface LocalNetworks {
  /** The networks to scan, each once, in the order of the interfaces. */
  readonly networks: LocalNetwork[];
  /** Private networks that were left out. */
  readonly leftOut: NetworkLeftOut[];
}

/** What {@link lanAddress} guessed. `loopback` means that nobody else can reach this address. */
export interface LanAddress {
  /** The address, such as `192.168.1.7`. */
  readonly address: string;
  /** What kind of address it is; a `tunnel` is a VPN or an overlay network such as Tailscale. */
  readonly kind: "private" | "public" | "tunnel" | "bridge" | "link-local" | "loopback";
  /** The interface that has it; absent for the fallback `127.0.0.1`. */
  readonly interface?: string;
}

/** The largest network that is scanned without being named: 1,022 hosts. */
const LARGEST_PREFIX = 22;

/**
 * Networks of containers and virtual machines on this very machine. A bridge that an administrator made
 * for the LAN (`br0`, `vmbr0`, `bridge0`) is none of these.
 */
const BRIDGES = startsWithAny([
  "docker",
  "br-[0-9a-f]{12}$",
  "veth",
  "vethernet",
  "virbr",
  "lxcbr",
  "lxdbr",
  "incusbr",
  "podman",
  "cni",
  "cbr",
  "flannel",
  "cali",
  "kube",
  "vboxnet",
  "virtualbox",
  "vmnet",
  "vmware",
  "bridge1[0-9]{2}$",
]);

/** VPNs and overlay networks. */
const TUNNELS = startsWithAny([
  "tailscale",
  "utun",
  "tun",
  "tap",
  "wg",
  "wireguard",
  "zt",
  "zerotier",
  "ppp",
  "ipsec",
  "nordlynx",
  "proton",
  "mullvad",
  "nebula",
  "openvpn",
]);

/**
 * The private IPv4 networks (10/8, 172.16/12, 192.168/16) that this machine is in, for a scan that was
 * given no targets. A network larger than a /22 is clipped to the /22 around the own address.
 *
 * Left out are container bridges (this machine's own, and there may be dozens of a /16 each) and tunnels
 * (the other end may be a company that takes a scan amiss). 100.64/10 counts as a tunnel: it is the
 * provider's network or Tailscale's, and in both strangers or single hosts are next door. Loopback,
 * link-local and public networks are not considered at all.
 *
 * @param interfaces The list to look at; by default this machine's (needs `--allow-sys=networkInterfaces`).
 * @returns The networks to scan, and those left out with the reason.
 *
 * @example
 * ```ts
 * import { localNetworks } from "./interfaces.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const { networks } = localNetworks([
 *   { name: "lo", family: "IPv4", address: "127.0.0.1", netmask: "255.0.0.0" },
 *   { name: "eth0", family: "IPv4", address: "10.1.2.3", netmask: "255.0.0.0" },
 * ]);
 * assertEquals(networks.map((network) => network.cidr), ["10.1.0.0/22"]);
 * assertEquals(networks[0]?.clippedFrom, "10.0.0.0/8");
 * ```
 */
export function localNetworks(
  interfaces: readonly InterfaceAddress[] = Deno.networkInterfaces(),
): LocalNetworks {
  const networks = new Map<string, LocalNetwork>();
  const leftOut = new Map<string, NetworkLeftOut>();
  for (const entry of interfaces) {
    const prefix = prefixOfMask(entry.netmask);
    const address = ipv4FromText(entry.address);
    if (entry.family !== "IPv4" || prefix === undefined || address === undefined) continue;
    if (addressKind(entry.address) !== "private") continue;
    const whole = cidrOf(address, prefix);
    const reason = reasonToLeaveOut(entry, address, prefix);
    if (reason) {
      leftOut.set(whole, { cidr: whole, interface: entry.name, reason });
      continue;
    }
    const cidr = cidrOf(address, Math.max(prefix, LARGEST_PREFIX));
    if (networks.has(cidr)) continue;
    networks.set(cidr, {
      cidr,
      interface: entry.name,
      address: entry.address,
      ...(cidr === whole ? {} : { clippedFrom: whole }),
    });
  }
  return {
    networks: [...networks.values()],
    leftOut: [...leftOut.values()].filter(({ cidr }) => !networks.has(cidr)),
  };
}

/**
 * The best guess of the address under which other machines on the LAN reach this one: a private address
 * on what looks like a network card, else a public one, else one of a tunnel, else of a bridge, else a
 * link-local one, else `127.0.0.1`. Among equals the first that the system lists.
 *
 * @param interfaces The list to look at; by default this machine's (needs `--allow-sys=networkInterfaces`).
 * @returns The address and what it is; `kind: "loopback"` if there is none that others could reach.
 *
 * @example
 * ```ts
 * import { lanAddress } from "./interfaces.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const guess = lanAddress([
 *   { name: "docker0", family: "IPv4", address: "172.17.0.1", netmask: "255.255.0.0" },
 *   { name: "wlan0", family: "IPv4", address: "192.168.1.7", netmask: "255.255.255.0" },
 * ]);
 * assertEquals(guess, { address: "192.168.1.7", kind: "private", interface: "wlan0" });
 * assertEquals(lanAddress([]), { address: "127.0.0.1", kind: "loopback" });
 * ```
 */
export function lanAddress(
  interfaces: readonly InterfaceAddress[] = Deno.networkInterfaces(),
): LanAddress {
  const order: LanAddress["kind"][] = ["private", "public", "tunnel", "bridge", "link-local"];
  let best: LanAddress = { address: "127.0.0.1", kind: "loopback" };
  let bestRank = order.length;
  for (const entry of interfaces) {
    const rank = order.indexOf(kindOf(entry) ?? "loopback");
    if (rank < 0 || rank >= bestRank) continue;
    best = { address: entry.address, kind: order[rank] ?? "loopback", interface: entry.name };
    bestRank = rank;
  }
  return best;
}

/** Interface names are compared without regard to case; Windows' are titles such as `vEthernet (WSL)`. */
function startsWithAny(patterns: readonly string[]): RegExp {
  return new RegExp(`^(${patterns.join("|")})`, "i");
}

function kindOf({ name, family, address }: InterfaceAddress): LanAddress["kind"] | undefined {
  if (family !== "IPv4") return undefined;
  const kind = addressKind(address);
  if (kind === "loopback" || kind === "unusable") return undefined;
  if (kind === "link-local") return kind;
  if (TUNNELS.test(name) || (kind === "private" && isShared(address))) return "tunnel";
  return BRIDGES.test(name) ? "bridge" : kind;
}

function reasonToLeaveOut(
  { name, address: text }: InterfaceAddress,
  address: number,
  prefix: number,
): string | undefined {
  const { first, last } = networkSpan(address, prefix);
  if (first === last) return "it has no other hosts";
  if (BRIDGES.test(name)) return `${name} looks like a bridge to containers of this machine`;
  if (TUNNELS.test(name)) return `${name} looks like a tunnel`;
  return isShared(text) ? "100.64.0.0/10 belongs to the provider or to an overlay" : undefined;
}

/** Whether a private address is of 100.64/10 (RFC 6598). */
function isShared(address: string): boolean {
  return address.startsWith("100.");
}

function cidrOf(address: number, prefix: number): string {
  return `${ipv4ToText(networkSpan(address, prefix).first)}/${prefix}`;
}

/**
 * Whether a host is an address of this machine.
 *
 * @param host An IPv4 or IPv6 address, the latter with or without brackets; of names only `localhost` is one.
 * @returns Whether one of our interfaces has it.
 */
export function isOwnAddress(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, "").toLowerCase();
  if (address === "localhost" || addressKind(address) === "loopback") return true;
  return Deno.networkInterfaces().some((one) => one.address.toLowerCase() === address);
}
