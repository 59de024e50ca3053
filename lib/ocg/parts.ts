/**
 * An answer as the messages that a channel shows it in.
 *
 * @module
 */
import type { ChannelCapabilities } from "./channel.ts";
import { openFence } from "./fence.ts";
import { settledText, splitText } from "./split.ts";

/** A message that cannot be changed any more should be worth one: shorter paragraphs are sent together. */
const LEAST_BLOCK = 240;

/**
 * The messages of an answer: as few as possible where a message can grow, else whole paragraphs, so that the
 * first ones can be read while the others are written.
 *
 * @param text The answer.
 * @param capabilities What the channel can do.
 * @returns The texts, none blank, each within the channel's limit.
 */
export function partsOf(text: string, capabilities: ChannelCapabilities): string[] {
  const { edit, maxLength } = capabilities;
  if (edit) return splitText(text, maxLength);
  return blocksOf(text.trimStart()).flatMap((block) => splitText(block, maxLength));
}

/**
 * The messages that an answer under way shows already. All but the last stay as they are; where a message
 * cannot be changed, the last one is left out.
 *
 * @param text The answer so far.
 * @param capabilities What the channel can do.
 * @returns The texts.
 */
export function settledParts(text: string, capabilities: ChannelCapabilities): string[] {
  const parts = partsOf(settledText(text), capabilities);
  return capabilities.edit ? parts : parts.slice(0, -1);
}

function blocksOf(text: string): string[] {
  const blocks: string[] = [];
  let start = 0;
  for (const { index } of text.matchAll(/\n[^\S\n]*(?=\n)/g)) {
    if (index - start < LEAST_BLOCK) continue;
    // No block begins within code, so what is before it need not be looked at.
    if (openFence(text.slice(start, index), index - start)) continue;
    blocks.push(text.slice(start, index));
    start = index;
  }
  return [...blocks, text.slice(start)];
}
