/**
 * Types for the parts of the standard library that the npm package `deno-std` carries without types.
 * With a JSR registry at hand, map `@std/*` in deno.json to `jsr:@std/*` and delete this file.
 */

declare module "@std/assert" {
  /** Fails unless both are deeply equal. */
  export function assertEquals<T>(actual: T, expected: T, msg?: string): void;
  /** Fails if both are deeply equal. */
  export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void;
  /** Fails unless both are the same value or reference. */
  export function assertStrictEquals<T>(actual: unknown, expected: T, msg?: string): void;
  /** Fails unless the value is truthy. */
  export function assert(expr: unknown, msg?: string): asserts expr;
  /** Fails if the value is truthy. */
  export function assertFalse(expr: unknown, msg?: string): void;
  /** Fails if the value is null or undefined. */
  export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T>;
  /** Fails unless the text contains the expected part. */
  export function assertStringIncludes(actual: string, expected: string, msg?: string): void;
  /** Fails unless the text matches. */
  export function assertMatch(actual: string, expected: RegExp, msg?: string): void;
  /** Fails if the text matches. */
  export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void;
  /** Fails unless `actual` has at least the properties of `expected`. */
  export function assertObjectMatch(
    // deno-lint-ignore no-explicit-any
    actual: Record<PropertyKey, any>,
    expected: Record<PropertyKey, unknown>,
    msg?: string,
  ): void;
  /** Fails unless `actual` holds every one of `expected`. */
  export function assertArrayIncludes<T>(actual: ArrayLike<T>, expected: ArrayLike<T>): void;
  /** Fails unless `fn` throws an `ErrorClass` whose message includes `msgIncludes`; returns it. */
  export function assertThrows<E extends Error = Error>(
    fn: () => unknown,
    // deno-lint-ignore no-explicit-any
    ErrorClass?: abstract new (...args: any[]) => E,
    msgIncludes?: string,
  ): E;
  /** Fails unless `fn` rejects with an `ErrorClass` whose message includes `msgIncludes`; returns it. */
  export function assertRejects<E extends Error = Error>(
    fn: () => PromiseLike<unknown>,
    // deno-lint-ignore no-explicit-any
    ErrorClass?: abstract new (...args: any[]) => E,
    msgIncludes?: string,
  ): Promise<E>;
  /** Fails if `actual` is not greater than `expected`. */
  export function assertGreater<T>(actual: T, expected: T, msg?: string): void;
  /** Fails if `actual` is not less than `expected`. */
  export function assertLess<T>(actual: T, expected: T, msg?: string): void;
  /** Fails if `actual` is greater than `expected`. */
  export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void;
  /** Fails if `actual` is less than `expected`. */
  export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void;
  /** Fails unless `actual` is an instance. */
  export function assertInstanceOf<T>(
    actual: unknown,
    // deno-lint-ignore no-explicit-any
    expectedType: abstract new (...args: any[]) => T,
    msg?: string,
  ): asserts actual is T;
  /** Always fails. */
  export function fail(msg?: string): never;
}

declare module "@std/fmt/colors" {
  /** Colours on or off for this process. */
  export function setColorEnabled(value: boolean): void;
  /** Whether colours are on. */
  export function getColorEnabled(): boolean;
  /** Bold text. */
  export function bold(text: string): string;
  /** Dim text. */
  export function dim(text: string): string;
  /** Red text. */
  export function red(text: string): string;
  /** Green text. */
  export function green(text: string): string;
  /** Yellow text. */
  export function yellow(text: string): string;
  /** Cyan text. */
  export function cyan(text: string): string;
  /** The text without any ANSI code. */
  export function stripAnsiCode(text: string): string;
}

declare module "@std/fmt/bytes" {
  /** A number of bytes as people write it, such as `1.34 kB`. */
  export function format(
    bytes: number,
    options?: { bits?: boolean; binary?: boolean; signed?: boolean; locale?: string | boolean },
  ): string;
}

declare module "@std/fmt/duration" {
  /** Milliseconds as people write them, such as `1m 30s`. */
  export function format(
    ms: number,
    options?: { style?: "narrow" | "digital" | "full"; ignoreZero?: boolean },
  ): string;
}

declare module "@std/semver" {
  /** A version. */
  export interface SemVer {
    readonly major: number;
    readonly minor: number;
    readonly patch: number;
  }
  /** Ranges of versions. */
  export type Range = unknown;
  /** Reads a version; throws a `TypeError` for what is none. */
  export function parse(value: string): SemVer;
  /** Reads a version; `undefined` for what is none. */
  export function tryParse(value: string): SemVer | undefined;
  /** Reads a range as npm writes it; throws a `TypeError` for what is none. */
  export function parseRange(value: string): Range;
  /** Whether a version is in a range. */
  export function satisfies(version: SemVer, range: Range): boolean;
}

declare module "@std/yaml/parse" {
  /** Reads a document of YAML 1.2; throws a `SyntaxError` for what is none. */
  export function parse(content: string): unknown;
}
