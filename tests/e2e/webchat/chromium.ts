/**
 * The Chromium of this machine, driven by playwright-core: nothing is downloaded. `CHROMIUM` names the
 * program, or an empty value turns these tests off; without it, the usual places are looked at.
 *
 * @module
 */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

/** Where systems put it. */
const USUAL = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/opt/google/chrome/chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Milliseconds that anything may take on a busy machine. */
export const PATIENCE = 30_000;

/**
 * Looks for Chromium.
 *
 * @returns The program, or `undefined` if there is none.
 */
export function findChromium(): string | undefined {
  const named = Deno.env.get("CHROMIUM");
  if (named !== undefined) return named || undefined;
  return USUAL.find(isFile);
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/**
 * Starts it.
 *
 * @param executablePath The program.
 * @returns The browser; close it.
 */
export async function launch(executablePath: string): Promise<Browser> {
  const { chromium } = await import("playwright-core");
  return await chromium.launch({
    executablePath,
    // Its sandbox wants rights that containers do not give; it sees only our own page.
    chromiumSandbox: false,
    args: ["--disable-dev-shm-usage", "--disable-gpu"],
    timeout: PATIENCE,
  });
}

/** A browser's window with a memory of its own, and all that its pages complained about. */
export class Person implements AsyncDisposable {
  /** What the consoles of all pages said that is an error or a warning, and what was thrown. */
  readonly complaints: string[] = [];

  private constructor(readonly context: BrowserContext) {}

  /**
   * Opens the window.
   *
   * @param browser The browser.
   * @param options Its size and what it prefers.
   */
  static async sitDown(browser: Browser, options: BrowserContextOptions = {}): Promise<Person> {
    const viewport = { width: 1000, height: 760 };
    const context = await browser.newContext({ viewport, locale: "en-GB", ...options });
    context.setDefaultTimeout(PATIENCE);
    return new Person(context);
  }

  /**
   * Opens a tab.
   *
   * @param url The address.
   * @returns The page.
   */
  async open(url: string): Promise<Page> {
    const page = await this.context.newPage();
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") {
        this.complaints.push(`${message.type()}: ${message.text()}`);
      }
    });
    await page.goto(url);
    return page;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
  }
}
