/** Declares `mesh verify-release`. @module */
import { defineCommand } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/** Flags of `mesh verify-release`. */
export interface VerifyReleaseFlags extends CommonFlags {
  readonly sums?: string;
  readonly signature?: string;
  readonly key?: string;
}

/** `mesh verify-release`. */
export const verifyRelease = defineCommand<VerifyReleaseFlags, [file: string]>({
  brief: "Check that a downloaded file is the one that was released",
  description:
    "Checks that the list of sums (SHA256SUMS) is signed with the release key, and that the file's sum is on\n" +
    "it. The signature has the format of minisign, so `minisign -V` says the same. Without --key the key that\n" +
    "this program was built with counts.\n\n" +
    "Exit code 0: it is the file that was released. 4: it is not, or was not signed. 3: something is missing.",
  examples: [
    [
      "mesh verify-release ./mesh-x86_64-unknown-linux-gnu",
      "SHA256SUMS and its .minisig lie beside it",
    ],
    [
      "mesh verify-release ./mesh-new --sums ~/Downloads/SHA256SUMS --key release-key.pub",
      "name the list and the key",
    ],
  ],
  flags: {
    sums: {
      kind: "parsed",
      parse: String,
      placeholder: "file",
      brief: "The list of sums (default: SHA256SUMS beside the file)",
      optional: true,
    },
    signature: {
      kind: "parsed",
      parse: String,
      placeholder: "file",
      brief: "Its signature (default: the list's name and .minisig)",
      optional: true,
    },
    key: {
      kind: "parsed",
      parse: String,
      placeholder: "key",
      brief: "The release key: a .pub file, or its last line (default: the one built in)",
      optional: true,
    },
  },
  positional: {
    kind: "tuple",
    parameters: [{ brief: "The file to check", parse: String, placeholder: "file" }],
  },
  anyState: true,
  action: () => import("./verify_release_action.ts"),
});
