import { assert, assertEquals, assertRejects } from "@std/assert";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { exchange, RequestError, type RequestLimits } from "../../../lib/agent/request.ts";
import { withService } from "./fake_service.ts";

async function get(url: string, limits: Partial<RequestLimits> = {}): Promise<string> {
  const all = { timeoutMs: 5000, ...limits };
  return await exchange(new URL(url), { method: "GET" }, all, (answer) => answer.text());
}

async function failure(work: Promise<unknown>): Promise<string> {
  return (await assertRejects(() => work, RequestError)).failure;
}

/** Serves raw bytes to whoever connects, then does what `then` says. */
async function withRaw(
  bytes: string,
  then: "end" | "destroy" | "hang",
  work: (url: string) => Promise<void>,
): Promise<void> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.write(bytes, () => {
        if (then === "end") socket.end();
        if (then === "destroy") socket.destroy();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}

Deno.test("an answer is read whole, with its status, type and Retry-After", async () => {
  await withService((_, answer) => {
    answer.writeHead(429, { "content-type": "Text/Plain; charset=utf-8", "retry-after": "7" });
    answer.end("später");
  }, async (base, seen) => {
    const url = new URL(`${base}/x?y=1`);
    const read = await exchange(url, { body: "{}" }, { timeoutMs: 5000 }, async (answer) => {
      const { status, mediaType, retryAfter } = answer;
      return [status, mediaType, retryAfter, await answer.text()];
    });
    assertEquals(read, [429, "text/plain", 7, "später"]);
    assertEquals([seen[0]?.method, seen[0]?.path, seen[0]?.body], ["POST", "/x?y=1", "{}"]);
  });
});

Deno.test("a redirect is an answer and is not followed", async () => {
  await withService((_, answer) => {
    answer.writeHead(302, { location: "/elsewhere" });
    answer.end();
  }, async (base, seen) => {
    const url = new URL(base);
    assertEquals(
      await exchange(url, {}, { timeoutMs: 5000 }, ({ status }) => Promise.resolve(status)),
      302,
    );
    assertEquals(seen.length, 1);
  });
});

Deno.test("a body that breaks off is never taken for a whole one", async () => {
  const head = "HTTP/1.1 200 OK\r\n";
  const bodies = [
    "Content-Length: 100\r\n\r\nhalf",
    "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
  ];
  for (const body of bodies) {
    for (const how of ["end", "destroy"] as const) {
      await withRaw(head + body, how, async (url) => {
        assertEquals([body, how, await failure(get(url))], [body, how, "cut_off"]);
      });
    }
  }
});

Deno.test("a connection that ends before the head is cut off, and one that is refused unreachable", async () => {
  for (const how of ["end", "destroy"] as const) {
    await withRaw("", how, async (url) => {
      assertEquals(await failure(get(url)), "cut_off");
    });
  }
  let gone = "";
  await withRaw("", "end", (url) => {
    gone = url;
    return Promise.resolve();
  });
  assertEquals(await failure(get(gone)), "unreachable");
  assertEquals(await failure(get("http://no-such-host.invalid/")), "unreachable");
});

Deno.test("garbage instead of HTTP is a failure, not a hang", async () => {
  await withRaw("SSH-2.0-OpenSSH_9.2\r\n\r\n", "hang", async (url) => {
    const error = await assertRejects(() => get(url, { timeoutMs: 1000 }), RequestError);
    assert(["cut_off", "unreachable", "timeout"].includes(error.failure), error.failure);
  });
});

Deno.test("silence ends at the time for the whole, wherever it sets in", async () => {
  for (
    const bytes of ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"]
  ) {
    await withRaw(bytes, "hang", async (url) => {
      const start = performance.now();
      assertEquals(await failure(get(url, { timeoutMs: 200 })), "timeout");
      assert(performance.now() - start < 2000);
    });
  }
});

Deno.test("an answer that drips on ends at the time for the whole", async () => {
  await withService((_, answer) => {
    answer.writeHead(200);
    const timer = setInterval(() => answer.write("x"), 20);
    answer.on("close", () => clearInterval(timer));
  }, async (base) => {
    assertEquals(await failure(get(base, { timeoutMs: 300, idleMs: 200 })), "timeout");
  });
});

Deno.test("silence within the body ends at the idle time, which our own slowness does not use up", async () => {
  await withRaw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "hang", async (url) => {
    assertEquals(await failure(get(url, { timeoutMs: 60_000, idleMs: 150 })), "timeout");
  });
  await withService((_, answer) => {
    answer.writeHead(200);
    answer.write("a");
    setTimeout(() => answer.end("b"), 20);
  }, async (base) => {
    const limits = { timeoutMs: 5000, idleMs: 150 };
    const text = await exchange(new URL(base), {}, limits, async (answer) => {
      let text = "";
      for await (const piece of answer.pieces()) {
        await new Promise((resolve) => setTimeout(resolve, 300));
        text += new TextDecoder().decode(piece);
      }
      return text;
    });
    assertEquals(text, "ab");
  });
});

Deno.test("more than allowed is not read", async () => {
  await withService((_, answer) => answer.end("x".repeat(200_000)), async (base) => {
    assertEquals((await get(base, { maxBytes: 200_000 })).length, 200_000);
    assertEquals(await failure(get(base, { maxBytes: 199_999 })), "too_large");
  });
});

Deno.test("an exchange can be interrupted before, while waiting, and while reading", async () => {
  assertEquals(
    await failure(get("http://127.0.0.1:1/", { signal: AbortSignal.abort() })),
    "interrupted",
  );
  for (const bytes of ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"]) {
    await withRaw(bytes, "hang", async (url) => {
      const interruption = new AbortController();
      const work = failure(get(url, { signal: interruption.signal }));
      setTimeout(() => interruption.abort(), 100);
      assertEquals(await work, "interrupted");
    });
  }
});

Deno.test("localhost is found whichever address it is served on", async () => {
  await withService((_, answer) => answer.end("here"), async (base) => {
    assertEquals(await get(base.replace("127.0.0.1", "localhost")), "here");
  });
});

Deno.test("a header that HTTP cannot carry is an error that does not repeat it", async () => {
  const secret = "key\nwith a break";
  const error = await assertRejects(() =>
    exchange(
      new URL("http://127.0.0.1:1/"),
      { headers: { authorization: secret } },
      { timeoutMs: 1000 },
      (answer) => answer.text(),
    )
  ) as Error;
  assert(!error.message.includes("with a break"), error.message);
});
