/**
 * Bringing a state directory from an older layout to the one that this program knows.
 *
 * @module
 */
import { MeshError } from "../error.ts";
import { listRunning } from "../run/run_file.ts";
import { openFileStore } from "../store/file_store.ts";
import { backUp } from "./backup.ts";
import { type Migration, MIGRATIONS } from "./migrations.ts";
import { checkStateVersion, VERSION_FILE, versionText } from "./state_version.ts";

/** One step that was taken. */
export interface MigrationStep {
  /** The version that it led to. */
  readonly to: number;
  /** What it did. */
  readonly what: string;
  /** Where what it changed is kept as it was. */
  readonly backup: string;
}

/** How to migrate. */
export interface MigrateOptions {
  /** The steps; for tests. */
  readonly migrations?: readonly Migration[];
  /** The present; for tests. */
  readonly now?: Date;
}

/**
 * Takes all steps that are missing, one after the other: a copy of what the step changes, the step, the new
 * version. Whatever is cut short is done again by the next who asks; of several at once, one does it.
 *
 * @param root The state directory.
 * @param options The steps.
 * @returns The steps that were taken; none if there was nothing to do.
 * @throws {MeshError} `newer_state` if the state is newer than the last step, `locked` if a daemon runs on
 * it, `disk_full` or `io` if a copy cannot be made; then the version is still the old one.
 */
export async function migrateState(
  root: string,
  { migrations = MIGRATIONS, now = new Date() }: MigrateOptions = {},
): Promise<MigrationStep[]> {
  const latest = migrations.at(-1)?.to ?? 1;
  if (checkStateVersion(root, latest) === latest) return [];
  const store = openFileStore(root);
  return await store.withLock("state-version", async () => {
    const from = checkStateVersion(root, latest);
    const missing = migrations.filter(({ to }) => to > from);
    if (missing.length > 0) await assertQuiet(root);
    const taken: MigrationStep[] = [];
    for (const { to, what, touches, apply } of missing) {
      const name = `state-${to - 1}-${now.toISOString().replaceAll(":", "-")}`;
      const backup = await backUp(root, [VERSION_FILE, ...touches], name);
      await apply(store);
      await store.writeFile(VERSION_FILE, versionText(to));
      taken.push({ to, what, backup });
    }
    return taken;
  });
}

/** A daemon of the older version would go on writing as it always did. */
async function assertQuiet(root: string): Promise<void> {
  const [running] = await listRunning(root);
  if (!running) return;
  throw new MeshError(
    "locked",
    `The state has to be brought up to date, and a daemon of an older version runs on it: ` +
      `${running.name} (process ${running.pid})`,
    { hint: "stop it, or restart it if it is a service" },
  );
}
