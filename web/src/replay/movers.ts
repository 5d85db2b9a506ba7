import type { Basemap } from "../map/basemap";
import { Ring } from "../map/rings";
import { type Colours, covered, INKS, label } from "../map/inks";
import { Names, RANKS } from "../map/names";
import { scaleBar } from "../map/scalebar";
import { drawSymbol, jammerCode, SITE_CODES, sourceCode, vehicleCode } from "../map/symbols";
import { theme } from "../common/theme";
import { mercatorX, mercatorY, metresPerUnit } from "../map/mercator";
import { drawAreas } from "../map/areas";
import { Conditions } from "./condition";
import { Engagements } from "./engagements";
import { knownAs, lastAt, newPlace, type Path, type Place, type RawSite, type Replay, type Threat } from "./document";
import { type Chosen, nameOf, type View } from "./view";

const TRAIL_S = 180;
const MARK_S = 40; // a kill or a leak is shown for so long
const PLOT_S = 15;
const PICK_PX = 16;

interface Spot {
  x: number;
  y: number;
  chosen: NonNullable<Chosen>;
}

const NAME_RANKS: Record<string, number> = {
  post: RANKS.post, asset: RANKS.asset, "fire unit": RANKS.unit, "search radar": RANKS.radar, "engagement radar": RANKS.radar,
};

/** Draws everything at a time; sites above movers, movers smaller when zoomed out. */
export class Movers {
  private readonly place: Place = newPlace();
  private readonly truth: Place = newPlace();
  private readonly codes: string[];
  private readonly reach = new Map<RawSite, Ring>();
  private readonly fans = new Map<RawSite, Ring>();
  private readonly directions: { t: number; deg: number }[][];
  private readonly conditions: Conditions;
  private readonly engagements: Engagements;
  private spots: Spot[] = [];
  private names!: Names; // of the frame that is being drawn
  private named = new Set<Spot["chosen"]>(); // what has its name on the map
  frames = 0;

  constructor(
    private readonly base: Basemap,
    private readonly replay: Replay,
    private readonly view: View,
  ) {
    this.codes = replay.threats.map((t) => vehicleCode(t.raw.type, t.raw.class, t.raw.side));
    this.conditions = new Conditions(replay);
    this.engagements = new Engagements(base, replay);
    for (const site of replay.doc.sites) {
      if (site.reach_m) this.reach.set(site, new Ring(site.lon, site.lat, site.reach_m));
      if (site.role === "engagement radar" && site.range_m)
        this.fans.set(site, new Ring(site.lon, site.lat, site.range_m));
    }
    this.directions = replay.doc.units.map((_, u) =>
      replay.doc.turns.filter(([, unit]) => unit === u).map(([t, , deg]) => ({ t: t / 100, deg })),
    );
  }

  draw(time: number): void {
    const { to, width, height } = this.base;
    const c = INKS[theme.value];
    this.spots = [];
    this.named.clear();
    this.frames++;
    to.clearRect(0, 0, width, height);
    to.lineJoin = "round";
    this.names = new Names(this.base, c);
    this.names.keepOff(scaleBar(this.base, c));
    if (this.view.has("rings")) this.rings(c);
    if (this.view.has("sectors")) this.sectors(time, c);
    if (this.view.has("areas")) drawAreas(this.base, this.replay.doc.areas, c, this.names);
    if (this.view.has("strobes")) this.strobes(time, c);
    if (this.view.has("plots")) this.plots(time, c);
    if (this.view.has("reports")) this.reports(time, c);
    if (this.view.has("holds")) this.engagements.illumination(time, c);
    if (this.view.has("salvos")) this.engagements.salvos(time, c);
    if (this.view.has("threats")) this.jammers();
    if (this.view.has("threats")) this.threats(time, c);
    if (this.view.has("tracks")) this.tracks(time, c);
    if (this.view.has("missiles")) this.missiles(time, c);
    this.marks(time, c);
    this.sites(time, c);
    if (this.view.has("impacts")) this.engagements.impacts(time, c); // over the assets that are aimed at
    this.highlight(c);
    this.names.write();
    this.hovered(c);
  }

  /** What is at a place of the canvas. */
  pick(x: number, y: number): Chosen {
    let best: Chosen = null;
    let least = PICK_PX ** 2;
    for (const spot of this.spots) {
      const away = (spot.x - x) ** 2 + (spot.y - y) ** 2;
      if (away < least) [least, best] = [away, spot.chosen];
    }
    return best;
  }

