import { clockText } from "./clock";
import type { LogEvent, Replay } from "./document";

/** Events in words, and why a threat leaked. */

export interface Told {
  event: LogEvent;
  text: string;
  tone: Tone;
  threat: number; // -1: none
}

export type Tone = "kill" | "leak" | "launch" | "quiet" | "trouble";

export const KINDS: Record<string, { label: string; tone: Tone }> = {
  "first plot": { label: "First plots", tone: "quiet" },
  "track confirmed": { label: "Tracks", tone: "quiet" },
  order: { label: "Orders", tone: "quiet" },
  held: { label: "Held", tone: "quiet" },
  lost: { label: "Not held", tone: "trouble" },
  launch: { label: "Launches", tone: "launch" },
  kill: { label: "Kills", tone: "kill" },
  miss: { label: "Misses", tone: "trouble" },
  "met nothing": { label: "Met nothing", tone: "trouble" },
  leak: { label: "Leaks", tone: "leak" },
  hit: { label: "Hits", tone: "leak" },
  departure: { label: "Departures", tone: "quiet" },
  reload: { label: "Reloads", tone: "quiet" },
  "channel free": { label: "Channels free", tone: "quiet" },
  "track ended": { label: "Tracks ended", tone: "quiet" },
};

export function tellAll(replay: Replay): Told[] {
  return replay.events.map((event) => ({
    event,
    text: tell(replay, event),
    tone: KINDS[event.kind]?.tone ?? "quiet",
    threat: event.kind === "reload" ? -1 : event.subject,
  }));
}

function tell(replay: Replay, e: LogEvent): string {
  const { doc } = replay;
  const threat = replay.threats[e.subject]?.raw.name ?? "nothing real";
  const unit = doc.units[e.object] ?? "";
  const round = replay.nameOf(doc.interceptors[Math.round(e.value)]) || "interceptor";
  switch (e.kind) {
    case "first plot":
      return `${doc.radars[e.object]} first sees ${threat} at ${(e.value / 1000).toFixed(0)} km`;
    case "track confirmed":
      return `${doc.posts[e.object]} confirms a track on ${threat}`;
    case "order":
      return `${unit} is ordered to engage ${threat}`;
    case "held":
      return `${unit} holds ${threat}`;
    case "lost":
      return `${unit} cannot acquire or hold ${threat}`;
    case "launch":
      return `${unit} launches ${round} at ${threat}`;
    case "kill":
      return `${unit} kills ${threat} with ${round}`;
    case "miss":
      return `${round} of ${unit} misses ${threat}`;
    case "met nothing":
      return `${round} of ${unit}, sent at ${threat}, meets nothing`;
    case "leak":
      return `${threat} leaks to ${doc.assets[e.object] ?? "its release point"}`;
    case "hit":
      return `${threat} hits ${doc.assets[e.object] ?? ""}`;
    case "departure":
      return `${threat} departs`;
    case "reload":
      return `a launcher of ${unit} is reloaded`;
    case "channel free":
      return `${unit} frees a channel; ${Math.round(e.value)} still busy`;
    case "track ended":
      return `${doc.posts[e.object]} drops a track on ${threat}`;
    default:
      return e.kind;
  }
}

/** Why a threat leaked, in a few sentences from what happened to it. */
export function why(replay: Replay, index: number, told: Told[]): string[] {
  const threat = replay.threats[index]!.raw;
  if (threat.outcome !== "leaked") return [];
  const mine = told.filter((t) => t.threat === index);
  const count = (kind: string) => mine.filter((t) => t.event.kind === kind).length;
  const first = (kind: string) => mine.find((t) => t.event.kind === kind);
  const reason = replay.doc.words.reasons[threat.reason];
  const lines = [reason ? `${sentence(threat.reason)}: ${reason}.` : `${sentence(threat.reason)}.`];
  const seen = first("first plot");
  const tracked = first("track confirmed");
  const leak = first("leak");
  if (!seen) lines.push("No radar ever had a plot of it.");
  else if (leak) {
    const minutes = (leak.event.t - seen.event.t) / 60;
    lines.push(`It was in the picture ${minutes.toFixed(1)} min before it leaked, from ${clockText(seen.event.t)} on.`);
  }
  if (seen && !tracked) lines.push("No post made a track of it.");
  const orders = count("order");
  const lost = count("lost");
  if (tracked && !orders) lines.push("No fire unit was ordered to engage it.");
  if (orders) lines.push(`It was ordered to be engaged ${times(orders)}${lost ? `; an engagement radar could not hold it ${times(lost)}` : ""}.`);
  const shots = count("launch");
  if (shots) {
    const ends = [`${count("miss")} missed`, `${count("met nothing")} met nothing`].filter((s) => !s.startsWith("0"));
    lines.push(`${shots} ${shots === 1 ? "interceptor was" : "interceptors were"} launched at it${ends.length ? `: ${ends.join(", ")}` : ""}.`);
  }
  return lines;
}

function sentence(text: string): string {
  return text ? text[0]!.toUpperCase() + text.slice(1) : "No reason recorded";
}

function times(n: number): string {
  return n === 1 ? "once" : n === 2 ? "twice" : `${n} times`;
}
