/** Declares `mesh up`. @module */
import { MeshError } from "../lib/error.ts";
import { type BackgroundFlags, backgroundFlags } from "./background_flags.ts";
import { defineCommand } from "./define.ts";
import type { CommonFlags } from "./flags.ts";

/** What `mesh up` can run. */
export const SURFACES = ["mesh", "ogp", "ocg", "admin"] as const;

/** One of {@link SURFACES}. */
export type SurfaceName = typeof SURFACES[number];

/** Flags of `mesh up`. */
export interface UpFlags extends CommonFlags, BackgroundFlags {
  readonly only?: readonly SurfaceName[];
}

/** `mesh up`. */
export const up = defineCommand<UpFlags>({
  brief: "Run everything that is configured, in one process",
  description:
    "Agent Mesh V1 runs after mesh init, OGP after mesh ogp setup, chat channels after mesh ocg channels add,\n" +
    "and the admin surface unless config.json says otherwise, each where config.json and ocg.json say. What\n" +
    "runs already on this state directory is left where it is. Runs until Ctrl-C, SIGTERM or mesh stop; one\n" +
    "surface alone ends with mesh ogp stop or mesh ocg stop. With --background it goes on after the terminal\n" +
    "is closed; to have it come up with the machine: mesh service install",
  examples: [
    ["mesh up", "in this terminal"],
    ["mesh up --background", "without it; mesh logs -f shows what happens"],
    ["mesh up --only ocg,admin", "chat channels, and how they are"],
  ],
  flags: {
    only: {
      kind: "parsed",
      parse: parseSurfaces,
      placeholder: "surfaces",
      brief: `Run these, configured or not: ${SURFACES.join(", ")}, with commas`,
      optional: true,
    },
    ...backgroundFlags("up"),
  },
  action: () => import("./up_action.ts"),
});

function parseSurfaces(input: string): SurfaceName[] {
  const names = input.split(",").map((name) => name.trim());
  const wanted = SURFACES.filter((name) => names.includes(name));
  const unknown = names.find((name) => !SURFACES.some((known) => known === name));
  if (unknown === undefined) return wanted;
  throw new MeshError("usage", `There is no surface "${unknown}"`, {
    hint: `with commas, some of: ${SURFACES.join(", ")}`,
  });
}