  /** Where the chosen thing is now, in mercator; null if it is not there. */
  placeOf(chosen: Chosen, time: number): Place | null {
    if (!chosen) return null;
    if (chosen.kind === "site") {
      const site = this.replay.site(chosen.role, chosen.index);
      return site ? { ...newPlace(), x: mercatorX(site.lon), y: mercatorY(site.lat) } : null;
    }
    if (chosen.kind === "track") {
      const track = this.replay.tracks[chosen.index]!;
      if (time < track.path.start || time > track.end) return null;
      track.at(time, this.place);
      return { ...this.place };
    }
    if (chosen.kind === "jammer") {
      const { lon, lat } = this.replay.doc.jammers[chosen.index]!;
      return { ...newPlace(), x: mercatorX(lon), y: mercatorY(lat) };
    }
    const path =
      chosen.kind === "source" ? this.replay.sources[chosen.index]!
      : chosen.kind === "threat" ? this.replay.threats[chosen.index]!.path
      : this.replay.missiles[chosen.index]!.path;
    if (time < path.start || time > path.end) return null;
    return { ...path.at(time, newPlace()) };
  }

  private get size(): number {
    return Math.min(21, Math.max(9, 5 + (this.base.map.getZoom() - 4) * 3.2));
  }

  private rings(c: Colours): void {
    const { to } = this.base;
    to.strokeStyle = c.friend;
    to.lineWidth = 1;
    to.globalAlpha = 0.55;
    to.setLineDash([6, 5]);
    to.beginPath();
    for (const ring of this.reach.values()) ring.trace(to, (x) => this.base.px(x), (y) => this.base.py(y));
    to.stroke();
    to.setLineDash([]);
    to.globalAlpha = 1;
    for (const [site, ring] of this.reach) this.distance(ring, site.reach_m!, c);
  }

  /** How far a ring is, where it is in view first, from the north on. */
  private distance(ring: Ring, metres: number, c: Colours): void {
    const places = [0, 20, -20, 40, -40, 60, -60, 90, -90, 130, -130, 180]
      .map((degrees) => ring.at(degrees))
      .map(([x, y]): [number, number] => [this.base.px(x), this.base.py(y)])
      .filter(([x, y]) => x >= 40 && y >= 12 && x <= this.base.width - 40 && y <= this.base.height - 12);
    this.names.at(RANKS.ring, `${Math.round(metres / 1000).toLocaleString("en")} km`, places, c.friend, 500);
  }

  private sectors(time: number, c: Colours): void {
    const { to } = this.base;
    to.fillStyle = c.friend;
    for (const [site, ring] of this.fans) {
      if (this.conditions.of(site, time) !== "works") continue;
      const width = site.sector_rad ?? 2 * Math.PI;
      const unit = this.replay.doc.sites.find((s) => s.role === "fire unit" && s.radar === site.index);
      const middle = this.direction(unit?.index ?? -1, site, time);
      to.globalAlpha = this.view.coverage.value ? 0.03 : 0.13; // coverage lies below
      to.beginPath();
      to.moveTo(this.base.px(mercatorX(site.lon)), this.base.py(mercatorY(site.lat)));
      ring.trace(to, (x) => this.base.px(x), (y) => this.base.py(y), middle - width / 2, Math.min(width, 6.28));
      to.closePath();
      to.fill();
      to.globalAlpha = 0.5;
      to.strokeStyle = c.friend;
      to.lineWidth = 0.8;
      to.stroke();
    }
    to.globalAlpha = 1;
  }

  private direction(unit: number, site: RawSite, time: number): number {
    let found = site.boresight_rad ?? 0;
    for (const turn of this.directions[unit] ?? []) {
      if (turn.t > time) break;
      found = (turn.deg * Math.PI) / 180;
    }
    return found;
  }

  private plots(time: number, c: Colours): void {
    const { to } = this.base;
    const { plots, doc } = this.replay;
    if (plots.t.length === 0 || time < plots.start) return;
    for (let i = plots.index(time); i >= 0 && time - plots.t[i]! < PLOT_S; i--) {
      to.globalAlpha = 0.8 * (1 - (time - plots.t[i]!) / PLOT_S);
      to.fillStyle = doc.plots.threat[i]! < 0 ? c.false_ : c.track;
      to.fillRect(this.base.px(plots.x[i]!) - 1.5, this.base.py(plots.y[i]!) - 1.5, 3, 3);
    }
    to.globalAlpha = 1;
  }

