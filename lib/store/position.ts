/**
 * Where a record stands in a listing, and how a page says where the next one begins.
 *
 * @module
 */

import { MeshError } from "../error.ts";
import type { ListOptions } from "./store.ts";

/** A record's place in a listing. */
export interface Position {
  /** The record's id. */
  readonly id: string;
  /** When it was last written, in milliseconds since 1970; 0 in a listing by name. */
  readonly time: number;
}

/** The orders of a listing. */
export type Order = NonNullable<ListOptions["order"]>;

/**
 * How records are compared in an order.
 *
 * @param order The order.
 * @returns A function that is negative if the first comes before the second.
 */
export function comparing(order: Order): (a: Position, b: Position) => number {
  const byId = (a: Position, b: Position) => a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  return order === "name" ? byId : (a, b) => b.time - a.time || byId(a, b);
}

/**
 * A position as a text for the caller to keep.
 *
 * @param order The order of the listing.
 * @param position The last record of the page.
 * @returns The cursor.
 */
export function printCursor(order: Order, position: Position): string {
  return `${order}:${position.time}:${position.id}`;
}

/**
 * The position that a cursor stands for.
 *
 * @param order The order of the listing that it is used in.
 * @param cursor What {@link printCursor} made.
 * @returns The position.
 * @throws {MeshError} `usage` if it is no cursor, or one of another order.
 */
export function parseCursor(order: Order, cursor: string): Position {
  const [, of, time, id] = /^(name|newest):(-?\d{1,16}):(.+)$/s.exec(cursor) ?? [];
  if (of !== order || time === undefined || id === undefined) {
    throw new MeshError("usage", "Cursor is not one of this listing", {
      hint: "start again without a cursor",
    });
  }
  return { id, time: Number(time) };
}
