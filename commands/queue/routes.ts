/** Declares `mesh queue list|show|retry|drop`. @module */
import { buildRouteMap } from "@stricli/core";
import { defineCommand, type MeshContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";

const message = {
  brief: "The message's id, or the beginning of one",
  parse: String,
  placeholder: "message",
};

const list = defineCommand<CommonFlags>({
  brief: "List what still has to be delivered, and what was given up",
  examples: [["mesh queue list", "who, since when, how often tried, why it failed"]],
  action: () => import("./list_action.ts"),
});

const show = defineCommand<CommonFlags, [message: string]>({
  brief: "Show one delivery with its message",
  examples: [["mesh queue show msg_1f2e", "the beginning of an id is enough"]],
  positional: { kind: "tuple", parameters: [message] },
  action: () => import("./show_action.ts"),
});

const retry = defineCommand<CommonFlags, [message?: string]>({
  brief: "Try to deliver now",
  description:
    "Tries one message, or all that wait. A dead letter gets all its attempts anew, if it is named.",
  examples: [
    ["mesh queue retry", "everything that waits"],
    ["mesh queue retry msg_1f2e", "one message, also a dead letter"],
  ],
  positional: { kind: "tuple", parameters: [{ ...message, optional: true }] },
  action: () => import("./retry_action.ts"),
});

const drop = defineCommand<CommonFlags, [message: string]>({
  brief: "Give a delivery up",
  description: "The message stays in messages/outgoing, marked as failed; it is not sent any more.",
  examples: [["mesh queue drop msg_1f2e", "the beginning of an id is enough"]],
  positional: { kind: "tuple", parameters: [message] },
  action: () => import("./drop_action.ts"),
});

/** `mesh queue`. */
export const queue = buildRouteMap<"list" | "show" | "retry" | "drop", MeshContext>({
  routes: { list, show, retry, drop },
  docs: { brief: "Messages on their way out" },
});
