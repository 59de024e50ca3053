import { assertEquals } from "@std/assert";
import { METHODS, PROGRAMS } from "../../../lib/expose/programs.ts";
import type { Reading, TunnelMethod } from "../../../lib/expose/tunnel_program.ts";
import fc from "fast-check";

/** What the lines of a run tell, those that tell nothing left out. */
function read(method: TunnelMethod, output: string): Reading[] {
  const reader = PROGRAMS[method].reader();
  return output.split("\n").map((line) => reader(line)).filter((reading) => reading !== undefined);
}

Deno.test("cloudflared's URL is the one in the box, not those around it", () => {
  const output = `
2026-01-31T18:00:00Z INF Thank you for trying it (https://www.cloudflare.com/website-terms/)
2026-01-31T18:00:00Z INF Requesting new quick Tunnel on trycloudflare.com...
2026-01-31T18:00:03Z INF +--------------------------------------------------+
2026-01-31T18:00:03Z INF |  Your quick Tunnel has been created! Visit it at |
2026-01-31T18:00:03Z INF |  https://four-plain-words-here.trycloudflare.com |
2026-01-31T18:00:03Z INF +--------------------------------------------------+
2026-01-31T18:00:03Z INF Settings: map[no-autoupdate:true url:http://127.0.0.1:18790]
2026-01-31T18:00:04Z INF Registered tunnel connection connIndex=0 location=ams01 protocol=quic`;
  assertEquals(read("cloudflared", output), [
    { kind: "url", url: "https://four-plain-words-here.trycloudflare.com" },
    { kind: "connected" },
  ]);
});

Deno.test("cloudflared's URL is found without a box, and its older words for the connection are", () => {
  const output = `2022-01-31T18:00:03Z INF Visit it at https://a-b.trycloudflare.com now
2022-01-31T18:00:04Z INF Connection 9f1c-11 registered connIndex=0 location=AMS`;
  assertEquals(read("cloudflared", output), [
    { kind: "url", url: "https://a-b.trycloudflare.com" },
    { kind: "connected" },
  ]);
});

Deno.test("cloudflared's API is no tunnel", () => {
  const words = 'failed to request quick Tunnel: Post "https://api.trycloudflare.com/tunnel": EOF';
  assertEquals(read("cloudflared", words), [{ kind: "trouble", text: words }]);
  assertEquals(read("cloudflared", "INF asking https://api.trycloudflare.com/tunnel"), []);
});

Deno.test("ngrok's URL is the one of a started tunnel, whatever order its event has", () => {
  const output = `not json
{"lvl":"info","msg":"starting web service","addr":"127.0.0.1:4040","url":"http://127.0.0.1:4040"}
{"url":"https://ab12.ngrok-free.app","addr":{"Host":"127.0.0.1:1"},"lvl":"info","msg":"started tunnel"}
{"lvl":"info","msg":"started tunnel","url":7}
{"lvl":`;
  assertEquals(read("ngrok", output), [{ kind: "url", url: "https://ab12.ngrok-free.app" }]);
});

Deno.test("tailscale's URL is the one below its heading", () => {
  const output = `Some serves (tailnet only)
https://not-this.ts.net
Available on the internet:

https://host.tail1234.ts.net/
|-- proxy http://127.0.0.1:18790

Press Ctrl+C to exit.`;
  assertEquals(read("tailscale", output), [{ kind: "url", url: "https://host.tail1234.ts.net/" }]);
});

Deno.test("tailscale within the tailnet only is no public URL", () => {
  const output = "Available within your tailnet:\n\nhttps://host.tail1234.ts.net/";
  assertEquals(read("tailscale", output).map(({ kind }) => kind), ["trouble"]);
});

Deno.test("what tailscale wants of the owner is passed on with its link", () => {
  const output = `Funnel is not enabled on your tailnet.
To enable, visit:

         https://login.tailscale.com/f/funnel?node=abc

Success.
Available on the internet:

https://host.tail1234.ts.net/`;
  assertEquals(read("tailscale", output).slice(1), [
    {
      kind: "ask",
      text: "Funnel is not enabled on your tailnet. To enable it: " +
        "https://login.tailscale.com/f/funnel?node=abc",
    },
    { kind: "url", url: "https://host.tail1234.ts.net/" },
  ]);
});

Deno.test("no reader fails on anything, or takes it for a URL", () => {
  fc.assert(fc.property(fc.array(fc.string()), (lines) => {
    for (const method of METHODS) {
      for (const reading of read(method, lines.join("\n"))) {
        if (reading.kind === "url") throw new Error(reading.url);
      }
    }
  }));
});
