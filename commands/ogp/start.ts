/** Declares `mesh ogp start`. @module */
import { type BackgroundFlags, backgroundFlags } from "../background_flags.ts";
import { defineCommand } from "../define.ts";
import { type CommonFlags, parsePort } from "../flags.ts";

/** Flags of `mesh ogp start`. */
export interface StartFlags extends CommonFlags, BackgroundFlags {
  readonly host?: string;
  readonly port?: number;
}

/** `mesh ogp start`. */
export const start = defineCommand<StartFlags>({
  brief: "Run the gateway: be found, take requests and messages, deliver what is queued",
  description:
    "Runs in the foreground until Ctrl-C, SIGTERM or mesh ogp stop, and then stops within five seconds.\n" +
    "With --background it goes on after the terminal is closed, and writes to run/ogp.log in the state\n" +
    "directory. With --json in the foreground each event is one JSON document a line.",
  examples: [
    ["mesh ogp start", "listen where mesh ogp setup says, else on port 18790"],
    ["mesh ogp start --background", "the same, without this terminal"],
    ["mesh ogp start --host 127.0.0.1 --port 18900", "only for this machine, or a tunnel on it"],
  ],
  flags: {
    ...backgroundFlags("ogp"),
    host: {
      kind: "parsed",
      parse: String,
      placeholder: "address",
      brief: "The address to listen on, instead of the configured one",
      optional: true,
    },
    port: {
      kind: "parsed",
      parse: parsePort,
      placeholder: "port",
      brief: "The port to listen on, instead of the configured one; 0 takes a free one",
      optional: true,
    },
  },
  action: () => import("./start_action.ts"),
});