  /** What external sources told, and where their antennas are. */
  private reports(time: number, c: Colours): void {
    const { to } = this.base;
    const { reports, sources } = this.replay;
    to.strokeStyle = c.friendly;
    to.lineWidth = 1.3;
    if (reports.t.length && time >= reports.start)
      for (let i = reports.index(time); i >= 0 && time - reports.t[i]! < PLOT_S; i--) {
        to.globalAlpha = 0.9 * (1 - (time - reports.t[i]!) / PLOT_S);
        const x = this.base.px(reports.x[i]!);
        const y = this.base.py(reports.y[i]!);
        to.strokeRect(x - 3, y - 3, 6, 6);
      }
    to.globalAlpha = 1;
    sources.forEach((path, index) => {
      path.at(time, this.place);
      const { airborne, name } = this.replay.doc.sources[index]!;
      const x = this.base.px(this.place.x);
      const y = this.base.py(this.place.y);
      drawSymbol(to, sourceCode(airborne), this.size, x, y);
      this.beside(name, x, y, { kind: "source", index });
    });
  }

  /** Directions in which radars hear a jammer and see nothing, for a while. */
  private strobes(time: number, c: Colours): void {
    const { to } = this.base;
    const { t, radar, deg } = this.replay.doc.strobes;
    to.strokeStyle = c.leak;
    to.lineWidth = 1.4;
    to.setLineDash([2, 3]);
    for (let i = lastAt(t, time); i >= 0 && time - t[i]! / 100 < PLOT_S; i--) {
      const site = this.replay.site("radar", radar[i]!);
      const source = this.replay.sources[-1 - radar[i]!]; // those of others count down from -1
      if (!site && !source) continue;
      source?.at(time, this.place);
      const x = site ? mercatorX(site.lon) : this.place.x;
      const y = site ? mercatorY(site.lat) : this.place.y;
      const far = (site?.range_m ?? 300e3) / metresPerUnit(y);
      const course = (deg[i]! * Math.PI) / 180;
      to.globalAlpha = 0.8 * (1 - (time - t[i]! / 100) / PLOT_S);
      to.beginPath();
      to.moveTo(this.base.px(x), this.base.py(y));
      to.lineTo(this.base.px(x + far * Math.sin(course)), this.base.py(y - far * Math.cos(course)));
      to.stroke();
    }
    to.setLineDash([]);
    to.globalAlpha = 1;
  }

  private threats(time: number, c: Colours): void {
    const { to } = this.base;
    const size = this.size;
    const trails = this.view.has("trails");
    for (const threat of this.replay.threats) {
      if (time < threat.path.start || time > threat.path.end) continue;
      threat.path.at(time, this.place);
      const x = this.base.px(this.place.x);
      const y = this.base.py(this.place.y);
      if (x < -40 || y < -40 || x > this.base.width + 40 || y > this.base.height + 40) continue;
      if (trails) this.trail(threat.path, time, TRAIL_S, c[threat.raw.side], x, y);
      to.globalAlpha = time > threat.end ? 0.45 : 1;
      drawSymbol(to, this.codes[threat.index]!, size, x, y);
      to.globalAlpha = 1;
      this.spots.push({ x, y, chosen: { kind: "threat", index: threat.index } });
    }
  }

  /** Jammers that nothing carries, where they truly are. */
  private jammers(): void {
    this.replay.doc.jammers.forEach(({ name, airborne, lon, lat }, index) => {
      const x = this.base.px(mercatorX(lon));
      const y = this.base.py(mercatorY(lat));
      drawSymbol(this.base.to, jammerCode(airborne), this.size, x, y);
      this.beside(name, x, y, { kind: "jammer", index });
    });
  }

  /** A source or a jammer can be clicked, and has its name beside it. */
  private beside(name: string, x: number, y: number, chosen: Spot["chosen"]): void {
    this.spots.push({ x, y, chosen });
    const own = covered(x, y, this.size, false);
    this.names.keepOff(own);
    if (this.view.has("names")) this.names.beside(RANKS.station, name, own, 500, () => this.named.add(chosen));
  }

  private trail(path: Path, time: number, length: number, colour: string, x: number, y: number): void {
    const { to } = this.base;
    to.strokeStyle = colour;
    to.lineWidth = 1.2;
    to.globalAlpha = 0.55;
    to.beginPath();
    to.moveTo(x, y);
    let i = path.index(time);
    for (; i >= 0 && path.t[i]! > time - length; i--) to.lineTo(this.base.px(path.x[i]!), this.base.py(path.y[i]!));
    if (i >= 0) {
      path.at(time - length, this.truth);
      to.lineTo(this.base.px(this.truth.x), this.base.py(this.truth.y));
    }
    to.stroke();
    to.globalAlpha = 1;
  }

