/**
 * Says in a few words what a message holds beside text: an agent that reads texts should know that there
 * was a photo.
 *
 * @module
 */
import type { Message } from "grammy/types";

type Describe = (message: Message) => string | undefined;

/** In this order: an animation also comes as a document, a venue also as a location. */
const KINDS: readonly Describe[] = [
  (m) => m.photo && "photo",
  (m) => m.animation && "animation",
  (m) => m.video && `video${seconds(m.video.duration)}`,
  (m) => m.video_note && `video note${seconds(m.video_note.duration)}`,
  (m) => m.voice && `voice message${seconds(m.voice.duration)}`,
  (m) => m.audio && `audio${named(m.audio.title ?? m.audio.file_name)}${seconds(m.audio.duration)}`,
  (m) => m.document && `document${named(m.document.file_name)}${size(m.document.file_size)}`,
  (m) => m.sticker && `sticker${m.sticker.emoji ? ` ${m.sticker.emoji}` : ""}`,
  (m) => m.venue && `place${named(m.venue.title)}, ${point(m.venue.location)}`,
  (m) => m.location && `location ${point(m.location)}`,
  (m) =>
    m.contact &&
    `contact${named(m.contact.first_name)}, ${oneLine(m.contact.phone_number)}`,
  (m) =>
    m.poll &&
    `poll${named(m.poll.question)}: ${m.poll.options.map(({ text }) => oneLine(text)).join(", ")}`,
  (m) => m.dice && `dice ${m.dice.emoji} ${m.dice.value}`,
  (m) => m.story && "story",
];

/**
 * Describes what is not text.
 *
 * @param message The message.
 * @returns Such as `[photo]` or `[voice message, 12 s]`; `undefined` for text and for notices of the
 * platform, such as somebody joining.
 */
export function describeContents(message: Message): string | undefined {
  for (const describe of KINDS) {
    const words = describe(message);
    if (words) return `[${words}]`;
  }
  return undefined;
}

function seconds(value: number): string {
  return Number.isFinite(value) ? `, ${value} s` : "";
}

function named(name: string | undefined): string {
  return name ? ` "${oneLine(name)}"` : "";
}

function size(bytes: number | undefined): string {
  return bytes === undefined ? "" : `, ${Math.ceil(bytes / 1024)} KiB`;
}

function point(place: { latitude: number; longitude: number }): string {
  return `${place.latitude}, ${place.longitude}`;
}

/** What people named must not look like a text of its own. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 200);
}
