/**
 * ngrok: `ngrok http … --log stdout --log-format json`. A JSON object a line on its output, and once more
 * in words on its error output when it fails.
 *
 * @module
 */
import type { Reading, Trouble, TunnelProgram } from "./tunnel_program.ts";

/** What helps against failures, by ngrok's own numbers. */
const HINTS: Readonly<Record<string, string>> = {
  "105": "ngrok config add-authtoken TOKEN",
  "107": "ngrok config add-authtoken TOKEN",
  "108": "another ngrok of this account runs: end that one first",
  "120": "ngrok update",
  "121": "ngrok update",
  "334": "another ngrok has this URL: end that one first",
  "4018": "ngrok config add-authtoken TOKEN, with the one of your ngrok account",
};

/** `ngrok`. */
export const ngrok: TunnelProgram = {
  method: "ngrok",
  install: {
    linux: "snap install ngrok, or put its binary on the PATH",
    darwin: "brew install ngrok",
    windows: "winget install --id Ngrok.Ngrok",
  },
  saysConnected: false,
  arguments: (target) => ["http", target, "--log", "stdout", "--log-format", "json"],
  reader() {
    let failed = false;
    return (line) => {
      const event = eventIn(line);
      if (!event) {
        // In words it says over several lines what it has said as one event.
        const words = /^ERROR:\s+(\S.*)$/.exec(line)?.[1];
        if (words === undefined || failed) return undefined;
        failed = true;
        return troubleOf(words);
      }
      const { msg, url, lvl, err } = event;
      if (msg === "started tunnel" && typeof url === "string") return { kind: "url", url };
      if (lvl !== "crit" && lvl !== "eror") return undefined;
      if (lvl === "crit") failed = true;
      const text = typeof err === "string" && err !== "<nil>" ? err : msg;
      return typeof text === "string" ? troubleOf(text) : undefined;
    };
  },
};

function eventIn(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function troubleOf(words: string): Reading {
  const text = words.replace(/\s+/g, " ").trim();
  const hint = HINTS[/ERR_NGROK_(\d+)/.exec(text)?.[1] ?? ""];
  const limited = /rate limit|too many|exceeded/i.test(text);
  const trouble: Trouble = { kind: "trouble", text, limited };
  return hint === undefined ? trouble : { ...trouble, hint };
}
