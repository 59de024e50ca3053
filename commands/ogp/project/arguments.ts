/**
 * Arguments and flags that several of the project commands take.
 *
 * @module
 */
import { type CommonFlags, parseCount } from "../../flags.ts";
import { argument, type Positional, textFlag } from "../../positionals.ts";

/** Flags of `query` and `query-peer`. */
export interface QueryFlags extends CommonFlags {
  readonly type?: string;
  readonly topic?: string;
  readonly author?: string;
  readonly search?: string;
  readonly limit: number;
}

/** Which project is meant. */
export const PROJECT: Positional = argument("project", "The project's id");

/** What kind of contribution it is. */
export const TYPE: Positional = argument("type", "progress, decision, blocker, context, …");

/** What there is to say. */
export const SUMMARY: Positional = {
  ...argument("summary", "What there is to say (default: read from stdin)"),
  optional: true,
};

/** The declarations of {@link QueryFlags}. */
export const QUERYING: Readonly<Record<string, unknown>> = {
  type: textFlag("type", "Only entries of this type"),
  topic: textFlag("type", "The same, under its older name"),
  author: textFlag("who", "Only this author's: a gateway's alias, id or name; me for ours"),
  search: textFlag("text", "Only where this occurs, in any case"),
  limit: {
    kind: "parsed",
    parse: parseCount,
    placeholder: "n",
    brief: "At most the newest n",
    default: "20",
  },
};
