/**
 * A person at the webchat's page in a real browser.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import type { Asked } from "../../unit/ocg/fakes.ts";
import { eventually } from "../eventually.ts";
import { findChromium, launch, PATIENCE, Person } from "./chromium.ts";
import { type Answering, Scene } from "./scene.ts";

const chromium = findChromium();

/**
 * Runs a test in a browser; it is ignored, visibly, where there is none.
 *
 * @param name The test's name.
 * @param work The test.
 */
export function browserTest(name: string, work: (browser: Browser) => Promise<void>): void {
  const ignore = chromium === undefined;
  Deno.test({
    name: ignore ? `${name} (needs Chromium; CHROMIUM names it)` : name,
    ignore,
    async fn() {
      const browser = await launch(chromium ?? "");
      try {
        await work(browser);
      } finally {
        await browser.close();
      }
    },
  });
}

/** What is not as usual. */
export interface PageOptions {
  /** What `ocg.json` says beside the agent's address. */
  readonly settings?: Record<string, unknown>;
  /** The browser's window. */
  readonly window?: BrowserContextOptions;
  /** What the console may say. */
  readonly mayComplain?: RegExp;
}

/**
 * Seats one person at the page, whose console must stay silent.
 *
 * @param browser The browser.
 * @param answer How the agent answers.
 * @param work What the person does.
 * @param options What is not as usual.
 */
export async function atThePage(
  browser: Browser,
  answer: Answering,
  work: (page: Page, scene: Scene, person: Person) => Promise<void>,
  { settings, window, mayComplain }: PageOptions = {},
): Promise<void> {
  await using scene = await Scene.open(answer, settings);
  await using person = await Person.sitDown(browser, window);
  const page = await person.open(scene.link);
  await connected(page);
  await work(page, scene, person);
  assertEquals(person.complaints.filter((text) => !mayComplain?.test(text)), []);
}

/** Waits until the page is connected. */
export async function connected(page: Page): Promise<void> {
  await page.getByText("Connected", { exact: true }).waitFor();
}

/** Writes something and sends it. */
export async function send(page: Page, text: string): Promise<void> {
  await page.getByLabel("Message", { exact: true }).fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

/** What the conversation says, in order, each with who said it. */
export async function said(page: Page): Promise<string[]> {
  return await page.$$eval(
    "article",
    (nodes) =>
      nodes.map((node) =>
        `${node.getAttribute("aria-label")}: ${node.querySelector(".text")?.textContent}`
      ),
  );
}

/** Waits until the conversation says this and nothing else. */
export async function saysIt(page: Page, expected: readonly string[]): Promise<void> {
  let last: readonly string[] = [];
  await eventually("the conversation", async () => {
    last = await said(page);
    return JSON.stringify(last) === JSON.stringify(expected);
  }, PATIENCE).catch(() => assertEquals(last, expected));
}

/** What the agent is asked. */
export function lastOf({ messages }: Asked): string {
  return messages.at(-1)?.content ?? "";
}
