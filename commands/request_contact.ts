/** Declares `mesh request-contact`. @module */
import { defineCommand } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/** Flags of `mesh request-contact`. */
export interface RequestContactFlags extends CommonFlags {
  readonly purpose?: string;
  readonly send?: string;
}

/** `mesh request-contact`. */
export const requestContact = defineCommand<RequestContactFlags, [url?: string]>({
  brief: "Ask another node for contact",
  description:
    "Signs a contact request with this node's key and sends it to the node at the URL. Without a URL the\n" +
    "signed request is printed, to be carried by hand to: mesh receive-contact FILE.",
  examples: [
    ["mesh request-contact http://192.168.1.20:8787", "ask the node that a scan found"],
    ['mesh request-contact --send http://192.168.1.20:8787 --purpose "shared calendar"', "say why"],
    ["mesh request-contact > request.json", "carry it by hand"],
  ],
  flags: {
    purpose: {
      kind: "parsed",
      parse: String,
      placeholder: "text",
      brief: "Why, for the other side's owner",
      optional: true,
    },
    send: {
      kind: "parsed",
      parse: String,
      placeholder: "url",
      brief: "The node's base URL; the same as the argument",
      optional: true,
    },
  },
  positional: {
    kind: "tuple",
    parameters: [{
      brief: "The node's base URL",
      parse: String,
      placeholder: "url",
      optional: true,
    }],
  },
  action: () => import("./request_contact_action.ts"),
});
