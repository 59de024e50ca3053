import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type InterfaceAddress, lanAddress, localNetworks } from "../../../lib/net/interfaces.ts";
import { ipv4FromText } from "../../../lib/net/ipv4.ts";

function on(name: string, address: string, netmask = "255.255.255.0"): InterfaceAddress {
  return { name, family: address.includes(":") ? "IPv6" : "IPv4", address, netmask };
}

const LOOPBACK = [on("lo", "127.0.0.1", "255.0.0.0"), on("lo", "::1", "ffff::")];

Deno.test("the private networks of network cards are scanned, each once", () => {
  const { networks, leftOut } = localNetworks([
    ...LOOPBACK,
    on("eth0", "192.168.1.7"),
    on("wlan0", "192.168.1.8"),
    on("br0", "172.20.5.1", "255.255.254.0"),
    on("Wi-Fi 2", "10.9.8.7", "255.255.255.128"),
    on("eth0", "fd00::7", "ffff:ffff:ffff:ffff::"),
  ]);
  assertEquals(networks, [
    { cidr: "192.168.1.0/24", interface: "eth0", address: "192.168.1.7" },
    { cidr: "172.20.4.0/23", interface: "br0", address: "172.20.5.1" },
    { cidr: "10.9.8.0/25", interface: "Wi-Fi 2", address: "10.9.8.7" },
  ]);
  assertEquals(leftOut, []);
});

Deno.test("a network larger than a /22 is clipped around the own address", () => {
  const { networks } = localNetworks([on("en0", "10.20.30.40", "255.0.0.0")]);
  assertEquals(networks, [{
    cidr: "10.20.28.0/22",
    interface: "en0",
    address: "10.20.30.40",
    clippedFrom: "10.0.0.0/8",
  }]);
  const exact = localNetworks([on("en0", "10.20.30.40", "255.255.252.0")]).networks[0];
  assertEquals(exact?.cidr, "10.20.28.0/22");
  assertEquals(exact?.clippedFrom, undefined);
});

Deno.test("loopback, link-local and public networks are not considered", () => {
  const nothing = { networks: [], leftOut: [] };
  assertEquals(localNetworks([]), nothing);
  assertEquals(
    localNetworks([
      ...LOOPBACK,
      on("eth0", "169.254.7.7", "255.255.0.0"),
      on("eth1", "203.0.113.9"),
      on("eth2", "100.1.2.3"),
      on("eth3", "172.32.0.1"),
      on("eth4", "192.168.1.1", "255.0.255.0"),
    ]),
    nothing,
  );
});

Deno.test("bridges of containers, tunnels and the provider's network are left out with a reason", () => {
  const names = [
    "docker0",
    "br-0123456789ab",
    "veth12ab",
    "virbr0",
    "lxdbr0",
    "podman1",
    "cni0",
    "vEthernet (WSL)",
    "vboxnet0",
    "VMware Network Adapter VMnet8",
    "bridge100",
    "utun4",
    "tun0",
    "wg0",
    "tailscale0",
    "ztabcdefgh",
    "ppp0",
  ];
  for (const name of names) {
    const { networks, leftOut } = localNetworks([on(name, "172.17.0.1", "255.255.0.0")]);
    assertEquals(networks, [], name);
    assertEquals(leftOut[0]?.cidr, "172.17.0.0/16");
    assertStringIncludes(leftOut[0]?.reason ?? "", name);
  }
  const { leftOut } = localNetworks([
    on("eth0", "100.100.1.2", "255.192.0.0"),
    on("eth1", "10.0.0.1", "255.255.255.255"),
  ]);
  assertEquals(leftOut.map(({ cidr }) => cidr), ["100.64.0.0/10", "10.0.0.1/32"]);
});

Deno.test("a network that is scanned through one interface is not left out through another", () => {
  const { networks, leftOut } = localNetworks([
    on("tun0", "192.168.1.9"),
    on("eth0", "192.168.1.7"),
  ]);
  assertEquals(networks.length, 1);
  assertEquals(leftOut, []);
});

Deno.test("the LAN address is the best that there is", () => {
  const inOrder: [InterfaceAddress, string][] = [
    [on("eth0", "169.254.1.1", "255.255.0.0"), "link-local"],
    [on("docker0", "172.17.0.1"), "bridge"],
    [on("tailscale0", "100.101.102.103", "255.255.255.255"), "tunnel"],
    [on("eth1", "203.0.113.9"), "public"],
    [on("wlan0", "192.168.1.7"), "private"],
  ];
  const list = [...LOOPBACK, on("eth0", "fd00::7", "ffff::")];
  assertEquals(lanAddress(list), { address: "127.0.0.1", kind: "loopback" });
  for (const [entry, kind] of inOrder) {
    list.push(entry);
    const expected = { address: entry.address, kind, interface: entry.name };
    assertEquals(lanAddress(list) as unknown, expected);
    assertEquals(lanAddress(list.toReversed()) as unknown, expected);
  }
  list.push(on("eth9", "10.0.0.9"));
  assertEquals(lanAddress(list).interface, "wlan0");
});

Deno.test("a public address that starts like the provider's network is public", () => {
  assertEquals(lanAddress([on("eth0", "100.1.2.3")]).kind, "public");
});

Deno.test("this machine's own interfaces can be read", () => {
  assert(ipv4FromText(lanAddress().address) !== undefined);
  for (const { cidr, address } of localNetworks().networks) {
    assert(cidr.includes("/") && ipv4FromText(address) !== undefined);
  }
});
