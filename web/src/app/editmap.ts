import { Basemap } from "../map/basemap";
import { Ring } from "../map/rings";
import { drawSymbol, jammerCode, SITE_CODES, sourceCode, vehicleCode } from "../map/symbols";
import { drawAreas, inkOf } from "../map/areas";
import { theme } from "../common/theme";
import type { Ground } from "../map/ground";
import { mercatorX, mercatorY } from "../map/mercator";
import { away, type Colours, covered, type Frame, INKS, label } from "../map/inks";
import { Names, RANKS } from "../map/names";
import { scaleBar } from "../map/scalebar";
import { type Handle, type LatLon, moved, positionOf, type Scene, written } from "./scene";

const GRAB_PX = 10; // beside a symbol
const SIZES = { system: 20, unit: 17, asset: 18, station: 18 };
const VEHICLE_PX = 16;

/** The map of a scenario; systems, fire units, assets, waypoints, corners of areas and stations can be dragged. */
export class EditMap {
  readonly base: Basemap;
  /** Called while something is dragged, and at its end. */
  onMove: (scene: Scene, handle: Handle, ended: boolean) => void = () => {};
  private scene: Scene;
  private held: Handle | null = null;
  private over: Handle | null = null;
  private offset: [number, number] = [0, 0]; // from the pointer to the place of what is held [px]
  private asked = false;

  constructor(holder: HTMLElement, ground: Ground, scene: Scene) {
    this.scene = scene;
    this.base = new Basemap(holder, ground);
    this.base.onView = () => this.redraw();
    const canvas = this.base.map.getCanvasContainer();
    canvas.addEventListener("pointerdown", this.down, { capture: true });
    canvas.addEventListener("pointermove", this.move);
    canvas.addEventListener("pointerup", this.up);
    canvas.addEventListener("pointercancel", this.up);
    theme.subscribe(() => this.redraw());
    void this.base.ready.then(() => {
      this.redraw();
      document.documentElement.dataset.ready = "map";
    });
  }

  show(scene: Scene): void {
    if (this.held) return; // what is in hand decides
    this.scene = scene;
    this.redraw();
  }

  remove(): void {
    this.base.remove();
  }

