import { assertEquals } from "@std/assert";
import { publicKeyFromRaw } from "../../../../lib/identity/keys.ts";
import { type Known, standingOf } from "../../../../lib/mesh/scan/standing.ts";

const [keyA, keyB, keyC] = [1, 2, 3].map((byte) =>
  publicKeyFromRaw(new Uint8Array(32).fill(byte)).pem
) as [string, string, string];

const stan = { agent_id: "stan", endpoint: "http://10.0.0.7:8787", public_key: keyA };

Deno.test("each standing comes from what is on record", () => {
  const elsewhere = "http://10.0.0.99:8787";
  const cases: [name: string, known: Known, standing: string][] = [
    ["nothing is known", {}, "new"],
    ["a request is waiting", { requested: true }, "requested"],
    ["a peer with this id and key", { peers: [stan] }, "trusted"],
    ["a peer with this id and key moved", { peers: [{ ...stan, endpoint: elsewhere }] }, "trusted"],
    ["a peer beats a request", { peers: [stan], requested: true }, "trusted"],
    ["a peer with this id and another key", {
      peers: [{ ...stan, public_key: keyB, endpoint: elsewhere }],
    }, "KEY CHANGED"],
    ["another key beats a request", {
      peers: [{ ...stan, public_key: keyB }],
      requested: true,
    }, "KEY CHANGED"],
    ["a peer at this place with another id and key", {
      peers: [{ ...stan, agent_id: "kyle", public_key: keyB }],
    }, "KEY CHANGED"],
    ["a peer at the place where the card was found", {
      url: `${elsewhere}/`,
      peers: [{ agent_id: "kyle", public_key: keyB, endpoint: elsewhere }],
    }, "KEY CHANGED"],
    ["a peer under another id, with this key", {
      peers: [{ ...stan, agent_id: "stanley", endpoint: elsewhere }],
    }, "trusted"],
    ["a peer that took over another's address", {
      peers: [{ ...stan, agent_id: "kyle", public_key: keyB }, { ...stan, endpoint: elsewhere }],
    }, "trusted"],
    ["the id of one peer with the key of another", {
      peers: [
        { agent_id: "kyle", public_key: keyA, endpoint: elsewhere },
        { ...stan, public_key: keyB },
      ],
    }, "KEY CHANGED"],
    ["somebody else", {
      peers: [{ agent_id: "kyle", public_key: keyB, endpoint: elsewhere }],
    }, "new"],
    ["peers without an endpoint", {
      peers: [
        { agent_id: "kyle", public_key: keyB, endpoint: null },
        { agent_id: "eric", public_key: keyC },
      ],
    }, "new"],
    ["this node", { self: stan }, "this node"],
    ["this node under another name", { self: { ...stan, agent_id: "x" } }, "this node"],
    ["this node's id with another key", { self: { ...stan, public_key: keyC } }, "KEY CHANGED"],
  ];
  for (const [name, known, standing] of cases) {
    assertEquals(standingOf(stan, known), standing, name);
  }
});

Deno.test("a card without an endpoint is nobody's place", () => {
  const peers = [{ agent_id: "kyle", public_key: keyB, endpoint: "" }];
  assertEquals(standingOf({ ...stan, endpoint: "" }, { peers }), "new");
});

Deno.test("the same key is the same however its PEM text ends", () => {
  const peers = [{ ...stan, public_key: keyA.trimEnd() }];
  assertEquals(standingOf(stan, { peers }), "trusted");
});

Deno.test("a peer's key that cannot be read equals nothing but itself", () => {
  const peers = [{ ...stan, public_key: "damaged" }];
  assertEquals(standingOf(stan, { peers }), "KEY CHANGED");
});

Deno.test("places are compared as URLs", () => {
  const peers = [{ agent_id: "kyle", public_key: keyB, endpoint: "HTTP://10.0.0.7:8787//" }];
  assertEquals(standingOf(stan, { peers }), "KEY CHANGED");
});
