/**
 * What the user of each machine types, from the first download to the last trace.
 *
 * @module
 */
import type { Machine } from "../machine.ts";
import { look } from "./look.ts";
import { chat } from "./chat.ts";
import { federate } from "./federate.ts";
import { install } from "./install.ts";
import { meet } from "./meet.ts";
import { remove } from "./remove.ts";

/**
 * Takes the whole tour.
 *
 * @param anna A machine with an empty home.
 * @param bert Another one, on the same network.
 * @param url Where a release can be downloaded.
 * @throws {Failure} as soon as anything is not as it must be.
 */
export async function story(anna: Machine, bert: Machine, url: string): Promise<void> {
  const { screen } = anna;
  screen.heading("Both install it");
  await install(anna, url);
  await install(bert, url);
  screen.heading("They find each other, and become acquainted");
  await meet(anna, bert);
  screen.heading("Their gateways federate, and Bert's agent answers");
  await federate(anna, bert);
  screen.heading("Bert chats with his agent on a page");
  await chat(bert);
  screen.heading("Both look at how it is");
  await look(anna, bert);
  screen.heading("Both take it away again");
  await remove(anna);
  await remove(bert);
}
