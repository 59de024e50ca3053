/**
 * Tailscale's Funnel: `tailscale funnel …`. A heading, an empty line, the URL on a line of its own; what is
 * missing on the way there, in words, on either output.
 *
 * @module
 */
import type { Reading, TunnelProgram } from "./tunnel_program.ts";

const AVAILABLE = /^Available on the internet:/i;
const ONLY_TAILNET = /^Available within your tailnet:/i;
const URL_LINE = /^(https?:\/\/\S+)$/;
const TROUBLE =
  /error|denied|fail|unable|invalid|already exists|logged out|not (?:enabled|running)/i;

/** What helps, by what is said. */
const HINTS: readonly (readonly [said: RegExp, hint: string])[] = [
  [/denied|permission|root/i, "sudo tailscale set --operator=$USER"],
  [/local tailscaled|not running/i, "start tailscaled, then: tailscale up"],
  [/logged out|needs ?login/i, "tailscale up"],
];

/** `tailscale`. */
export const tailscale: TunnelProgram = {
  method: "tailscale",
  install: {
    linux: "install the tailscale package of pkgs.tailscale.com, then: sudo tailscale up",
    darwin: "brew install tailscale, or the app of the App Store with its command line tool",
    windows: "winget install --id Tailscale.Tailscale",
  },
  saysConnected: false,
  // In the foreground what it has set up goes when it ends.
  arguments: (target) => ["funnel", "--bg=false", target],
  reader() {
    let heading: "none" | "internet" | "visit" = "none";
    let failed = false;
    return (line): Reading | undefined => {
      const text = line.trim();
      const url = URL_LINE.exec(text)?.[1];
      if (url !== undefined && heading === "internet") return { kind: "url", url };
      if (url !== undefined && heading === "visit") {
        heading = "none";
        return { kind: "ask", text: `Funnel is not enabled on your tailnet. To enable it: ${url}` };
      }
      if (AVAILABLE.test(text)) heading = "internet";
      else if (/to enable.* visit/i.test(text)) heading = "visit";
      else if (ONLY_TAILNET.test(text)) return onlyTailnet();
      else if (!failed && TROUBLE.test(text)) {
        failed = true;
        const hint = HINTS.find(([said]) => said.test(text))?.[1];
        return { kind: "trouble", text, ...(hint === undefined ? {} : { hint }) };
      }
      return undefined;
    };
  },
};

function onlyTailnet(): Reading {
  return {
    kind: "trouble",
    text: "The URL would work within your tailnet only",
    hint: "enable Funnel for this machine in the access controls of your tailnet",
  };
}