  private tracks(time: number, c: Colours): void {
    const { to } = this.base;
    const errors = this.view.has("errors");
    const half = Math.max(4, this.size * 0.42);
    this.replay.tracks.forEach((track, index) => {
      if (time < track.confirmed || time > track.end) return;
      const i = track.at(time, this.place);
      const x = this.base.px(this.place.x);
      const y = this.base.py(this.place.y);
      const of = track.raw.of[i]!;
      to.strokeStyle = of < 0 ? c.false_ : c.track;
      const known = knownAs(track.believedAt(time)?.p);
      if (known) to.strokeStyle = c[known];
      to.lineWidth = 1.6;
      to.strokeRect(x - half, y - half, 2 * half, 2 * half);
      const far = half + 8;
      to.beginPath();
      to.moveTo(x + half * Math.sin(this.place.course), y - half * Math.cos(this.place.course));
      to.lineTo(x + far * Math.sin(this.place.course), y - far * Math.cos(this.place.course));
      to.stroke();
      if (errors) this.error(track.raw.sigma[i]!, of, time, x, y);
      this.spots.push({ x: x + half, y: y + half, chosen: { kind: "track", index } });
    });
  }

  /** One-sigma circle, and a line to where the object really is. */
  private error(sigma: number, of: number, time: number, x: number, y: number): void {
    const { to } = this.base;
    const radius = (sigma / metresPerUnit(this.place.y)) * this.base.pixelsPerUnit;
    to.lineWidth = 0.8;
    to.beginPath();
    to.arc(x, y, Math.min(radius, 400), 0, 2 * Math.PI);
    const threat = this.replay.threats[of];
    if (threat && time >= threat.path.start && time <= threat.path.end) {
      threat.path.at(time, this.truth);
      to.moveTo(x, y);
      to.lineTo(this.base.px(this.truth.x), this.base.py(this.truth.y));
    }
    to.stroke();
  }

  private missiles(time: number, c: Colours): void {
    const { to } = this.base;
    for (const missile of this.replay.missiles) {
      if (time < missile.path.start || time > missile.path.end) continue;
      missile.path.at(time, this.place);
      const x = this.base.px(this.place.x);
      const y = this.base.py(this.place.y);
      if (this.view.has("trails")) this.trail(missile.path, time, 45, c.friend, x, y);
      to.save();
      to.translate(x, y);
      to.rotate(this.place.course);
      to.beginPath();
      to.moveTo(0, -6);
      to.lineTo(3.4, 4.5);
      to.lineTo(-3.4, 4.5);
      to.closePath();
      to.fillStyle = c.friend;
      to.strokeStyle = c.halo;
      to.lineWidth = 1;
      to.fill();
      to.stroke();
      to.restore();
      this.spots.push({ x, y, chosen: { kind: "missile", index: missile.index } });
    }
  }

  /** Kills, leaks and attacks given up, for a while where they happened. */
  private marks(time: number, c: Colours): void {
    for (const threat of this.replay.threats) {
      if (time >= threat.killed && time < threat.killed + MARK_S) this.mark(threat, threat.killed, time, c.kill, "kill");
      else if (threat.raw.outcome === "leaked" && time >= threat.end && time < threat.end + MARK_S)
        this.mark(threat, threat.end, time, c.leak, "leak");
      else if (threat.raw.outcome === "gave up" && time >= threat.end && time < threat.end + MARK_S)
        this.mark(threat, threat.end, time, c.kill, "gave up");
    }
  }

  private mark(threat: Threat, at: number, time: number, colour: string, what: "kill" | "leak" | "gave up"): void {
    const { to } = this.base;
    threat.path.at(Math.min(at, threat.path.end), this.place);
    const x = this.base.px(this.place.x);
    const y = this.base.py(this.place.y);
    const age = (time - at) / MARK_S;
    to.globalAlpha = 1 - age;
    to.strokeStyle = colour;
    to.lineWidth = 2.2;
    to.beginPath();
    if (what === "kill") {
      to.moveTo(x - 6, y - 6);
      to.lineTo(x + 6, y + 6);
      to.moveTo(x + 6, y - 6);
      to.lineTo(x - 6, y + 6);
    } else if (what === "gave up") {
      to.moveTo(x - 5, y + 8); // a turn back: up, round, and down again
      to.lineTo(x - 5, y);
      to.arc(x, y, 5, Math.PI, 2 * Math.PI);
      to.lineTo(x + 5, y + 8);
    } else {
      to.arc(x, y, 8 + 14 * age, 0, 2 * Math.PI);
      to.moveTo(x + 5, y);
      to.arc(x, y, 5, 0, 2 * Math.PI);
    }
    to.stroke();
    to.globalAlpha = 1;
    this.spots.push({ x, y, chosen: { kind: "threat", index: threat.index } });
  }

