/**
 * The description of the admin surface itself.
 *
 * @module
 */
import {
  closed,
  jsonAnswer,
  named,
  only,
  refusals,
  type SurfaceDescription,
  text,
} from "./schema.ts";

const refused = named("Refusal");
const token = [{ adminToken: [] }];

/** The calls of the admin surface. */
export const ADMIN: SurfaceDescription = {
  paths: {
    "/healthz": {
      get: {
        tags: ["admin", "mesh"],
        operationId: "health",
        summary: "Whether the process answers",
        description: "On the surface of Agent Mesh V1, too.",
        responses: {
          200: jsonAnswer("It does", closed({ ok: only(true) })),
          ...refusals(refused, 403, 405),
        },
      },
    },
    "/readyz": {
      get: {
        tags: ["admin"],
        operationId: "readiness",
        summary: "Whether the daemon can do its work",
        description: "Why not is told to those who have the token.",
        security: [{}, ...token],
        responses: {
          200: jsonAnswer("It can", named("Readiness")),
          ...refusals(refused, 403, 405),
          503: jsonAnswer("It cannot right now", named("Readiness")),
        },
      },
    },
    "/metrics": {
      get: {
        tags: ["admin"],
        operationId: "metrics",
        summary: "What the daemon counts and measures, for Prometheus",
        security: token,
        responses: {
          200: {
            description: "The text format 0.0.4",
            content: { "text/plain": { schema: { type: "string" } } },
          },
          ...refusals(refused, 401, 403, 405, 500),
        },
      },
    },
    "/openapi.json": {
      get: {
        tags: ["admin"],
        operationId: "describe",
        summary: "This description",
        security: token,
        responses: {
          200: jsonAnswer("The description", { type: "object", required: ["openapi", "paths"] }),
          ...refusals(refused, 401, 403, 405, 500),
        },
      },
    },
  },
  schemas: {
    Readiness: closed({
      ok: { type: "boolean" },
      checks: {
        type: "object",
        additionalProperties: closed({
          ok: { type: "boolean" },
          "problem?": text("Why not; with the token only"),
        }),
      },
    }),
  },
};