  redraw(): void {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.draw();
    });
  }

  private readonly down = (e: PointerEvent) => {
    const handle = e.button === 0 ? this.at(e) : null;
    if (!handle) return;
    e.stopPropagation();
    e.preventDefault();
    this.held = this.over = handle;
    const [x, y] = this.pointed(e);
    const [px, py] = this.pixel(positionOf(this.scene, handle));
    this.offset = [px - x, py - y];
    this.base.map.dragPan.disable();
    (e.currentTarget as HTMLElement).setPointerCapture(e.pointerId);
  };

  private readonly move = (e: PointerEvent) => {
    if (!this.held) {
      const over = this.at(e);
      if (over?.name !== this.over?.name) this.redraw();
      this.over = over;
      this.base.map.getCanvas().style.cursor = over ? "grab" : "";
      return;
    }
    const [lon, lat] = this.base.lngLat(e, this.offset);
    this.scene = moved(this.scene, this.held, [lat, lon]);
    this.onMove(this.scene, this.held, false);
    this.redraw();
  };

  private readonly up = () => {
    if (!this.held) return;
    const handle = this.held;
    this.held = null;
    this.redraw();
    this.base.map.dragPan.enable();
    this.onMove(this.scene, handle, true);
  };

  private handles(): Handle[] {
    const { systems, units, assets, groups, areas, stations } = this.scene;
    return [
      ...systems.map((s, a) => ({ kind: "system" as const, name: s.name, a, b: 0 })),
      ...units.map((u, a) => ({ kind: "unit" as const, name: u.name, a, b: 0 })),
      ...assets.map((s, a) => ({ kind: "asset" as const, name: s.name, a, b: 0 })),
      ...groups.flatMap((r, a) => r.route.map((_, b) => ({ kind: "waypoint" as const, name: `${r.name} ${b + 1}`, a, b }))),
      ...stations.map((s, a) => ({ kind: "station" as const, name: s.name, a, b: 0 })),
      ...areas.flatMap((r, a) => r.points.map((_, b) => ({ kind: "corner" as const, name: `${r.name} ${b + 1}`, a, b }))),
    ];
  }

  /** What a press takes: the symbol under it, of several the one whose middle is nearest; else the nearest within reach. */
  private at(e: PointerEvent): Handle | null {
    const [x, y] = this.pointed(e);
    const reach = e.pointerType === "touch" ? 2 * GRAB_PX : GRAB_PX;
    let best: Handle | null = null;
    let least: [number, number] = [reach, Infinity];
    for (const handle of this.handles()) {
      for (const frame of this.frames(handle)) {
        const found: [number, number] = [away(frame, x, y), Math.hypot((frame[0] + frame[2]) / 2 - x, (frame[1] + frame[3]) / 2 - y)];
        if (found[0] < least[0] || (found[0] === least[0] && found[1] < least[1])) [least, best] = [found, handle];
      }
    }
    return best;
  }

  private pointed(e: PointerEvent): [number, number] {
    const frame = this.base.canvas.getBoundingClientRect();
    return [e.clientX - frame.left, e.clientY - frame.top];
  }

  /** Where something is drawn: its symbol, the foot of a post's staff, the dot of a waypoint. */
  private frames(handle: Handle): Frame[] {
    const [x, y] = this.pixel(positionOf(this.scene, handle));
    const dot: Frame = [x - 4, y - 4, x + 4, y + 4];
    if (handle.kind === "waypoint") return handle.b ? [dot] : [dot, covered(x, y - VEHICLE_PX, VEHICLE_PX, false)];
    if (handle.kind === "corner") return [dot];
    const symbol = covered(x, y, SIZES[handle.kind], handle.kind === "system");
    return handle.kind === "system" ? [dot, symbol] : [symbol];
  }

  private pixel([lat, lon]: LatLon): [number, number] {
    return [this.base.px(mercatorX(lon)), this.base.py(mercatorY(lat))];
  }

  private draw(): void {
    const { to, width, height } = this.base;
    const c = INKS[theme.value];
    const { systems, units, assets, groups, stations } = this.scene;
    to.clearRect(0, 0, width, height);
    const symbols = [...systems, ...units, ...assets, ...stations].map((s, i) => covered(...this.pixel(s.position), 19, i < systems.length));
    const names = new Names(this.base, c);
    names.keepOff(...symbols);
    this.surroundings(c, names);
    to.strokeStyle = c.friend;
    to.globalAlpha = 0.6;
    to.setLineDash([6, 5]);
    to.lineWidth = 1;
    to.beginPath();
    for (const unit of units)
      new Ring(unit.position[1], unit.position[0], unit.reach_m).trace(to, (x) => this.base.px(x), (y) => this.base.py(y));
    to.stroke();
    to.setLineDash([]);
    to.globalAlpha = 1;
    for (const group of groups) {
      to.strokeStyle = c[group.side];
      to.lineWidth = 1.6;
      to.beginPath();
      group.route.forEach((w, i) => (i ? to.lineTo(...this.pixel(w.position)) : to.moveTo(...this.pixel(w.position))));
      to.stroke();
      group.route.forEach((w, i) => {
        const [x, y] = this.pixel(w.position);
        to.beginPath();
        to.arc(x, y, group.release === i + 1 ? 5.5 : 3.5, 0, 2 * Math.PI);
        to.fillStyle = i ? c[group.side] : c.halo;
        to.fill();
        to.stroke();
      });
      const [x, y] = this.pixel(group.route[0]!.position);
      drawSymbol(to, vehicleCode(group.type, group.class, group.side), VEHICLE_PX, x, y - VEHICLE_PX);
      const vehicle = covered(x, y - VEHICLE_PX, VEHICLE_PX, false);
      names.keepOff(vehicle);
      names.beside(RANKS.raid, `${group.name} (${group.count})`, [vehicle[0], vehicle[1], vehicle[2], y + 4], 500);
    }
    for (const s of stations) drawSymbol(to, stationCode(s), SIZES.station, ...this.pixel(s.position));
    for (const asset of assets) drawSymbol(to, SITE_CODES.asset!, SIZES.asset, ...this.pixel(asset.position));
    for (const unit of units) drawSymbol(to, SITE_CODES["fire unit"]!, SIZES.unit, ...this.pixel(unit.position));
    for (const system of systems) drawSymbol(to, SITE_CODES.post!, SIZES.system, ...this.pixel(system.position));
    const name = (rank: number, text: string, at: LatLon, weight: number) => {
      const [x, y] = this.pixel(at);
      names.beside(rank, text, covered(x, y, 19, rank === RANKS.post), weight);
    };
    for (const s of systems) name(RANKS.post, s.name, s.position, 700);
    for (const a of assets) name(RANKS.asset, a.name, a.position, 500);
    for (const u of units) name(RANKS.unit, u.name, u.position, 500);
    for (const s of stations) name(RANKS.station, s.name, s.position, 500);
    names.keepOff(scaleBar(this.base, c));
    names.write();
    if (this.over) {
      const position = positionOf(this.scene, this.over);
      const [x, y] = this.pixel(position);
      const above = this.over.kind === "system" ? 46 : 26;
      label(to, `${this.over.name}: ${this.held ? written(position) : "drag"}`, x, y - above, c, [], 600);
    }
  }

  /** Zones, airways and orbits, with a dot at each point that can be dragged. */
  private surroundings(c: Colours, names: Names): void {
    const { to } = this.base;
    const { areas, stations } = this.scene;
    const racetracks = stations.filter((s) => s.track.length).map((s) => ({ name: "", kind: "orbit", closed: true, width_m: 0, points: s.track.map(swapped) }));
    drawAreas(this.base, [...areas.map((a) => ({ ...a, points: a.points.map((p) => swapped(p.position)) })), ...racetracks], c, names);
    for (const area of areas) {
      to.fillStyle = c.halo;
      to.strokeStyle = inkOf(area.kind, c);
      to.lineWidth = 1.4;
      for (const { position } of area.points) {
        const [x, y] = this.pixel(position);
        to.beginPath();
        to.rect(x - 3, y - 3, 6, 6);
        to.fill();
        to.stroke();
      }
    }
  }
}

const swapped = ([lat, lon]: LatLon): [number, number] => [lon, lat];

function stationCode(station: Scene["stations"][number]): string {
  if (station.role === "jammer") return jammerCode(station.airborne);
  return sourceCode(station.airborne);
}
