/** Declares `mesh scan`. @module */
import { defineCommand } from "./define.ts";
import { type CommonFlags, parseCount, parseDuration, parsePorts } from "./flags.ts";

/** Flags of `mesh scan`. */
export interface ScanFlags extends CommonFlags {
  readonly port?: number[];
  readonly file?: string;
  readonly timeout: number;
  readonly deadline: number;
  readonly concurrency: number;
  readonly all: boolean;
}

/** `mesh scan`. */
export const scan = defineCommand<ScanFlags, string[]>({
  brief: "Find agents on the local network",
  description:
    "Asks each address for its card. Targets are URLs, hosts, host:port, networks (192.168.1.0/24) and\n" +
    "ranges (192.168.1.10-40); - reads them from stdin. With no target this machine's private IPv4\n" +
    "networks are scanned, up to a /22 each. Nothing that is found is trusted: ask for contact next.",
  examples: [
    ["mesh scan", "the networks of this machine"],
    ["mesh scan 192.168.1.0/24 nas.local:8790", "a network and a host"],
    ["mesh scan --port 8787,8790 10.0.0.1-50", "a range on two ports"],
    ["mesh scan --file hosts.txt --json", "targets from a file, results for a program"],
  ],
  flags: {
    port: {
      kind: "parsed",
      parse: parsePorts,
      placeholder: "ports",
      brief: "Ports for targets that name none (default 8787)",
      optional: true,
    },
    file: {
      kind: "parsed",
      parse: String,
      placeholder: "file",
      brief: "Read targets from a file; - is stdin",
      optional: true,
    },
    timeout: {
      kind: "parsed",
      parse: parseDuration,
      placeholder: "time",
      brief: "For each probe",
      default: "500ms",
    },
    deadline: {
      kind: "parsed",
      parse: parseDuration,
      placeholder: "time",
      brief: "For the whole scan",
      default: "60s",
    },
    concurrency: {
      kind: "parsed",
      parse: parseCount,
      placeholder: "n",
      brief: "Probes at once",
      default: "256",
    },
    all: {
      kind: "boolean",
      brief: "List the addresses of networks that do not answer, too",
      default: false,
      withNegated: false,
    },
  },
  positional: {
    kind: "array",
    parameter: {
      brief: "URL, host, host:port, network or range",
      parse: String,
      placeholder: "target",
    },
  },
  action: () => import("./scan_action.ts"),
});
