/**
 * A report to attach when asking for help: findings, versions, configuration, counts of records, the ends
 * of the logs. Secrets, the texts of messages, and who and where people are, stay at home.
 *
 * @module
 */
import { listDeliveries } from "../delivery/find.ts";
import { messageOf } from "../error.ts";
import { configuredSecrets } from "../log/known_secrets.ts";
import { parseLine } from "../log/line.ts";
import { redactor } from "../log/redact.ts";
import { whoIsKnown } from "./bundle_names.ts";
import type { Finding } from "./check.ts";
import type { DoctorContext } from "./context.ts";
import { hostsIn, Pseudonyms } from "./pseudonyms.ts";
import { countRecords } from "./record_counts.ts";
import { shownConfiguration, shownLine } from "./shown_document.ts";
import { readTail } from "./tail.ts";
import { knowsLayout } from "./versions.ts";

/** What a report needs to know of its surroundings. */
export interface BundleOptions {
  /** The owner's home directory, if known. */
  readonly home?: string | undefined;
  /** Names of variables that are set and mean something here. Their values stay out. */
  readonly variables: readonly string[];
  /** Configuration files to show, by the name that they get in the report. */
  readonly files: Readonly<Record<string, string>>;
}

/** Lines of each log, from its end. */
const LINES = 200;

/** Deliveries whose last error is shown. */
const DELIVERIES = 20;

/**
 * Gathers the report.
 *
 * @param context The node.
 * @param findings What the checks found.
 * @param options The surroundings.
 * @returns A JSON document, already without what is nobody's business. What could not be read is a sentence
 * in its place.
 */
export async function gatherBundle(
  context: DoctorContext,
  findings: readonly Finding[],
  { home, variables, files }: BundleOptions,
): Promise<Record<string, unknown>> {
  const { root } = context.state;
  const keep = redactor({ secrets: await configuredSecrets(Object.values(files)) });
  const documents: unknown[] = [];
  const logs = (await namesIn(`${root}/run`)).filter((name) => /\.log(\.\d+)?$/.test(name));
  const always = {
    findings: () => findings,
    variables: () => variables,
    records: () => countRecords(root),
  };
  // Whoever is known by records is not named; where those may not be read, nobody is quoted.
  const parts = !knowsLayout(root) ? always : {
    ...always,
    running: () => context.running(),
    configuration: () =>
      eachOf(files, async (path) => {
        const document = JSON.parse((await Deno.readTextFile(path)).replace(/^\uFEFF/, ""));
        documents.push(document);
        return shownConfiguration(document);
      }),
    queue: () => queueOf(context),
    logs: () =>
      eachOf(
        Object.fromEntries(logs.sort().map((name) => [name, `${root}/run/${name}`])),
        async (path) => {
          const lines = await readTail(path, LINES);
          documents.push(lines.map((line) => parseLine(line)?.properties));
          return lines.map(shownLine);
        },
      ),
  };
  const gathered: Record<string, unknown> = {};
  for (const [name, gather] of Object.entries(parts)) gathered[name] = await orWhyNot(gather);
  const { names, hosts } = knowsLayout(root)
    ? await whoIsKnown(context, home, documents)
    : { names: [], hosts: [] };
  const hide = new Pseudonyms({
    names,
    hosts: [...hosts, ...hostsIn(JSON.stringify([gathered, documents]))],
    paths: [[root, "$STATE"], ...(home === undefined ? [] : [[home, "~"] as const])],
  });
  return {
    about: "A report of mesh doctor. Read it before you pass it on.",
    made_at: context.now().toISOString(),
    version: context.version,
    ...hide.value(withoutSecrets(gathered, keep)) as Record<string, unknown>,
  };
}

/** The redactor bounds what it goes into, as a log must; here every list is bounded where it is made. */
function withoutSecrets(value: unknown, keep: ReturnType<typeof redactor>): unknown {
  const at = (given: unknown, name: string): unknown => {
    if (Array.isArray(given)) return given.map((one) => at(one, name));
    if (typeof given === "object" && given !== null) {
      return Object.fromEntries(Object.entries(given).map(([key, one]) => [key, at(one, key)]));
    }
    return (keep.value({ [name]: given }) as Record<string, unknown>)[name];
  };
  return at(value, "");
}

async function queueOf(context: DoctorContext): Promise<unknown> {
  const all = await listDeliveries(context.ogp);
  return {
    waiting: all.filter(({ state }) => state === "waiting").length,
    dead: all.filter(({ state }) => state === "dead").length,
    newest: all.slice(-DELIVERIES).map(({ entry, state }) => ({
      state,
      protocol: entry.protocol,
      attempts: entry.attempts,
      created_at: entry.created_at,
      next_attempt_at: entry.next_attempt_at,
      last_error: entry.last_error,
    })),
  };
}

async function eachOf(
  paths: Readonly<Record<string, string>>,
  read: (path: string) => Promise<unknown>,
): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const [name, path] of Object.entries(paths)) {
    try {
      found[name] = await read(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) continue;
      // What a parser says of a text quotes it.
      found[name] = error instanceof SyntaxError ? "Not JSON" : `Cannot read: ${messageOf(error)}`;
    }
  }
  return found;
}

async function orWhyNot(gather: () => unknown): Promise<unknown> {
  try {
    return await gather();
  } catch (error) {
    return `Cannot be told: ${messageOf(error)}`;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  } catch {
    return [];
  }
}
