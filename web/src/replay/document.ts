/** The replay document as the server tells it (see views/replay/document.py), and what is made of it for drawing. */

import type { Offer } from "../map/coverage";
import type { Area } from "../map/areas";
import type { Ground } from "../map/ground";
import type { Side } from "../map/symbols";
import { beside, latitudeOf, mercatorX, mercatorY, metresPerUnit } from "../map/mercator";

interface RawPath {
  t: number[]; // 0.01 s
  p: number[]; // longitude, latitude [1e-5 degrees], altitude [m]
}

export interface RawSite {
  name: string;
  role: "post" | "search radar" | "engagement radar" | "fire unit" | "asset";
  index: number;
  lon: number;
  lat: number;
  alt: number;
  range_m?: number;
  sector_rad?: number;
  boresight_rad?: number;
  scan_period_s?: number;
  scan_phase?: number;
  post?: number;
  radar?: number;
  reach_m?: number;
  channels?: number;
  rounds?: number;
  value?: number;
}

export interface RawThreat extends RawPath {
  name: string;
  raid: string;
  side: Side;
  type: string;
  class: string;
  outcome: string;
  reason: string;
  end: number;
  killed: number;
  aim: number;
  hit: boolean;
  shots: number;
  /** Fire unit that killed it, -1: none. */
  killer: number;
  /** Jammers that it carries. */
  jams: string[];
  /** Why it leaked, in sentences; none if it did not. */
  why: string[];
}

export interface RawTrack extends RawPath {
  name: string;
  post: number;
  threat: number;
  confirmed: number;
  end: number;
  sigma: number[];
  of: number[];
  rates: number[];
  /** Times [0.01 s], P of hostile, friendly and neutral [%] one behind the other, and what told so; null: nobody asked. */
  believed: { t: number[]; p: number[]; why: string[] } | null;
}

export interface RawSource extends RawPath {
  name: string;
  type: string;
  airborne: boolean;
  side: Side;
  band: string;
  range_m: number;
  scan_period_s: number;
  link: {
    latency_s: number;
    update_s: number;
    availability: number;
    accuracy_m: number;
    bias_m: number;
    registered: boolean;
    identifies: boolean;
    p_wrong: number;
    /** 1 where it was up. */
    up: Steps;
  };
}

/** What a jammer radiates, carried or not. */
export interface RawEmitter {
  name: string;
  side: Side;
  bands: string[];
  power_w: number;
  bandwidth_hz: number;
}

/** One that nothing carries. */
export interface RawJammer {
  name: string;
  emitter: number;
  airborne: boolean;
  lon: number;
  lat: number;
  alt: number;
}

export interface RawMissile extends RawPath {
  name: string;
  unit: number;
  type: number;
  aimed: number;
  met: number;
  outcome: string;
}

export interface Steps {
  t: number[];
  n: number[];
  of?: number;
}

/** How a kind of event is told; declared with its code in kalkan's schema. */
export interface EventWords {
  word: string;
  label: string;
  told: string;
  tone: Tone;
  minor: boolean;
  of_threat: boolean;
}

export type Tone = "kill" | "leak" | "launch" | "quiet" | "trouble";

export interface ReplayDocument {
  format: string;
  title: string;
  variant: string;
  label: string;
  replication: number;
  /** Of a campaign: the wave that is told, and all of them; times count from the begin of its window. */
  wave: string;
  waves: string[];
  seed: number;
  end_s: number;
  words: { outcomes: Record<string, string>; reasons: Record<string, string>; events: EventWords[] };
  interceptors: string[];
  /** Of types of threats and interceptors, for readers. */
  names: Record<string, string>;
  radars: string[];
  units: string[];
  assets: string[];
  posts: string[];
  sites: RawSite[];
  threats: RawThreat[];
  tracks: RawTrack[];
  missiles: RawMissile[];
  plots: { t: number[]; radar: number[]; threat: number[]; p: number[] };
  sources: RawSource[];
  reports: { t: number[]; source: number[]; post: number[]; threat: number[]; p: number[] };
  emitters: RawEmitter[];
  jammers: RawJammer[];
  /** Radars of sources count down from -1. */
  strobes: { t: number[]; radar: number[]; jammer: number[]; threat: number[]; deg: number[] };
  areas: Area[];
  turns: [number, number, number][];
  /** What posts decided about their tracks, and why, in sentences. */
  decisions: { t: number[]; threat: number[]; text: string[] };
  events: { t: number[]; kind: number[]; subject: number[]; object: number[]; value: number[] };
  series: { live: Steps; airborne: Steps; channels: Steps[]; rounds: Steps[] };
  ground: Ground;
  coverage: Offer;
}

