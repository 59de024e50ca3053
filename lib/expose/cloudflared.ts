/**
 * Cloudflare's tunnel without an account: `cloudflared tunnel --url …`. It writes to its error output, in
 * lines of time, level and text, and frames the URL with an ASCII box.
 *
 * @module
 */
import type { Trouble, TunnelProgram } from "./tunnel_program.ts";

const ANNOUNCEMENT = /quick tunnel has been created/i;
const IN_THE_BOX = /\|\s+(https?:\/\/\S+)\s+\|/;
/** Where a version has no box; its API's own name turns up in error messages. */
const ANYWHERE = /(https:\/\/(?!api\.)[a-z0-9-]+\.trycloudflare\.com)\b/i;
const CONNECTED = /Registered tunnel connection|Connection \S+ registered/i;
const TROUBLE = /^\S+Z (?:ERR|FTL) (.*)$|^((?:failed to|error) .*)$/i;
const LIMITED = /\b429\b|error code: 1015|too many requests/i;

/** `cloudflared`. */
export const cloudflared: TunnelProgram = {
  method: "cloudflared",
  install: {
    linux: "install the cloudflared package of pkg.cloudflare.com, or put its binary on the PATH",
    darwin: "brew install cloudflared",
    windows: "winget install --id Cloudflare.cloudflared",
  },
  saysConnected: true,
  arguments: (target, emptyFile) => [
    "tunnel",
    // The rules of the owner's config.yml would count for this tunnel as well, and answer 404.
    ...["--config", emptyFile],
    // An update ends the program, and the next run has another URL.
    "--no-autoupdate",
    ...["--url", target],
  ],
  reader() {
    let announced = false;
    let limited = false;
    return (line) => {
      if (ANNOUNCEMENT.test(line)) announced = true;
      if (CONNECTED.test(line)) return { kind: "connected" };
      const trouble = TROUBLE.exec(line);
      if (trouble) {
        // That it was asked too often is said first, and then what could not be read for it.
        if (limited) return undefined;
        const told = troubleOf(trouble[1] ?? trouble[2] ?? line);
        limited = told.limited ?? false;
        return told;
      }
      const url = (announced ? IN_THE_BOX.exec(line)?.[1] : undefined) ?? ANYWHERE.exec(line)?.[1];
      return url === undefined ? undefined : { kind: "url", url };
    };
  },
};

function troubleOf(text: string): Trouble {
  if (!LIMITED.test(text)) return { kind: "trouble", text };
  const hint =
    "Cloudflare limits tunnels without an account: wait some minutes, or take another --method";
  return { kind: "trouble", text, limited: true, hint };
}
