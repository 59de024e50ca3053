/**
 * The description of the surface of the Open Gateway Protocol, in both dialects.
 *
 * @module
 */
import {
  inHeader,
  inPath,
  jsonAnswer,
  jsonBody,
  named,
  object,
  only,
  refusals,
  type Schema,
  type SurfaceDescription,
  text,
} from "./schema.ts";

const refused = named("OgpRefusal");
const der = text("An Ed25519 key as DER, in hex", 200, { pattern: "^302a300506032b6570032100" });
const signature = text("Hex of the Ed25519 signature over the text beside it");
const url = text("A base URL", 2000);
const time = text("ISO 8601", 40);
const state = { type: "string", enum: ["pending", "approved", "rejected", "removed"] };

/** In 0.7 a text is signed and sent beside the object that it spells; in 0.2 the object itself is signed. */
const signedAs = (textKey: string, objectKey: string, schema: Schema): Schema => ({
  type: "object",
  properties: {
    [textKey]: text("What is signed, as text: what counts (0.7)"),
    [objectKey]: schema,
    signature,
  },
  anyOf: [{ required: [textKey] }, { required: [objectKey] }],
});

const strangers = [400, 401, 403, 404, 405, 408, 409, 413, 429, 500, 503, 507] as const;
const nonce = inPath("nonce", "The nonce of the message that is answered");

