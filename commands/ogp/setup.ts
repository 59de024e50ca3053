/** Declares `mesh ogp setup`. @module */
import { defineCommand } from "../define.ts";
import { type CommonFlags, parsePort } from "../flags.ts";

/** Flags of `mesh ogp setup`. */
export interface SetupFlags extends CommonFlags {
  readonly nonInteractive: boolean;
  readonly answers?: string;
  readonly port?: number;
  readonly gatewayUrl?: string;
  readonly displayName?: string;
  readonly email?: string;
  readonly openclawUrl?: string;
}

const text = (placeholder: string, brief: string) => ({
  kind: "parsed",
  parse: String,
  placeholder,
  brief,
  optional: true,
});

/** `mesh ogp setup`. */
export const setup = defineCommand<SetupFlags>({
  brief: "Configure this gateway: who it is, and where peers reach it",
  description:
    "On a terminal it asks, and shows what is set as the default. With single values as flags, or with\n" +
    "--non-interactive --answers FILE, it asks nothing. What is not named stays as it is. The file is a\n" +
    "JSON object with the keys of OGP's own config.json: daemonPort, gatewayUrl, displayName, email,\n" +
    "openclawUrl, openclawToken; and humanName, agentName, organization, host, onMeshPort,\n" +
    "heartbeatMinutes, loopLimits. null takes a value away. A token is given in the file or typed unseen,\n" +
    "so that it shows up in no list of processes.",
  examples: [
    ["mesh ogp setup", "answer six questions"],
    ["mesh ogp setup --gateway-url https://gw.example.com", "change one thing"],
    ["mesh ogp setup --non-interactive --answers -", "read the answers from stdin"],
  ],
  flags: {
    nonInteractive: {
      kind: "boolean",
      brief: "Ask nothing",
      default: false,
      withNegated: false,
    },
    answers: text("file", "A JSON file with the answers; - is stdin"),
    port: {
      kind: "parsed",
      parse: parsePort,
      placeholder: "port",
      brief: "The port to listen on",
      optional: true,
    },
    gatewayUrl: text("url", "Where peers reach this gateway"),
    displayName: text("name", "What this gateway calls itself"),
    email: text("email", "The owner's address, shown to peers"),
    openclawUrl: text("url", "Where OpenClaw listens"),
  },
  action: () => import("./setup_action.ts"),
});
