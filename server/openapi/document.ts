/**
 * The description of every call that this program answers, as OpenAPI 3.1.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html
 *
 * @module
 */
import { ADMIN } from "./admin.ts";
import { MESH } from "./mesh.ts";
import { OCG } from "./ocg.ts";
import { OGP } from "./ogp.ts";
import type { SurfaceDescription } from "./schema.ts";
import { WEBCHAT } from "./webchat.ts";

/** The surfaces, by name. */
export const SURFACES: Readonly<Record<string, SurfaceDescription>> = {
  mesh: MESH,
  ogp: OGP,
  ocg: OCG,
  webchat: WEBCHAT,
  admin: ADMIN,
};

const TAGS: Readonly<Record<string, string>> = {
  mesh: "Agent Mesh V1: agents on the local network. Port 8787 unless configured otherwise.",
  ogp: "The Open Gateway Protocol: federation with other gateways. Port 18790.",
  ocg: "Chat channels: answers that come later, and messages that nobody asked for. Port 3457. " +
    "Platforms such as Telegram call paths that the owner chose, in their own form.",
  webchat: "The chat in a browser. On the port of the chat channels, for this machine only.",
  admin: "For programs of this machine only. Port 8788.",
};

/**
 * Makes the description.
 *
 * @param version The program's version.
 * @returns A document of OpenAPI 3.1.
 */
export function openApiDocument(version: string): Record<string, unknown> {
  const surfaces = Object.values(SURFACES);
  return {
    openapi: "3.1.0",
    info: {
      title: "mesh",
      version,
      summary: "Lets AI agents on different machines reach each other",
      description:
        "Each surface has an address of its own, which its tag names. What is posted by peers is signed " +
        "within its body; statuses below 500 other than 408 and 429 are final.",
      license: { name: "MIT", identifier: "MIT" },
    },
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: Object.assign({}, ...surfaces.map(({ paths }) => paths)),
    components: {
      schemas: Object.assign({}, ...surfaces.map(({ schemas }) => schemas)),
      securitySchemes: {
        adminToken: {
          type: "http",
          scheme: "bearer",
          description: "What `run/admin.token` in the state directory holds",
        },
        room: {
          type: "apiKey",
          in: "cookie",
          name: "mesh_chat",
          description: "Set by `POST /chat/session`",
        },
      },
    },
  };
}
