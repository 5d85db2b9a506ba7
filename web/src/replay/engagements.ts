import type { Basemap } from "../map/basemap";
import type { Colours } from "../map/inks";
import { mercatorX, mercatorY } from "../map/mercator";
import { newPlace, type Missile, type Place, type Replay, type Threat } from "./document";

const NEVER = Infinity;
const BALLISTIC = "ballistic-missile";

/** A fire unit's engagement radar holds a threat. */
interface Hold {
  unit: number;
  threat: number;
  from: number;
  until: number;
}

/** From when to when each unit held what, by the log: until it lost it or its channel was free. */
export function holds({ events }: Pick<Replay, "events">): Hold[] {
  const found: Hold[] = [];
  const open = new Map<string, Hold>();
  for (const { kind, subject, object, t } of events) {
    const key = `${object} ${subject}`;
    if (kind === "held" && !open.has(key)) {
      const hold = { unit: object, threat: subject, from: t, until: NEVER };
      open.set(key, hold);
      found.push(hold);
    } else if (kind === "lost" || kind === "channel free") {
      const hold = open.get(key);
      if (hold) hold.until = t;
      open.delete(key);
    }
  }
  return found;
}

/** Draws who holds whom, which rounds fly at whom, and where ballistic missiles come down. */
export class Engagements {
  private readonly held: Hold[];
  private readonly falling: Threat[];
  private readonly here: Place = newPlace();
  private readonly there: Place = newPlace();

  constructor(
    private readonly base: Basemap,
    private readonly replay: Replay,
  ) {
    this.held = holds(replay);
    this.falling = replay.threats.filter((t) => t.raw.class === BALLISTIC);
  }

  /** Whether anything falls in this recording. */
  static falls({ doc }: Replay): boolean {
    return doc.threats.some((t) => t.class === BALLISTIC);
  }

  /** A line from each engagement radar to what it holds. */
  illumination(time: number, c: Colours): void {
    const { to } = this.base;
    to.strokeStyle = c.friend;
    to.lineWidth = 1;
    to.globalAlpha = 0.65;
    to.beginPath();
    for (const { unit, threat, from, until } of this.held) {
      if (time < from || time >= until || !this.placed(threat, time)) continue;
      const site = this.replay.site("fire unit", unit)!;
      to.moveTo(this.base.px(mercatorX(site.lon)), this.base.py(mercatorY(site.lat)));
      to.lineTo(this.base.px(this.there.x), this.base.py(this.there.y));
    }
    to.stroke();
    to.globalAlpha = 1;
  }

  /** A broken line from each round to its target, and how many fly at it where they are several. */
  salvos(time: number, c: Colours): void {
    const { to } = this.base;
    const rounds = new Map<number, Missile[]>();
    for (const missile of this.replay.missiles) {
      if (time < missile.path.start || time > missile.path.end) continue;
      rounds.set(missile.raw.aimed, [...(rounds.get(missile.raw.aimed) ?? []), missile]);
    }
    to.strokeStyle = to.fillStyle = c.friend;
    to.lineWidth = 1;
    to.setLineDash([3, 4]);
    to.font = "600 11px system-ui, sans-serif";
    for (const [threat, missiles] of rounds) {
      if (!this.placed(threat, time)) continue;
      const x = this.base.px(this.there.x);
      const y = this.base.py(this.there.y);
      to.beginPath();
      for (const { path } of missiles) {
        path.at(time, this.here);
        to.moveTo(this.base.px(this.here.x), this.base.py(this.here.y));
        to.lineTo(x, y);
      }
      to.stroke();
      if (missiles.length > 1) to.fillText(`×${missiles.length}`, x + 12, y + 14);
    }
    to.setLineDash([]);
  }

  /** Where each ballistic missile comes down if nothing meets it; a full mark where it has. */
  impacts(time: number, c: Colours): void {
    const { to } = this.base;
    to.strokeStyle = to.fillStyle = c.hostile;
    to.lineWidth = 1.4;
    for (const { path, killed } of this.falling) {
      if (time < path.start || killed <= Math.min(time, path.end)) continue;
      path.at(path.end, this.there);
      const x = this.base.px(this.there.x);
      const y = this.base.py(this.there.y);
      to.beginPath();
      to.arc(x, y, 6, 0, 2 * Math.PI);
      if (time >= path.end) to.fill();
      to.moveTo(x - 9, y);
      to.lineTo(x + 9, y);
      to.moveTo(x, y - 9);
      to.lineTo(x, y + 9);
      to.stroke();
    }
  }

  /** Put `there` where a threat is; false if it does not fly. */
  private placed(index: number, time: number): boolean {
    const path = this.replay.threats[index]?.path;
    if (!path || time < path.start || time > path.end) return false;
    path.at(time, this.there);
    return true;
  }
}