/** The calls of OGP. */
export const OGP: SurfaceDescription = {
  paths: {
    "/.well-known/ogp": {
      get: {
        tags: ["ogp"],
        operationId: "gatewayCard",
        summary: "Who this gateway says that it is",
        description: "A peer that proves itself is told where it stands.",
        parameters: [
          inHeader("x-ogp-peer-id", "The peer's id"),
          inHeader("x-ogp-timestamp", "When the proof was signed"),
          inHeader("x-ogp-signature", "The signature over both"),
        ],
        responses: {
          200: jsonAnswer("The card", named("GatewayCard")),
          ...refusals(refused, 405, 500, 503),
        },
      },
    },
    "/federation/ping": {
      get: {
        tags: ["ogp"],
        operationId: "ping",
        summary: "Whether the gateway is there",
        responses: {
          200: jsonAnswer(
            "It is",
            object({
              pong: only(true),
              displayName: text("Its name"),
              gatewayUrl: url,
              timestamp: time,
            }),
          ),
          ...refusals(refused, 405),
        },
      },
    },
    "/federation/request": {
      post: {
        tags: ["ogp"],
        operationId: "requestFederation",
        summary: "Ask the owner of this gateway for federation",
        requestBody: jsonBody(
          signedAs("payloadStr", "peer", named("GatewaySelf")),
          "The request, at most 16 KiB",
        ),
        responses: {
          200: jsonAnswer(
            "It is stored, or was before",
            object({
              received: only(true),
              status: state,
              message: text("One sentence"),
              peerId: text("What the sender is called here"),
            }),
          ),
          ...refusals(refused, ...strangers),
        },
      },
    },
    "/federation/approve": {
      post: {
        tags: ["ogp"],
        operationId: "approveFederation",
        summary: "Answer a request of this gateway",
        requestBody: jsonBody(
          {
            type: "object",
            properties: {
              payloadStr: text("What is signed, as text (0.7)"),
              signature,
              approved: { type: "boolean" },
              peerId: text("Whom it approves"),
              fromGatewayId: text("Who approves"),
              fromPublicKey: der,
              fromGatewayUrl: url,
              scopeGrants: { type: "object" },
            },
          },
          "The approval or rejection",
        ),
        responses: {
          200: jsonAnswer("It is taken note of", object({ received: only(true) })),
          ...refusals(refused, ...strangers),
        },
      },
    },
    "/federation/message": {
      post: {
        tags: ["ogp"],
        operationId: "sendFederatedMessage",
        summary: "Leave a message of an approved gateway",
        description: "Answered when it is durable on disk. Repeating it is answered as before.",
        requestBody: jsonBody(
          signedAs("messageStr", "message", named("GatewayMessage")),
          "The message, at most 256 KiB",
        ),
        responses: {
          200: jsonAnswer(
            "It is stored",
            object({
              success: only(true),
              nonce: text("The message's id"),
              response: { type: "object", description: "What the intent answers at once" },
              "received?": only(true),
              "topic?": text("The topic"),
              "timestamp?": time,
              "replyEndpoint?": text("Where to ask for the reply"),
            }),
          ),
          ...refusals(refused, ...strangers),
        },
      },
    },
    "/federation/reply/{nonce}": {
      get: {
        tags: ["ogp"],
        operationId: "pollReply",
        summary: "Ask for the reply to a message",
        parameters: [nonce],
        responses: {
          200: jsonAnswer(
            "The reply",
            object({
              nonce: text("The message's id"),
              status: only("complete"),
              reply: { type: "object" },
              replyStr: text("The reply as text: what is signed"),
              signature,
            }),
          ),
          ...refusals(refused, 405, 429, 500, 503),
          404: jsonAnswer(
            "There is none yet",
            object({
              nonce: text("The message's id"),
              status: only("pending"),
              message: text("One sentence"),
            }),
          ),
        },
      },
      post: {
        tags: ["ogp"],
        operationId: "postReply",
        summary: "Reply to a message of this gateway",
        parameters: [nonce],
        requestBody: jsonBody(
          signedAs("replyStr", "reply", { type: "object" }),
          "The reply, signed by the gateway that was asked",
        ),
        responses: {
          200: jsonAnswer("It is stored", object({ received: only(true) })),
          ...refusals(refused, ...strangers),
        },
      },
    },
    "/federation/removed": {
      post: {
        tags: ["ogp"],
        operationId: "endFederation",
        summary: "Tell this gateway that the federation is over",
        requestBody: jsonBody(
          object({ peerId: text("Who ends it", 300), timestamp: time, signature }),
          "The removal",
        ),
        responses: {
          200: jsonAnswer(
            "It is taken note of",
            object({ success: only(true), peerId: text("Who ended it"), status: only("removed") }),
          ),
          ...refusals(refused, ...strangers),
        },
      },
    },
    "/federation/update-identity": {
      post: {
        tags: ["ogp"],
        operationId: "updateIdentity",
        summary: "Tell this gateway of another name or URL",
        requestBody: jsonBody({ type: "object" }, "The signed identity"),
        responses: {
          200: jsonAnswer(
            "It is stored",
            object({ updated: only(true), message: text("One sentence") }),
          ),
          ...refusals(refused, ...strangers),
        },
      },
    },
  },
  schemas: {
    GatewaySelf: object({
      publicKey: der,
      displayName: text("Its name", 200),
      gatewayUrl: { type: "string", maxLength: 2000, description: "Where peers reach it" },
      "id?": text("What it calls itself"),
      "email?": { type: ["string", "null"], maxLength: 320 },
      "humanName?": { type: ["string", "null"], maxLength: 200 },
      "agentName?": { type: ["string", "null"], maxLength: 200 },
      "organization?": { type: ["string", "null"], maxLength: 200 },
    }),
    GatewayCard: {
      allOf: [
        named("GatewaySelf"),
        object({
          version: text("The newest version of the protocol that it speaks"),
          capabilities: object({
            intents: { type: "array", items: { type: "string" } },
            features: { type: "array", items: { type: "string" } },
          }),
          "endpoints?": { type: "object", additionalProperties: { type: "string" } },
          "peerStatus?": object({ peerId: text("The peer"), status: state }),
        }),
      ],
    },
    GatewayMessage: object({
      intent: text("What is asked", 200, { minLength: 1 }),
      from: text("What the sender calls itself", 300, { minLength: 1 }),
      to: text("What the sender calls this gateway", 300, { minLength: 1 }),
      nonce: text("The message's id, unique per sender", 100, { minLength: 1 }),
      timestamp: time,
      "payload?": { type: "object" },
      "replyTo?": { type: ["string", "null"], maxLength: 2000 },
      "conversationId?": { type: ["string", "null"], maxLength: 2000 },
      "projectId?": { type: ["string", "null"], maxLength: 2000 },
      "toAgent?": { type: ["string", "null"], maxLength: 2000 },
    }),
    OgpRefusal: {
      oneOf: [
        object({
          success: only(false),
          error: text("One sentence"),
          code: text("A stable code, such as `not_trusted`"),
          statusCode: { type: "integer" },
          "retryAfter?": { type: "integer", description: "Seconds" },
          "response?": { type: "object", description: "A signed rejection" },
        }),
        named("Refusal"),
      ],
    },
  },
};
