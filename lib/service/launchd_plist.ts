/**
 * The property list of launchd (launchd.plist(5)).
 *
 * @module
 */
import { checkServiceSpec, MARK, type ServiceSpec } from "./service_spec.ts";

/** What can stand in the list. */
type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

/**
 * How launchd calls the service.
 *
 * @param name The service's name.
 * @returns Its label, unlike that of any program of OpenClaw's own.
 */
export function launchdLabel(name: string): string {
  return `openclaw-mesh.${name}`;
}

/**
 * Writes a property list.
 *
 * @param spec What it is to run.
 * @returns The file's text. It starts after a failure again, at most every 10 seconds.
 * @throws {MeshError} `usage` for paths with control characters.
 */
export function launchdPlist(spec: ServiceSpec): string {
  checkServiceSpec(spec);
  const log = `${spec.stateDir}/run/${spec.name}-service.log`;
  const list: Value = {
    Label: launchdLabel(spec.name),
    ProgramArguments: [...spec.program, ...spec.command, "--state-dir", spec.stateDir],
    ...(spec.user === undefined ? {} : { UserName: spec.user }),
    EnvironmentVariables: { PATH: spec.path },
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 10,
    ExitTimeOut: 30,
    ProcessType: "Background",
    Umask: 0o77,
    StandardOutPath: log,
    StandardErrorPath: log,
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" ' +
    '"http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    `<!-- ${MARK} -->`,
    '<plist version="1.0">',
    ...elements(list, ""),
    "</plist>",
  ].join("\n") + "\n";
}

function elements(value: Value, indent: string): string[] {
  if (typeof value === "boolean") return [`${indent}<${value}/>`];
  if (typeof value === "number") return [`${indent}<integer>${value}</integer>`];
  if (typeof value === "string") return [`${indent}<string>${escaped(value)}</string>`];
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.flatMap((item: Value) => elements(item, deeper));
    return [`${indent}<array>`, ...items, `${indent}</array>`];
  }
  const entries = Object.entries(value).flatMap(([key, item]) => [
    `${deeper}<key>${escaped(key)}</key>`,
    ...elements(item as Value, deeper),
  ]);
  return [`${indent}<dict>`, ...entries, `${indent}</dict>`];
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
