/**
 * The surface of OCG: answers that come later, messages that nobody asked for, the page to chat on, and what
 * platforms call.
 *
 * @module
 */
import type { HttpBindings } from "@hono/node-server";
import { type Context, Hono } from "hono";
import { codeOf, httpStatusOf, MeshError } from "../lib/error.ts";
import { parseCallback } from "../lib/ocg/callback_body.ts";
import { isSigned } from "../lib/ocg/callback_signature.ts";
import type { OcgGateway } from "../lib/ocg/gateway.ts";
import { WEBCHAT_PATH } from "../lib/ocg/channels/webchat/page.ts";
import { NoMediaError, say } from "../lib/ocg/say.ts";
import { parseSend } from "../lib/ocg/send_body.ts";
import { methodNotAllowed, notFound, refusal } from "./answers.ts";
import { readBody } from "./body.ts";

/** Most bytes of a request's body, unless told otherwise: 1 MiB. */
export const OCG_BODY_LIMIT = 1024 * 1024;

/** What the surface is told, and how much it lets in. */
export interface OcgSurfaceOptions {
  /** Most bytes of a body. Default {@link OCG_BODY_LIMIT}. */
  readonly bodyLimit?: number | undefined;
  /** Milliseconds that a delivery may take before the agent is told to try again. Default 60,000. */
  readonly deliveryMs?: number | undefined;
  /** The page to chat on, if there is one. */
  readonly webchat?: { fetch(request: Request): Promise<Response> } | undefined;
  /** Who answers at paths of channels. */
  readonly webhooks?: {
    at(path: string): ((request: Request) => Promise<Response>) | undefined;
  } | undefined;
  /** Told of failures that are ours. */
  readonly onFault?: ((error: unknown) => void) | undefined;
  /** The present. */
  readonly now?: (() => Date) | undefined;
}

type Env = { Bindings: HttpBindings };

/** Agents that run in a page may call, too: who they are is told by the token and the signature. */
const CORS: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "POST, OPTIONS",
  "access-control-allow-headers":
    "Content-Type, X-OCG-Signature, webhook-id, webhook-timestamp, webhook-signature",
};

/**
 * Builds the surface for a gateway.
 *
 * @param gateway The gateway.
 * @param options Limits, and who is told.
 * @returns An application whose bindings are `node:http`'s request and response.
 */
export function ocgSurface(
  gateway: OcgGateway,
  options: OcgSurfaceOptions = {},
): Hono<Env> {
  const app = new Hono<Env>();
  const { deliveryMs = 60_000, now = () => new Date() } = options;
  const signedBody = async (c: Context<Env>, secret: string | undefined) => {
    const body = await readBody(c.env.incoming, options.bodyLimit ?? OCG_BODY_LIMIT);
    if (secret === undefined) return body;
    if (await isSigned((name) => c.req.header(name), body, secret, now())) return body;
    throw new MeshError("bad_signature", "The signature is missing or wrong");
  };

  const { webchat, webhooks } = options;
  if (webchat) {
    for (const path of [WEBCHAT_PATH, `${WEBCHAT_PATH}/*`]) {
      app.all(path, (c) => webchat.fetch(c.req.raw));
    }
  }
  app.use("*", async (c, next) => {
    const answer = webhooks?.at(c.req.path);
    return answer ? await answer(c.req.raw) : await next();
  });

  app.use("/ocg/*", async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(CORS)) c.res.headers.set(name, value);
  });
  app.options("/ocg/*", () => new Response(null, { status: 204 }));

  app.post("/ocg/callback/:token", async (c) => {
    const answer = parseCallback(await signedBody(c, gateway.config.callbackSecret));
    const token = c.req.param("token");
    await delivering(() =>
      gateway.callbacks.deliver(token, answer, AbortSignal.timeout(deliveryMs))
    );
    return c.json({ ok: true });
  });
  for (const path of ["/ocg/callback", "/ocg/callback/"]) {
    app.post(path, () => refusal(new MeshError("malformed", "The URL has no token")));
  }

  app.post("/ocg/send", async (c) => {
    const { sendSecret, callbackSecret } = gateway.config;
    const secret = sendSecret ?? callbackSecret;
    if (secret === undefined) {
      throw new MeshError("refused", "Sending is off until sendSecret or callbackSecret is set");
    }
    const order = parseSend(await signedBody(c, secret));
    const ids = await delivering(() => say(gateway, order, AbortSignal.timeout(deliveryMs)));
    return c.json({ ok: true, messageId: ids.at(-1), messageIds: ids });
  });

  for (const path of ["/ocg/callback", "/ocg/callback/*", "/ocg/send"]) {
    app.all(path, () => methodNotAllowed("POST, OPTIONS"));
  }
  app.notFound(() => notFound());
  app.onError((error) => {
    const known = error instanceof SurfaceError ? error : undefined;
    const response = refusal(known?.cause ?? error);
    const isOurs = httpStatusOf(known?.cause ?? error) !== 503 && response.status >= 500;
    if (isOurs) options.onFault?.(known?.cause ?? error);
    if (known === undefined) return response;
    return new Response(response.body, { status: known.status, headers: response.headers });
  });
  return app;
}

/** A failure whose status is not that of its code. */
class SurfaceError extends Error {
  constructor(readonly status: number, override readonly cause: unknown) {
    super("The surface refuses");
  }
}

/** What a platform says is told as a gateway tells it: it will never work (502), or not now (503). */
async function delivering<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NoMediaError) throw new SurfaceError(501, error);
    const code = codeOf(error);
    if (code === "refused") throw new SurfaceError(502, error);
    if (code === "not_found") throw error;
    throw new SurfaceError(httpStatusOf(error) === 507 ? 507 : 503, error);
  }
}
