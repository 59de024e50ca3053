/** Declares `mesh serve`. @module */
import { defineCommand } from "./define.ts";
import { type CommonFlags, parsePort } from "./flags.ts";

/** Flags of `mesh serve`. */
export interface ServeFlags extends CommonFlags {
  readonly host?: string;
  readonly port?: number;
}

/** `mesh serve`. */
export const serve = defineCommand<ServeFlags>({
  brief: "Run this node: be found, take requests and messages, deliver what is queued",
  description:
    "Runs in the foreground until Ctrl-C or SIGTERM, then stops within five seconds: what it is doing is\n" +
    "finished or goes back to the queue. With --json each event is one JSON document a line.",
  examples: [
    ["mesh serve", "listen on all addresses, port 8787"],
    ["mesh serve --host 127.0.0.1 --port 8790", "only for this machine"],
  ],
  flags: {
    host: {
      kind: "parsed",
      parse: String,
      placeholder: "address",
      brief: "The address to listen on, instead of config.json's mesh.host (0.0.0.0)",
      optional: true,
    },
    port: {
      kind: "parsed",
      parse: parsePort,
      placeholder: "port",
      brief: "The port to listen on, instead of mesh.port (8787); 0 takes a free one",
      optional: true,
    },
  },
  action: () => import("./serve_action.ts"),
});
