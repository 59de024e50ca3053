/**
 * The admin surface: for this machine's own programs, such as a service manager, Prometheus or a curious
 * owner. Whether the daemon lives and is ready is told to every program of this machine, the rest to those
 * who have the token.
 *
 * @module
 */
import type { HttpBindings } from "@hono/node-server";
import { Hono } from "hono";
import { MeshError } from "../../lib/error.ts";
import type { Metrics } from "../../lib/metrics/metrics.ts";
import { TEXT_FORMAT } from "../../lib/metrics/text_format.ts";
import { methodNotAllowed, notFound, refusal } from "../answers.ts";
import { assertFromHere, hasToken } from "./guard.ts";
import { readiness, type ReadyCheck } from "./readiness.ts";

/** What the surface tells. */
export interface AdminSurfaceOptions {
  /** What whoever asks for more than health has to bring. */
  readonly token: string;
  /** What was counted and measured. */
  readonly metrics: Pick<Metrics, "text">;
  /** When the daemon is ready, by condition. */
  readonly ready: Readonly<Record<string, ReadyCheck>>;
  /** Makes the description of all surfaces. */
  readonly openapi: () => unknown;
  /** Names beside this machine's own under which it may be asked. */
  readonly hosts?: readonly string[];
  /** Told of failures that are ours. */
  readonly onFault?: (error: unknown) => void;
}

type Env = { Bindings: HttpBindings };

/** Headers of every answer: nothing of this is kept, guessed at or shown within a page. */
const PRIVATE: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
};

const PATHS = ["/healthz", "/readyz", "/metrics", "/openapi.json"] as const;

/**
 * Builds the surface.
 *
 * @param options What it tells, and to whom.
 * @returns An application whose bindings are `node:http`'s request and response.
 */
export function adminSurface(options: AdminSurfaceOptions): Hono<Env> {
  const { token, metrics, ready, openapi, hosts } = options;
  const app = new Hono<Env>();
  let description: string | undefined;

  app.use(async (c, next) => {
    assertFromHere(c.req.raw.headers, hosts);
    await next();
    for (const [name, value] of Object.entries(PRIVATE)) c.res.headers.set(name, value);
  });
  const knowing = (headers: Headers) => {
    if (hasToken(headers, token)) return;
    throw new MeshError("not_trusted", "The token is missing or wrong");
  };

  app.get("/healthz", (c) => c.json({ ok: true }));
  app.get("/readyz", async (c) => {
    const problems = await readiness(ready);
    const ok = Object.values(problems).every((problem) => problem === null);
    const mayKnow = hasToken(c.req.raw.headers, token);
    const checks = Object.fromEntries(
      Object.entries(problems).map(([name, problem]) => [
        name,
        // Why not may name files of this machine.
        { ok: problem === null, ...(mayKnow && problem !== null ? { problem } : {}) },
      ]),
    );
    return c.json({ ok, checks }, ok ? 200 : 503);
  });
  app.get("/metrics", async (c) => {
    knowing(c.req.raw.headers);
    return c.body(await metrics.text(), 200, { "content-type": TEXT_FORMAT });
  });
  app.get("/openapi.json", (c) => {
    knowing(c.req.raw.headers);
    description ??= JSON.stringify(openapi(), null, 2);
    return c.body(description, 200, { "content-type": "application/json" });
  });

  for (const path of PATHS) app.all(path, () => methodNotAllowed("GET"));
  app.notFound(() => notFound());
  app.onError((error) => {
    const response = refusal(error);
    if (response.status >= 500) options.onFault?.(error);
    if (!(error instanceof MeshError) || error.code !== "not_trusted") return response;
    const headers = new Headers(response.headers);
    headers.set("www-authenticate", 'Bearer realm="mesh admin"');
    return new Response(response.body, { status: 401, headers });
  });
  return app;
}
