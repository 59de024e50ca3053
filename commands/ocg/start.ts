/** Declares `mesh ocg start` and `mesh ocg restart`. @module */
import { type BackgroundFlags, backgroundFlags } from "../background_flags.ts";
import { defineCommand } from "../define.ts";
import { type CommonFlags, parsePort } from "../flags.ts";

/** Where the gateway is to listen. */
export interface ListenFlags extends CommonFlags {
  readonly host?: string;
  readonly port?: number;
}

/** Flags of `mesh ocg start`. */
export interface StartFlags extends ListenFlags, BackgroundFlags {
}

const LISTEN = {
  host: {
    kind: "parsed",
    parse: String,
    placeholder: "address",
    brief: "The address to take callbacks at, instead of callbackHost",
    optional: true,
  },
  port: {
    kind: "parsed",
    parse: parsePort,
    placeholder: "port",
    brief: "The port to take callbacks at, instead of callbackPort; 0 takes a free one",
    optional: true,
  },
} as const;

/** `mesh ocg start`. */
export const start = defineCommand<StartFlags>({
  brief: "Run the channel gateway: all enabled channels of ocg.json",
  description:
    "What people write on the channels goes to the agent, and its answers back. Without any channel in\n" +
    "ocg.json there is a page to chat on: its link is printed on the terminal, and by mesh ocg status.\n" +
    "Runs until Ctrl-C, SIGTERM or mesh ocg stop; messages that are not answered then are answered after the\n" +
    "next start. A channel that cannot be started holds up no other. Changes of ocg.json count at once.\n" +
    "With --background it goes on after the terminal is closed, and writes to run/ocg.log in the state\n" +
    "directory. With --json in the foreground each event is one JSON document a line. Texts of messages are\n" +
    'told only with "verbose": true in ocg.json or OCG_VERBOSE=1.',
  examples: [
    ["mesh ocg start", "on a fresh machine: a page to chat with the agent at 127.0.0.1:11434"],
    ["mesh ocg start --background", "the same, without this terminal"],
    ["OCG_VERBOSE=1 mesh ocg start", "read along"],
  ],
  flags: {
    ...backgroundFlags("ocg"),
    ...LISTEN,
  },
  action: () => import("./start_action.ts"),
});

/** `mesh ocg restart`. */
export const restart = defineCommand<ListenFlags>({
  brief: "Stop the channel gateway, and start it again in the background",
  description:
    "It listens where it did, unless told otherwise; if none runs, one is started. One channel alone is\n" +
    "restarted by: mesh ocg channels restart --channel CHANNEL",
  examples: [["mesh ocg restart", "after an upgrade"]],
  flags: LISTEN,
  action: () => import("./restart_action.ts"),
});
