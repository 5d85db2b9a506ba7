import type { LogEvent, Replay, Tone } from "./document";

/** Events in the words that the document brings. */

export interface Told {
  event: LogEvent;
  text: string;
  tone: Tone;
  threat: number; // -1: none
}

export function tellAll(replay: Replay): Told[] {
  return replay.events.map((event) => ({
    event,
    text: tell(replay, event),
    tone: event.words.tone,
    threat: event.words.of_threat ? event.subject : -1,
  }));
}

/** What may stand in braces in an event's words. */
const NAMES: Record<string, (replay: Replay, e: LogEvent) => string | undefined> = {
  threat: (replay, e) => replay.threats[e.subject]?.raw.name ?? "nothing real",
  radar: ({ doc }, e) => doc.radars[e.object],
  unit: ({ doc }, e) => doc.units[e.object],
  post: ({ doc }, e) => doc.posts[e.object],
  asset: ({ doc }, e) => doc.assets[e.object] ?? "its release point",
  round: (replay, e) => replay.nameOf(replay.doc.interceptors[Math.round(e.value)]) || "interceptor",
  km: (_, e) => (e.value / 1000).toFixed(0),
  n: (_, e) => String(Math.round(e.value)),
};

function tell(replay: Replay, e: LogEvent): string {
  return e.words.told.replace(/\{(\w+)\}/g, (_, name: string) => NAMES[name]?.(replay, e) ?? "");
}

export function sentence(text: string): string {
  return text ? text[0]!.toUpperCase() + text.slice(1) : "";
}