  private sites(time: number, c: Colours): void {
    const { to } = this.base;
    const size = Math.min(26, this.size + 4);
    const drawn: Spot[] = [];
    for (const site of this.replay.doc.sites) {
      const x = this.base.px(mercatorX(site.lon));
      const y = this.base.py(mercatorY(site.lat));
      const covered = drawn.some((d) => (d.x - x) ** 2 + (d.y - y) ** 2 < 16);
      if (covered) continue; // radars stand beside their post, engagement radars beside their unit
      drawn.push({ x, y, chosen: { kind: "site", role: site.role, index: site.index } });
    }
    const order = ["asset", "engagement radar", "search radar", "fire unit", "post"];
    const rank = (s: Spot) => (s.chosen.kind === "site" ? order.indexOf(s.chosen.role) : 0);
    const shown = preferUnits(drawn, this.replay);
    shown.sort((a, b) => rank(a) - rank(b));
    for (const { x, y, chosen } of shown) {
      if (chosen.kind !== "site") continue;
      drawSymbol(to, SITE_CODES[chosen.role]!, size, x, y);
      if (this.conditions.any) this.worn(this.replay.site(chosen.role, chosen.index)!, time, size, x, y, c);
      this.spots.push({ x, y, chosen });
    }
    for (const { x, y, chosen } of shown.reverse()) {
      if (chosen.kind !== "site") continue;
      const own = covered(x, y, size, chosen.role === "post");
      this.names.keepOff(own);
      if (!this.view.has("names")) continue;
      const { name } = this.replay.site(chosen.role, chosen.index)!;
      this.names.beside(NAME_RANKS[chosen.role]!, name, own, chosen.role === "asset" ? 500 : 600, () => this.named.add(chosen));
    }
  }

  /** A cross over what is out of action, a broken ring around what is silent. */
  private worn(site: RawSite, time: number, size: number, x: number, y: number, c: Colours): void {
    const { gravest } = this.conditions.at(site, time);
    if (gravest === "works") return;
    const { to } = this.base;
    const r = 0.6 * size;
    to.strokeStyle = gravest === "out" ? c.hostile : c.ink;
    to.lineWidth = 2;
    to.beginPath();
    if (gravest === "out") {
      to.moveTo(x - r, y - r);
      to.lineTo(x + r, y + r);
      to.moveTo(x - r, y + r);
      to.lineTo(x + r, y - r);
    } else {
      to.setLineDash([3, 4]);
      to.arc(x, y, r + 3, 0, 2 * Math.PI);
    }
    to.stroke();
    to.setLineDash([]);
  }

  private hovered(c: Colours): void {
    const over = this.view.over.value;
    const spot = over && this.spots.find((s) => same(s.chosen, over));
    if (spot && over && !this.named.has(spot.chosen)) label(this.base.to, nameOf(this.replay, over), spot.x, spot.y - this.size - 8, c, [], 600);
  }

  private highlight(c: Colours): void {
    const chosen = this.view.chosen.value;
    const spot = this.spots.find((s) => same(s.chosen, chosen));
    if (!spot || !chosen) return;
    const { to } = this.base;
    const r = this.size + 6;
    to.strokeStyle = c.ink;
    to.lineWidth = 1.6;
    to.beginPath();
    for (let k = 0; k < 4; k++) {
      const a = Math.PI / 4 + (k * Math.PI) / 2;
      to.moveTo(spot.x + r * Math.cos(a - 0.35), spot.y + r * Math.sin(a - 0.35));
      to.arc(spot.x, spot.y, r, a - 0.35, a + 0.35);
    }
    to.stroke();
  }
}

/** Of things at one place, the post or the fire unit stands for all. */
function preferUnits(drawn: Spot[], replay: Replay): Spot[] {
  return drawn.map((spot) => {
    if (spot.chosen.kind !== "site" || !spot.chosen.role.endsWith("radar")) return spot;
    const site = replay.site(spot.chosen.role, spot.chosen.index)!;
    const home = replay.doc.sites.find(
      (s) => (s.role === "fire unit" || s.role === "post") && s.lon === site.lon && s.lat === site.lat,
    );
    return home ? { ...spot, chosen: { kind: "site" as const, role: home.role, index: home.index } } : spot;
  });
}

function same(a: Chosen, b: Chosen): boolean {
  return !!a && !!b && a.kind === b.kind && a.index === b.index && (a.kind !== "site" || (b.kind === "site" && a.role === b.role));
}