/** What a title calls it: `replication 3`, and of several waves which one. */
export function called(doc: ReplayDocument): string {
  return `replication ${doc.replication}${doc.waves.length > 1 ? ` · ${doc.wave}` : ""}`;
}

/** A path ready for drawing; `hint` makes looking up ascending times cheap. */
export class Path {
  readonly t: Float64Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly alt: Float32Array;
  private hint = 0;

  constructor(raw: RawPath) {
    const n = raw.t.length;
    this.t = new Float64Array(n);
    this.x = new Float64Array(n);
    this.y = new Float64Array(n);
    this.alt = new Float32Array(n);
    for (let i = 0; i < n; i++) {
      this.t[i] = raw.t[i]! / 100;
      const x = mercatorX(raw.p[3 * i]! / 1e5);
      this.x[i] = i > 0 ? beside(x, this.x[i - 1]!) : x; // on across 180°
      this.y[i] = mercatorY(raw.p[3 * i + 1]! / 1e5);
      this.alt[i] = raw.p[3 * i + 2]!;
    }
  }

  get start(): number {
    return this.t[0] ?? Infinity;
  }

  get end(): number {
    return this.t[this.t.length - 1] ?? -Infinity;
  }

  /** Index of the last point not after a time, at least 0. */
  index(time: number): number {
    let i = Math.min(this.hint, this.t.length - 1);
    if (this.t[i]! > time) {
      let low = 0;
      let high = i;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (this.t[middle]! <= time) low = middle;
        else high = middle - 1;
      }
      i = low;
    } else {
      let step = 1;
      while (i + step < this.t.length && this.t[i + step]! <= time) {
        i += step;
        step *= 2;
      }
      while (i + 1 < this.t.length && this.t[i + 1]! <= time) i++;
    }
    this.hint = i;
    return i;
  }

  /** Place at a time, straight between points: mercator x, y, altitude [m] and the course on the map [rad]. */
  at(time: number, out: Place): Place {
    const i = this.index(time);
    const j = Math.min(i + 1, this.t.length - 1);
    const span = this.t[j]! - this.t[i]!;
    const share = span > 0 ? Math.min(Math.max((time - this.t[i]!) / span, 0), 1) : 0;
    out.x = this.x[i]! + share * (this.x[j]! - this.x[i]!);
    out.y = this.y[i]! + share * (this.y[j]! - this.y[i]!);
    out.alt = this.alt[i]! + share * (this.alt[j]! - this.alt[i]!);
    const a = i === j ? Math.max(0, i - 1) : i;
    out.course = Math.atan2(this.x[j]! - this.x[a]!, this.y[a]! - this.y[j]!);
    out.speed = span > 0 ? groundSpeed(this, i, j) : out.speed;
    return out;
  }
}

export interface Place {
  x: number;
  y: number;
  alt: number;
  course: number;
  speed: number;
}

export function newPlace(): Place {
  return { x: 0, y: 0, alt: 0, course: 0, speed: 0 };
}

function groundSpeed(path: Path, i: number, j: number): number {
  const metres = metresPerUnit(path.y[i]!);
  const way = Math.hypot(path.x[j]! - path.x[i]!, path.y[j]! - path.y[i]!) * metres;
  return Math.hypot(way, path.alt[j]! - path.alt[i]!) / (path.t[j]! - path.t[i]!);
}

/** A track is where its last update puts it, moving at the rates of that update. */
export class Track {
  readonly path: Path;
  readonly confirmed: number;
  readonly end: number;

  constructor(readonly raw: RawTrack) {
    this.path = new Path(raw);
    this.confirmed = raw.confirmed < 0 ? Infinity : raw.confirmed / 100;
    this.end = raw.end / 100;
  }

