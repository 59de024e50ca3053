/** Declares `mesh receive-contact` and `mesh receive-message`. @module */
import { defineCommand } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/** Flags of both commands. */
export interface ReceiveFlags extends CommonFlags {
  readonly allowOld: boolean;
}

const flags = {
  allowOld: {
    kind: "boolean",
    brief: "Take it although it was signed more than 5 minutes ago",
    default: false,
    withNegated: false,
  },
};

const positional = {
  kind: "tuple",
  parameters: [{ brief: "The signed JSON; - reads stdin", parse: String, placeholder: "file" }],
};

/** `mesh receive-contact`. */
export const receiveContact = defineCommand<ReceiveFlags, [file: string]>({
  brief: "Take in a contact request that was carried by hand",
  description: "Checks the request as the server would, and puts it on the list for the owner.",
  examples: [["mesh receive-contact request.json", "then: mesh approve-request ID"]],
  flags,
  positional,
  action: () => import("./receive_contact_action.ts"),
});

/** `mesh receive-message`. */
export const receiveMessage = defineCommand<ReceiveFlags, [file: string]>({
  brief: "Take in a message that was carried by hand",
  description: "Checks the message as the server would, stores it, and prints the acknowledgement.",
  examples: [
    ["mesh receive-message message.json", "then: mesh list-messages"],
    ["mesh receive-message --allow-old message.json", "it was signed days ago"],
  ],
  flags,
  positional,
  action: () => import("./receive_message_action.ts"),
});
