/**
 * Judges real answers by the description of all calls.
 *
 * @module
 */
import { assert } from "@std/assert";
import { Ajv2020 } from "ajv/2020";
import { openApiDocument, SURFACES } from "../../../server/openapi/document.ts";

/** The description. */
// deno-lint-ignore no-explicit-any
export const DOCUMENT = openApiDocument("1.2.3") as any;

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema(DOCUMENT, "openapi");

const pointer = (...keys: string[]) =>
  keys.map((key) => `/${encodeURIComponent(key.replaceAll("~", "~0").replaceAll("/", "~1"))}`).join(
    "",
  );

/** Remembers which calls of a surface were answered with success. */
export class Described {
  readonly #answered = new Set<string>();

  /** Fails unless the answer is one that the description has for the call; returns its status. */
  async judge(method: string, path: string, response: Response): Promise<number> {
    const call = `${method.toUpperCase()} ${path}`;
    const status = String(response.status);
    const answer = DOCUMENT.paths[path]?.[method]?.responses[status];
    assert(answer, `${call} is not described with ${status}`);
    const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
    // A stream of events has no end.
    const endless = type === "text/event-stream";
    if (endless) await response.body?.cancel();
    const text = endless ? "" : await response.text();
    if (answer.content === undefined) assert(text === "", `${call} ${status} has a body: ${text}`);
    else {
      const { schema } = answer.content[type] ?? {};
      assert(schema, `${call} ${status} is not described as ${type}`);
      const value = type === "application/json" ? JSON.parse(text) : text;
      const $ref = `openapi#${
        pointer("paths", path, method, "responses", status, "content", type, "schema")
      }`;
      const validate = ajv.compile({ $ref });
      assert(validate(value), `${call} ${status}: ${ajv.errorsText(validate.errors)}: ${text}`);
    }
    if (response.ok) this.#answered.add(call);
    return response.status;
  }

  /** Fails unless what is sent is what the description asks for. */
  judgeBody(method: string, path: string, body: unknown): void {
    const $ref = `openapi#${
      pointer("paths", path, method, "requestBody", "content", "application/json", "schema")
    }`;
    const validate = ajv.compile({ $ref });
    assert(validate(body), `${method} ${path}: ${ajv.errorsText(validate.errors)}`);
  }

  /** Fails if a call of a surface was never answered with success. */
  assertAll(surface: string, except: readonly string[] = []): void {
    const missing = callsOf(surface).filter((call) => !this.#answered.has(call))
      .filter((call) => !except.includes(call));
    assert(missing.length === 0, `Never answered: ${missing.join(", ")}`);
  }
}

/** The calls of a surface, such as `GET /healthz`. */
export function callsOf(surface: string): string[] {
  return Object.entries(SURFACES[surface]?.paths ?? {}).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`)
  );
}
