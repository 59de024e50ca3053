/**
 * What the parser says when it does not understand: the same two lines as every other failure.
 *
 * @module
 */
import {
  type ApplicationText,
  ArgumentScannerError,
  formatMessageForArgumentScannerError,
  text_en,
} from "@stricli/core";
import { MeshError, messageOf } from "../lib/error.ts";

/** The parser's sentences, in this project's form. */
export const PARSER_TEXT: ApplicationText = {
  ...text_en,
  noCommandRegisteredForInput: ({ input, corrections }) => {
    const nearest = corrections.map((name) => name.replaceAll("`", "")).join(" or ");
    return corrections.length > 0
      ? `mesh: There is no command "${input}"\nhint: did you mean ${nearest}?`
      : `mesh: There is no command "${input}"\nhint: mesh --help`;
  },
  exceptionWhileParsingArguments: (error) => `mesh: ${argumentSentence(error)}`,
  exceptionWhileLoadingCommandFunction: (error) =>
    `mesh: Cannot load this command: ${messageOf(error)}`,
  exceptionWhileLoadingCommandContext: (error) =>
    `mesh: Cannot start this command: ${messageOf(error)}`,
  exceptionWhileRunningCommand: (error) => `mesh: ${messageOf(error)}`,
  commandErrorResult: (error) => `mesh: ${messageOf(error)}`,
};

function argumentSentence(error: unknown): string {
  if (!(error instanceof ArgumentScannerError)) return messageOf(error);
  return formatMessageForArgumentScannerError(error, {
    FlagNotFoundError: ({ input, corrections }) => {
      const nearest = corrections.map((name) => `--${name.replace(/^--/, "")}`).join(" or ");
      const hint = corrections.length > 0 ? `did you mean ${nearest}?` : "--help lists the flags";
      return `There is no flag --${input}\nhint: ${hint}`;
    },
    AliasNotFoundError: ({ input }) => `There is no flag -${input}\nhint: --help lists the flags`,
    ArgumentParseError: ({ externalFlagNameOrPlaceholder: name, exception }) =>
      `${messageOf(exception)}\nhint: ${hintOf(exception) ?? `this is about "${name}"`}`,
    UnsatisfiedFlagError: ({ externalFlagName: name }) =>
      `--${name} is missing or has no value\nhint: --help shows an example`,
    UnsatisfiedPositionalError: ({ placeholder }) =>
      `The argument <${placeholder}> is missing\nhint: --help shows an example`,
    UnexpectedPositionalError: ({ input }) =>
      `"${input}" is one argument too many\nhint: --help shows an example`,
  });
}

/** What helps says more than where it is: one line, since the parser knows lines only. */
function hintOf(exception: unknown): string | undefined {
  return exception instanceof MeshError ? exception.hint?.replaceAll("\n", " ") : undefined;
}
