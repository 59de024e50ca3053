/** Declares `mesh list-requests`, `mesh approve-request` and `mesh reject-request`. @module */
import { defineCommand } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/** Flags of `mesh approve-request`. */
export interface ApproveFlags extends CommonFlags {
  readonly requestBack: boolean;
  readonly endpoint?: string;
}

const positional = {
  kind: "tuple",
  parameters: [{
    brief: "The request's id, the beginning of one, the agent's id, or its fingerprint",
    parse: String,
    placeholder: "request",
  }],
};

/** `mesh list-requests`. */
export const listRequests = defineCommand<CommonFlags>({
  brief: "List the contact requests that were received",
  examples: [["mesh list-requests", "who asks, with fingerprint and standing"]],
  action: () => import("./list_requests_action.ts"),
});

/** `mesh approve-request`. */
export const approveRequest = defineCommand<ApproveFlags, [selector: string]>({
  brief: "Trust the agent that asks",
  description:
    "Compare the fingerprint with the agent's owner first. Trust is one-sided: the agent may write to this\n" +
    "node from now on. With --request-back this node asks it for contact in turn.",
  examples: [
    ["mesh approve-request req_1f2e", "the beginning of an id is enough"],
    ["mesh approve-request stan --request-back", "approve, and ask stan for contact"],
  ],
  flags: {
    requestBack: {
      kind: "boolean",
      brief: "Send our own contact request, so that trust becomes mutual",
      default: false,
      withNegated: false,
    },
    endpoint: {
      kind: "parsed",
      parse: String,
      placeholder: "url",
      brief: "Reach the agent here instead of at the endpoint that it names",
      optional: true,
    },
  },
  positional,
  action: () => import("./approve_request_action.ts"),
});

/** `mesh reject-request`. */
export const rejectRequest = defineCommand<CommonFlags, [selector: string]>({
  brief: "Turn a contact request down",
  description: "Removes the request. Nothing is sent to the agent that asked.",
  examples: [["mesh reject-request req_1f2e", "the beginning of an id is enough"]],
  positional,
  action: () => import("./reject_request_action.ts"),
});
