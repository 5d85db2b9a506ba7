import { Facts } from "./facts";
import { type Clock, clockText } from "./clock";
import { lastAt, newPlace, type RawEmitter, type Replay, stepAt } from "./document";

/** Cards of what is beside the fight: radars of others that tell of their tracks, and jammers. */

const HEARD_S = 15; // a strobe tells of a jammer for so long, as on the map

export function SourceCard({ index, replay, clock }: { index: number; replay: Replay; clock: Clock }) {
  const source = replay.doc.sources[index]!;
  const { link } = source;
  const now = clock.shown.value;
  const told = replay.doc.reports.t.filter((t, i) => replay.doc.reports.source[i] === index && t <= now * 100);
  const place = replay.sources[index]!.at(now, newPlace());
  const turn = link.up.t.find((t) => t > now * 100);
  const up = stepAt(link.up, now) > 0;
  return (
    <Facts
      rows={[
        ["Kind", source.airborne ? "airborne early-warning radar of others" : "radar of others on the ground"],
        ["Type", replay.nameOf(source.type)],
        ["Side", source.side],
        ["Radar", `${source.band} band, ${km(source.range_m)}, every ${source.scan_period_s} s`],
        ["Altitude now", `${Math.round(place.alt).toLocaleString("en")} m above sea`],
        ["Link now", `${up ? "up" : "down"}${turn === undefined ? "" : ` until ${clockText(turn / 100)}`}`],
        ["Link in all", `up ${percent(link.availability)} of the time`],
        ["Latency", `${link.latency_s} s`],
        ["Update rate", `each track every ${link.update_s} s`],
        ["Accuracy", `its own, ± ${metres(link.accuracy_m)} by the link (1 sigma)`],
        ["Its grid", `± ${metres(link.bias_m)} off the post's (1 sigma), ${link.registered ? "registered" : "not registered"}`],
        ["Wrong correlations", percent(link.p_wrong)],
        ["Identity", link.identifies ? "says who answered its interrogator" : "says nothing of identity"],
        ["Reports so far", told.length ? `${told.length.toLocaleString("en")}, the last at ${clockText(told.at(-1)! / 100)}` : 0],
        ["Jammed now by", jammersOf(replay, -1 - index, now)],
      ]}
    />
  );
}

export function JammerCard({ index, replay, clock }: { index: number; replay: Replay; clock: Clock }) {
  const jammer = replay.doc.jammers[index]!;
  const emitter = replay.doc.emitters[jammer.emitter]!;
  const now = clock.shown.value;
  const strobes = replay.doc.strobes.t.filter((t, i) => replay.doc.strobes.jammer[i] === jammer.emitter && t <= now * 100);
  return (
    <Facts
      rows={[
        ["Kind", jammer.airborne ? "noise jammer in the air, on station" : "noise jammer on the ground"],
        ["Side", emitter.side],
        ["Place", `${jammer.lat.toFixed(3)}°, ${jammer.lon.toFixed(3)}°, ${jammer.alt.toLocaleString("en")} m`],
        ...emitterRows(emitter),
        ["Jams now", jammed(replay, "jammer", jammer.emitter, now)],
        ["Strobes so far", strobes.length],
      ]}
    />
  );
}

/** What a jammer radiates. */
export function emitterRows(emitter: RawEmitter): [string, string][] {
  return [
    ["Effective power", `${scaled(emitter.power_w, "W")} in each band`],
    ["Bands", emitter.bands.join(", ")],
    ["Bandwidth", scaled(emitter.bandwidth_hz, "Hz")],
  ];
}

/** Radars that lately heard a jammer, or what a threat carries, and saw nothing in its direction. */
export function jammed(replay: Replay, by: "jammer" | "threat", index: number, now: number): string {
  const { strobes } = replay.doc;
  return names(late(replay, now).filter((i) => strobes[by][i] === index).map((i) => replay.listener(strobes.radar[i]!))) || "nobody";
}

function jammersOf(replay: Replay, listener: number, now: number): string | null {
  const { radar, jammer } = replay.doc.strobes;
  return names(late(replay, now).filter((i) => radar[i] === listener).map((i) => replay.doc.emitters[jammer[i]!]!.name)) || null;
}

/** Strobes of the last quarter of a minute. */
function late(replay: Replay, now: number): number[] {
  const { t } = replay.doc.strobes;
  const found = [];
  for (let i = lastAt(t, now); i >= 0 && now - t[i]! / 100 < HEARD_S; i--) if (t[i]! <= now * 100) found.push(i);
  return found;
}

function names(all: string[]): string {
  return [...new Set(all)].sort().join(", ");
}

const km = (m: number) => `${Math.round(m / 1000).toLocaleString("en")} km`;
const metres = (m: number) => `${Math.round(m).toLocaleString("en")} m`;
const percent = (share: number) => `${+(100 * share).toFixed(1)} %`;

function scaled(value: number, unit: string): string {
  const [factor, prefix] = ([[1e9, "G"], [1e6, "M"], [1e3, "k"]] as const).find(([f]) => value >= f) ?? [1, ""];
  return `${+(value / factor).toPrecision(4)} ${prefix}${unit}`;
}
