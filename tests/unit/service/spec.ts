/**
 * A service for tests.
 *
 * @module
 */
import type { ServiceSpec } from "../../../lib/service/service_spec.ts";

/** A service of a user whose folders have names that are not easy to write down. */
export const AWKWARD: ServiceSpec = {
  name: "mesh",
  scope: "user",
  program: ["/opt/my programs/100%/mesh", "--with", 'a "word"'],
  command: ["serve", "--port", "8790"],
  stateDir: "/home/anna/state $HOME <&> \\ 'x'",
  path: "/usr/bin:/home/anna/my bin",
  writable: [],
};
