/**
 * The description of the surface of OCG: answers that come later, and messages that nobody asked for.
 *
 * @module
 */
import {
  closed,
  inHeader,
  inPath,
  jsonAnswer,
  jsonBody,
  named,
  object,
  only,
  refusals,
  type SurfaceDescription,
  text,
} from "./schema.ts";

const refused = named("Refusal");
const signatures = [
  inHeader("x-ocg-signature", "`sha256=` and hex of the HMAC over the body, with the secret"),
  inHeader("webhook-id", "Of Standard Webhooks, with the two below: another way to sign"),
  inHeader("webhook-timestamp", "Seconds since 1970"),
  inHeader("webhook-signature", "`v1,` and base64 of the HMAC"),
];

/** The calls of OCG. */
export const OCG: SurfaceDescription = {
  paths: {
    "/ocg/callback/{token}": {
      post: {
        tags: ["ocg"],
        operationId: "callBack",
        summary: "Answer a chat later",
        description:
          "The token is that of the callback URL that the agent was given; it works once.",
        parameters: [inPath("token", "The token"), ...signatures],
        requestBody: jsonBody(
          object({
            reply: {
              description: "The text, or an object that has one in `text`, `content` or `message`",
              anyOf: [{ type: "string" }, { type: "object" }, { type: "array" }],
            },
            "isError?": { type: "boolean" },
          }),
          "The answer, at most 1 MiB",
        ),
        responses: {
          200: jsonAnswer("It is in the chat", closed({ ok: only(true) })),
          ...refusals(refused, 400, 401, 404, 405, 408, 413, 500, 502, 503, 507),
        },
      },
    },
    "/ocg/send": {
      post: {
        tags: ["ocg"],
        operationId: "say",
        summary: "Say something in a chat",
        description: "Off until `sendSecret` or `callbackSecret` is configured.",
        parameters: signatures,
        requestBody: jsonBody(named("ChatOrder"), "What to say where, at most 1 MiB"),
        responses: {
          200: jsonAnswer(
            "It is in the chat",
            closed({
              ok: only(true),
              messageId: text("The platform's id of the last message"),
              messageIds: { type: "array", items: { type: "string" }, minItems: 1 },
            }),
          ),
          ...refusals(refused, 400, 401, 403, 404, 405, 408, 413, 500, 501, 502, 503, 507),
        },
      },
    },
    // Only so that a URL without its token is told from one that never was.
    "/ocg/callback": { post: withoutToken("callBackWithoutToken") },
    "/ocg/callback/": { post: withoutToken("callBackWithoutTokenButSlash") },
  },
  schemas: {
    ChatOrder: object({
      channel: text("The channel, such as `telegram`", 64, { minLength: 1 }),
      target: text("The chat, as the channel writes it", 512, { minLength: 1 }),
      "text?": text("What to say", 1_000_000),
      "mediaUrl?": text("Where a picture or file is", 4096),
      "account?": text("Which account of the channel; `default` if absent", 64),
      "replyTo?": text("The message that it answers", 512),
    }, { anyOf: [{ required: ["text"] }, { required: ["mediaUrl"] }] }),
  },
};

function withoutToken(operationId: string): Record<string, unknown> {
  return {
    tags: ["ocg"],
    operationId,
    summary: "A callback URL without its token, which is refused",
    deprecated: true,
    responses: refusals(refused, 400, 405),
  };
}
