/**
 * What interfaces say of their properties, from the sources.
 *
 * @module
 */

/** A property. */
export interface PropertyPaper {
  /** Its name. */
  readonly name: string;
  /** Its type, as written, without `undefined`. */
  readonly type: string;
  /** Its doc comment, in one line. */
  readonly doc: string;
}

/** Interfaces and unions by name. */
export interface Declarations {
  /** The properties of each interface, inherited ones first. */
  readonly interfaces: ReadonlyMap<string, readonly PropertyPaper[]>;
  /** What interfaces extend. */
  readonly parents: ReadonlyMap<string, string>;
  /** The names that a union is of. */
  readonly unions: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads declarations that are laid out as the formatter lays them out.
 *
 * @param source The text of one or more modules; what an interface extends comes before it.
 * @returns What they declare.
 */
export function readDeclarations(source: string): Declarations {
  const interfaces = new Map<string, PropertyPaper[]>();
  const parents = new Map<string, string>();
  const blocks = source.matchAll(/^export interface (\w+)(?: extends (\w+))? \{\n(.*?)^\}$/gms);
  for (const [, name = "", parent, body = ""] of blocks) {
    const own = propertiesIn(body);
    if (parent !== undefined) parents.set(name, parent);
    const names = new Set(own.map((property) => property.name));
    const inherited = (interfaces.get(parent ?? "") ?? []).filter(({ name }) => !names.has(name));
    interfaces.set(name, [...inherited, ...own]);
  }
  const unions = new Map<string, string[]>();
  for (const [, name = "", body = ""] of source.matchAll(/^export type (\w+) =\s*([^;]*);$/gm)) {
    unions.set(name, body.split("|").map((part) => part.trim()).filter((part) => part !== ""));
  }
  return { interfaces, parents, unions };
}

function propertiesIn(body: string): PropertyPaper[] {
  const found = body.matchAll(/^ {2}\/\*\*(.*?)\*\/\n {2}readonly (\w+)\??: ([^;]+);$/gms);
  return [...found].map(([, doc = "", name = "", type = ""]) => ({
    name,
    type: type.replace(/\s+/g, " ").replace(/ \| undefined$/, "").trim(),
    doc: doc.split("\n").map((line) => line.replace(/^\s*\*?\s?/, "").trim()).join(" ").trim(),
  }));
}