  /** What its post thought of who it is: P of each side [%] and why; null before it was asked. */
  believedAt(time: number): { p: Record<Side, number>; why: string } | null {
    const b = this.raw.believed;
    if (!b) return null;
    const i = lastAt(b.t, time);
    if (i < 0) return null;
    const [hostile, friendly, neutral] = b.p.slice(3 * i, 3 * i + 3) as [number, number, number];
    return { p: { hostile, friendly, neutral }, why: b.why[i]! };
  }

  at(time: number, out: Place): number {
    const i = this.path.index(time);
    const passed = Math.max(0, time - this.path.t[i]!);
    const degX = (this.raw.rates[2 * i]! / 1e6) * passed;
    const degY = (this.raw.rates[2 * i + 1]! / 1e6) * passed;
    out.x = this.path.x[i]! + degX / 360;
    out.y = this.path.y[i]! - (degY / 360) * Math.cosh(Math.PI * (1 - 2 * this.path.y[i]!));
    out.alt = this.path.alt[i]!;
    out.course = Math.atan2(degX * Math.cos((latitudeOf(out.y) * Math.PI) / 180), degY);
    return i;
  }
}

export interface Threat {
  index: number;
  raw: RawThreat;
  path: Path;
  killed: number; // [s], Infinity: never
  end: number;
}

export interface Missile {
  index: number;
  raw: RawMissile;
  path: Path;
}

export interface LogEvent {
  index: number;
  t: number;
  kind: string;
  words: EventWords;
  subject: number;
  object: number;
  value: number;
}

/** The side that somebody who thinks so takes a track for, if any is likelier than not. */
export function knownAs(p: Record<Side, number> | undefined): Side | null {
  return (["hostile", "friendly", "neutral"] as const).find((side) => p && p[side] > 50) ?? null;
}

/** A document with everything that drawing needs. */
export class Replay {
  readonly threats: Threat[];
  readonly tracks: Track[];
  readonly missiles: Missile[];
  readonly events: LogEvent[];
  readonly plots: Path;
  readonly reports: Path;
  readonly sources: Path[];

  constructor(readonly doc: ReplayDocument) {
    this.threats = doc.threats.map((raw, index) => ({
      index,
      raw,
      path: new Path(raw),
      killed: raw.killed < 0 ? Infinity : raw.killed / 100,
      end: raw.end < 0 ? Infinity : raw.end / 100,
    }));
    this.tracks = doc.tracks.map((raw) => new Track(raw));
    this.missiles = doc.missiles.map((raw, index) => ({ index, raw, path: new Path(raw) }));
    const { t, kind, subject, object, value } = doc.events;
    this.events = t.map((time, index) => ({
      index,
      t: time / 100,
      kind: doc.words.events[kind[index]!]!.word,
      words: doc.words.events[kind[index]!]!,
      subject: subject[index]!,
      object: object[index]!,
      value: value[index]!,
    }));
    this.plots = new Path(doc.plots);
    this.reports = new Path(doc.reports);
    this.sources = doc.sources.map((raw) => new Path(raw));
  }

  /** A catalogue entry's name for readers. */
  nameOf(entry: string | undefined): string {
    return entry === undefined ? "" : (this.doc.names[entry] ?? entry);
  }

  /** Name of a radar, or of the source whose radar it is: those count down from -1. */
  listener(radar: number): string {
    return (radar < 0 ? this.doc.sources[-1 - radar]?.name : this.doc.radars[radar]) ?? "";
  }

  site(role: string, index: number): RawSite | undefined {
    return this.doc.sites.find((s) => s.role.endsWith(role) && s.index === index);
  }
}

/** Index of the last of some times [0.01 s] that is not after a time [s]; -1: none. */
export function lastAt(t: number[], time: number): number {
  const cs = time * 100;
  let low = -1;
  let high = t.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (t[middle]! <= cs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Value of a step series at a time [s]. */
export function stepAt(steps: Steps, time: number): number {
  const low = lastAt(steps.t, time);
  return low < 0 ? 0 : steps.n[low]!;
}
