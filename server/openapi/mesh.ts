/**
 * The description of the surface of Agent Mesh V1.
 *
 * @module
 */
import {
  closed,
  jsonAnswer,
  jsonBody,
  named,
  object,
  only,
  refusals,
  type SurfaceDescription,
  text,
} from "./schema.ts";

const id = (description: string) => text(description, 128, { minLength: 1 });
const timestamp = text("When it was signed: UTC, ISO 8601; at most five minutes ago", 40);
const signature = text(
  "Base64 of the Ed25519 signature over the canonical JSON of everything else",
  200,
);
const refused = named("Refusal");
const fingerprint = text("`sha256:` and the hash of the PEM text", undefined, {
  pattern: "^sha256:[0-9a-f]{64}$",
});

/** The calls of Agent Mesh V1. */
export const MESH: SurfaceDescription = {
  paths: {
    "/agent-mesh/discovery": {
      get: {
        tags: ["mesh"],
        operationId: "discover",
        summary: "Who this node says that it is",
        responses: {
          200: jsonAnswer("The card", {
            ...closed({
              ok: only(true),
              protocol: only("openclaw-agent-mesh/v1"),
              agent: named("AgentCard"),
            }),
          }),
          ...refusals(refused, 405),
        },
      },
    },
    "/agent-mesh/contact-request": {
      post: {
        tags: ["mesh"],
        operationId: "requestContact",
        summary: "Ask the owner of this node for contact",
        description: "Waits for the owner. Repeating it changes nothing.",
        requestBody: jsonBody(named("ContactRequest"), "The request, at most 256 KiB"),
        responses: {
          200: jsonAnswer(
            "It is stored",
            closed({
              ok: only(true),
              result: closed({
                verified: only(true),
                request_id: id("The request's id"),
                saved: id("The same"),
              }),
            }),
          ),
          ...refusals(refused, 400, 401, 403, 405, 408, 409, 413, 429, 500, 503, 507),
        },
      },
    },
    "/agent-mesh/message": {
      post: {
        tags: ["mesh"],
        operationId: "sendMessage",
        summary: "Leave a message of an approved agent",
        description: "Answered when it is durable on disk. Repeating it is acknowledged again.",
        requestBody: jsonBody(named("DirectMessage"), "The message, at most 256 KiB"),
        responses: {
          200: jsonAnswer(
            "It is stored",
            closed({
              ok: only(true),
              result: closed({
                verified: only(true),
                message_id: id("The message's id"),
                saved: id("The same"),
                ack: closed({
                  type: only("ack"),
                  message_id: id("The message's id"),
                  status: only("received"),
                  timestamp: text("When it was acknowledged, ISO 8601"),
                }),
              }),
            }),
          ),
          ...refusals(refused, 400, 401, 403, 405, 408, 409, 413, 500, 503, 507),
        },
      },
    },
  },
  schemas: {
    AgentCard: object({
      agent_id: id("The name that the protocol uses"),
      display_name: { type: ["string", "null"], maxLength: 200, description: "For people" },
      endpoint: { type: ["string", "null"], maxLength: 2048, description: "Where it listens" },
      public_key: text("Its Ed25519 key as PEM", 1024, { minLength: 1 }),
      fingerprint,
    }),
    ContactRequest: object({
      type: only("contact_request"),
      request_id: id("Chosen by the sender"),
      from: named("AgentCard"),
      timestamp,
      "purpose?": text("Why, in the sender's words", 2000),
      signature,
    }),
    DirectMessage: object({
      type: only("direct_message"),
      message_id: id("Chosen by the sender, unique per sender"),
      from: id("The sender's agent id"),
      to: id("This node's agent id"),
      timestamp,
      body: {
        oneOf: [{ type: "string" }, { type: "object" }],
        description: 'What is said, normally `{"text": …}`',
      },
      signature,
    }),
    Refusal: closed({
      ok: only(false),
      error: text("A stable code, such as `not_trusted`"),
      "message?": text("One sentence"),
    }),
  },
};
