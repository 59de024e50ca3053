/**
 * What can be seen of the page only from inside: expressions that the browser evaluates, as texts, since the
 * types of a browser's globals are not those of the tests.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";

/** How far down the conversation is scrolled, in pixels. */
export function top(page: Page): Promise<number> {
  return page.evaluate<number>(`document.querySelector("#log").scrollTop`);
}

/** Whether the end of the conversation is in view. */
export function isAtEnd(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(`(() => {
    const log = document.querySelector("#log");
    return log.scrollHeight - log.scrollTop - log.clientHeight < 5;
  })()`);
}

/** What has the focus, by its id, class or kind, and how that is shown. */
export function focus(page: Page): Promise<{ name: string; outline: string }> {
  return page.evaluate<{ name: string; outline: string }>(`(() => {
    const node = document.activeElement;
    if (!node || node === document.body) return { name: "", outline: "" };
    const outline = getComputedStyle(node).outlineStyle;
    return { name: node.id || node.className || node.localName, outline };
  })()`);
}

/** The colour behind everything. */
export function background(page: Page): Promise<string> {
  return page.evaluate<string>(`getComputedStyle(document.body).backgroundColor`);
}

/** Nothing is wider than the window, and the composer is in it. */
export async function fits(page: Page): Promise<void> {
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  const [wide = 0, hidden] = await page.evaluate<number[]>(`(() => {
    const log = document.querySelector("#log");
    return [document.documentElement.scrollWidth, log.scrollWidth - log.clientWidth];
  })()`);
  assert(wide <= width, `the page is ${wide} wide`);
  assertEquals(hidden, 0, "the conversation scrolls only up and down");
  for (const name of ["#text", "#send"]) {
    const box = await page.locator(name).boundingBox();
    assert(box && box.x >= 0 && box.x + box.width <= width, `${name} is in the window`);
    assert(box.y >= 0 && box.y + box.height <= height, `${name} is in the window`);
  }
}

/** The text that stands out least from what is behind it, as WCAG 2 counts it. */
export function leastContrast(page: Page): Promise<{ ratio: number; text: string }> {
  return page.evaluate<{ ratio: number; text: string }>(String.raw`(() => {
    const parts = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (colour) => {
      const [r, g, b] = parts(colour).map((part) => {
        const value = part / 255;
        return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (node) => {
      for (; node; node = node.parentElement) {
        const colour = getComputedStyle(node).backgroundColor;
        if (parts(colour)[3] !== 0) return colour;
      }
      return "rgb(255, 255, 255)";
    };
    let least = { ratio: Infinity, text: "" };
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let text = walk.nextNode(); text; text = walk.nextNode()) {
      const node = text.parentElement;
      if (!text.textContent.trim() || !node.checkVisibility()) continue;
      if (["SCRIPT", "STYLE", "NOSCRIPT"].includes(node.tagName)) continue;
      const colours = [getComputedStyle(node).color, behind(node)].map(luminance);
      const [dark, bright] = colours.sort((a, b) => a - b);
      const ratio = (bright + 0.05) / (dark + 0.05);
      if (ratio < least.ratio) least = { ratio, text: text.textContent };
    }
    return least;
  })()`);
}

/** Does what a text that became markup would do; returns whether a script ran. */
export function sneakIn(page: Page): Promise<boolean> {
  return page.evaluate<boolean>(`(() => {
    const script = document.createElement("script");
    try {
      script.text = "globalThis.ran = true";
    } catch {
      // Refused already here: it is no trusted text.
    }
    document.body.append(script);
    const image = document.createElement("img");
    image.src = "https://example.org/pixel";
    document.body.append(image);
    return globalThis.ran ?? false;
  })()`);
}
