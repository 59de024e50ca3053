/** Declares `mesh ogp expose`, `mesh ogp expose stop|status`. @module */
import { type BackgroundFlags, backgroundFlags } from "../background_flags.ts";
import { buildRouteMap } from "@stricli/core";
import { MeshError } from "../../lib/error.ts";
import type { TunnelMethod } from "../../lib/expose/tunnel_program.ts";
import { defineCommand, type MeshContext } from "../define.ts";
import type { CommonFlags } from "../flags.ts";

/** Flags of `mesh ogp expose`. */
export interface ExposeFlags extends CommonFlags, BackgroundFlags {
  readonly method: TunnelMethod;
}

/** As `lib/expose/programs.ts` has them; that would cost each start of the program more than these words. */
const METHODS: readonly TunnelMethod[] = ["cloudflared", "ngrok", "tailscale"];

const start = defineCommand<ExposeFlags>({
  brief: "Give the gateway a public URL by a tunnel",
  description:
    "Starts a tunnel program that is installed on this machine, proves that its URL leads to this gateway,\n" +
    "and tells it to peers: it becomes the configured gateway URL, and goes on being it for as long as the\n" +
    "tunnel is open. The one that was there before comes back afterwards. If the program ends, or its URL\n" +
    "leads nowhere any more, it is started again, and peers are told a new URL.\n\n" +
    "The gateway has to run: mesh ogp start --background. The tunnel runs until Ctrl-C, SIGTERM or mesh ogp\n" +
    "expose stop. With --background it goes on after the terminal is closed, and writes to run/expose.log\n" +
    "in the state directory. With --json in the foreground each event is one JSON document a line.\n\n" +
    "cloudflared needs no account, and has another URL each time; ngrok needs an account (ngrok config\n" +
    "add-authtoken); tailscale keeps one URL, and needs Funnel enabled for your tailnet.",
  examples: [
    ["mesh ogp expose", "by cloudflared, in this terminal"],
    ["mesh ogp expose --background", "the same, without this terminal"],
    ["mesh ogp expose --method ngrok", "by ngrok"],
    ["mesh ogp expose status", "whether a tunnel is open, and whether it works"],
    ["mesh ogp expose stop", "close it"],
  ],
  flags: {
    method: {
      kind: "parsed",
      parse: parseMethod,
      placeholder: "program",
      brief: METHODS.join(", "),
      default: METHODS[0],
      proposeCompletions: (partial: string) => METHODS.filter((one) => one.startsWith(partial)),
    },
    ...backgroundFlags("expose"),
  },
  action: () => import("./expose_action.ts"),
});

const stop = defineCommand<CommonFlags>({
  brief: "Close the tunnel",
  description:
    "Asks it to end and waits up to fifteen seconds. The gateway URL that was configured before comes back,\n" +
    "also after a tunnel that died without saying so. If there is nothing to do the exit code is 0 as well.",
  examples: [["mesh ogp expose stop", "also one that was opened in another terminal"]],
  action: () => import("./expose_stop_action.ts"),
});

const status = defineCommand<CommonFlags>({
  brief: "Show whether a tunnel is open",
  description: "Looks through the tunnel whether its URL leads to this gateway.",
  examples: [["mesh ogp expose status", "URL, program, since when"]],
  action: () => import("./expose_status_action.ts"),
});

/** `mesh ogp expose`. */
export const expose = buildRouteMap<"start" | "stop" | "status", MeshContext>({
  routes: { start, stop, status },
  defaultCommand: "start",
  docs: { brief: "Give the gateway a public URL by a tunnel" },
});

function parseMethod(input: string): TunnelMethod {
  const found = METHODS.find((method) => method === input);
  if (found) return found;
  throw new MeshError("usage", `There is no method "${input}": ${METHODS.join(", ")}`);
}
