/**
 * The description of what the webchat's page asks of the server.
 *
 * @module
 */
import {
  closed,
  jsonAnswer,
  jsonBody,
  named,
  object,
  refusals,
  type SurfaceDescription,
  text,
} from "./schema.ts";

const refused = named("WebchatRefusal");
const cookie = [{ room: [] }];
const nothing = (description: string) => ({ description });

/** The calls of the webchat. */
export const WEBCHAT: SurfaceDescription = {
  paths: {
    "/chat": {
      get: {
        tags: ["webchat"],
        operationId: "chatPage",
        summary: "The page",
        description: "Holds nothing of anybody: the link's token is behind the `#`.",
        responses: {
          200: {
            description: "The page",
            content: { "text/html": { schema: { type: "string" } } },
          },
          ...refusals(refused, 403),
        },
      },
    },
    "/chat/session": {
      get: {
        tags: ["webchat"],
        operationId: "chatSession",
        summary: "Whether this browser is in",
        security: cookie,
        responses: { 204: nothing("It is"), ...refusals(refused, 401, 403) },
      },
      post: {
        tags: ["webchat"],
        operationId: "enterChat",
        summary: "Let this browser in",
        requestBody: jsonBody(closed({ token: text("The link's token") }), "The token"),
        responses: {
          204: nothing("It is in: the cookie says so"),
          ...refusals(refused, 400, 401, 403, 413, 503),
        },
      },
    },
    "/chat/room": {
      post: {
        tags: ["webchat"],
        operationId: "newChat",
        summary: "Begin a new conversation",
        security: cookie,
        responses: {
          204: nothing("The cookie is that of another room"),
          ...refusals(refused, 401, 403, 503),
        },
      },
    },
    "/chat/events": {
      get: {
        tags: ["webchat"],
        operationId: "chatEvents",
        summary: "The conversation, and then what is new",
        security: cookie,
        responses: {
          200: {
            description: "Server-sent events: `history` first, then `message` and others",
            content: { "text/event-stream": { schema: { type: "string" } } },
          },
          ...refusals(refused, 401, 403, 429, 503),
        },
      },
    },
    "/chat/messages": {
      post: {
        tags: ["webchat"],
        operationId: "sayInChat",
        summary: "Say something",
        description:
          "Answered when it is durable on disk. Repeating it with its key changes nothing.",
        security: cookie,
        requestBody: jsonBody(
          object({
            key: text("Chosen by the page", 64, { pattern: "^[\\w-]{8,64}$" }),
            text: text("What to say", 20_000, { minLength: 1 }),
          }),
          "The message, at most 100 kB",
        ),
        responses: {
          202: jsonAnswer("It is stored", closed({ id: text("The message's id") })),
          ...refusals(refused, 400, 401, 403, 413, 503),
        },
      },
    },
  },
  schemas: { WebchatRefusal: closed({ error: text("One sentence") }) },
};
