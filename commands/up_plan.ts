/**
 * Which surfaces `mesh up` runs, and why it leaves the others.
 *
 * @module
 */
import { MeshError } from "../lib/error.ts";
import { GATEWAY, OCG, type Running, UP } from "../lib/run/run_file.ts";
import type { SurfaceName } from "./up.ts";

/** What is known before anything is started. */
export interface Known {
  /** What was asked for by name. */
  readonly only?: readonly SurfaceName[] | undefined;
  /** Whether there is an identity. */
  readonly identity: boolean;
  /** Whether a gateway of OGP was set up. */
  readonly ogp: boolean;
  /** Whether there are chat channels. */
  readonly ocg: boolean;
  /** Whether the admin surface is wanted. */
  readonly admin: boolean;
  /** What runs already on the state directory. */
  readonly running: readonly Running[];
}

/** What is to be run. */
export interface Plan {
  /** The surfaces. */
  readonly run: ReadonlySet<SurfaceName>;
  /** A sentence for each surface that is left out. */
  readonly notes: readonly string[];
}

/** How the daemon of a surface is announced. */
const ANNOUNCED: Readonly<Partial<Record<SurfaceName, string>>> = {
  mesh: "serve",
  ogp: GATEWAY,
  ocg: OCG,
};

const TITLES: Readonly<Record<SurfaceName, string>> = {
  mesh: "Agent Mesh V1",
  ogp: "OGP",
  ocg: "The channel gateway",
  admin: "The admin surface",
};

/**
 * Plans.
 *
 * @param known What is known.
 * @returns What to run.
 * @throws {MeshError} `not_initialized` if there is nothing to run, or what was asked for needs an identity;
 * `exists` if all of it runs.
 *
 * @example
 * ```ts
 * import { planUp } from "./up_plan.ts";
 * import { assertEquals } from "@std/assert";
 *
 * const known = { ogp: false, ocg: true, admin: true, running: [] };
 * assertEquals([...planUp({ ...known, identity: true }).run], ["mesh", "ocg", "admin"]);
 * assertEquals([...planUp({ ...known, identity: false }).run], ["ocg", "admin"]);
 * ```
 */
export function planUp(known: Known): Plan {
  const { only, identity, running } = known;
  const run = new Set<SurfaceName>();
  const notes: string[] = [];
  const all = running.find(({ name }) => name === UP);
  if (all) {
    throw new MeshError("exists", `mesh up runs already (process ${all.pid})`, {
      hint: "mesh status, or mesh stop",
    });
  }
  for (const name of ["mesh", "ogp", "ocg", "admin"] as const) {
    if (only ? !only.includes(name) : !isConfigured(name, known)) {
      const advice = only ? undefined : adviceFor(name);
      if (advice !== undefined) notes.push(`${TITLES[name]} does not run: ${advice}`);
      continue;
    }
    if (!identity && (name === "mesh" || name === "ogp")) {
      throw new MeshError("not_initialized", `${TITLES[name]} needs an identity`, {
        hint: "mesh init",
      });
    }
    const other = running.find((one) => one.name === ANNOUNCED[name]);
    if (other) {
      notes.push(`${TITLES[name]} runs already, in process ${other.pid}, and is left there`);
    } else run.add(name);
  }
  if ([...run].some((name) => name !== "admin")) return { run, notes };
  if (only?.every((name) => name === "admin")) {
    throw new MeshError(
      "usage",
      "The admin surface tells how other surfaces are, and runs beside one",
      {
        hint: "mesh up --only mesh,admin",
      },
    );
  }
  if (notes.some((note) => note.includes("runs already"))) {
    throw new MeshError("exists", "All that is configured runs already", { hint: "mesh status" });
  }
  throw new MeshError("not_initialized", "Nothing is configured that could run", {
    hint: "mesh init, or, for chat channels alone: mesh ocg channels add",
  });
}

function isConfigured(name: SurfaceName, known: Known): boolean {
  if (name === "mesh") return known.identity;
  if (name === "ogp") return known.identity && known.ogp;
  return known[name];
}

/** The admin surface is off because somebody said so. */
function adviceFor(name: SurfaceName): string | undefined {
  if (name === "mesh") return "mesh init";
  if (name === "ogp") return "mesh ogp setup";
  return name === "ocg" ? "mesh ocg channels add --channel webchat" : undefined;
}
