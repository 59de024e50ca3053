/**
 * Small words to write schemas and answers of the description with. A schema is JSON Schema 2020-12, as
 * OpenAPI 3.1 has it.
 *
 * @module
 */

/** A JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>;

/** An answer as OpenAPI describes it. */
export type Answer = Readonly<Record<string, unknown>>;

/** Answers by status. */
export type Answers = Readonly<Record<string, Answer>>;

/** One call as OpenAPI describes it. */
export type Operation = Readonly<Record<string, unknown>>;

/** The calls of a surface, by path and lower-case method, and the schemas that they name. */
export interface SurfaceDescription {
  /** Paths as OpenAPI writes them, such as `/ocg/callback/{token}`. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  /** Schemas by name. */
  readonly schemas: Readonly<Record<string, Schema>>;
}

/** A text of at most so many characters. */
export function text(description: string, maxLength?: number, more: Schema = {}): Schema {
  return {
    type: "string",
    description,
    ...(maxLength === undefined ? {} : { maxLength }),
    ...more,
  };
}

/** Exactly this value. */
export function only(value: string | boolean): Schema {
  return { const: value };
}

/** An object; keys that end in `?` may be absent, and keys that are not named may be there. */
export function object(properties: Readonly<Record<string, Schema>>, more: Schema = {}): Schema {
  const named = Object.entries(properties).map(([key, schema]) =>
    [key.replace(/\?$/, ""), schema] as const
  );
  const required = Object.keys(properties).filter((key) => !key.endsWith("?"));
  return { type: "object", properties: Object.fromEntries(named), required, ...more };
}

/** An object that has no keys but these. */
export function closed(properties: Readonly<Record<string, Schema>>): Schema {
  return object(properties, { additionalProperties: false });
}

/** A schema that is described elsewhere. */
export function named(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** What is posted. */
export function jsonBody(schema: Schema, description: string): Record<string, unknown> {
  return { required: true, description, content: { "application/json": { schema } } };
}

/** An answer in JSON. */
export function jsonAnswer(description: string, schema: Schema): Answer {
  return { description, content: { "application/json": { schema } } };
}

/** What each refusing status means, wherever it comes from. */
const REFUSALS: Readonly<Record<string, string>> = {
  400: "What came in is not as it must be",
  401: "The signature, the token or the cookie is missing or wrong",
  403: "Its sender may not do that",
  404: "What was named is not there",
  405: "The path takes another method, which `Allow` names",
  408: "The request took too long",
  409: "It clashes with something that is there",
  413: "The body is too large; the connection is closed",
  429: "Too many; `Retry-After` says when to try again",
  500: "This machine failed",
  501: "The channel cannot do that",
  502: "The platform says that this will never work",
  503: "Not possible right now",
  507: "This machine's disk is full",
};

/**
 * The refusals of a call.
 *
 * @param schema Their form.
 * @param statuses Which there are.
 * @returns Answers by status.
 */
export function refusals(schema: Schema, ...statuses: readonly number[]): Answers {
  return Object.fromEntries(
    statuses.map((status) => [String(status), jsonAnswer(REFUSALS[status] ?? "Refused", schema)]),
  );
}

/** A parameter within the path. */
export function inPath(name: string, description: string): Record<string, unknown> {
  return { name, in: "path", required: true, description, schema: { type: "string" } };
}

/** A header that may be sent. */
export function inHeader(name: string, description: string): Record<string, unknown> {
  return { name, in: "header", required: false, description, schema: { type: "string" } };
}
