import { Basemap } from "../map/basemap";
import { Ring } from "../map/rings";
import { drawSymbol, SITE_CODES, vehicleCode } from "../map/symbols";
import { theme } from "../common/theme";
import type { Ground } from "../map/ground";
import { mercatorX, mercatorY } from "../map/mercator";
import { covered, INKS, label, nameBeside } from "../map/inks";
import { scaleBar } from "../map/scalebar";
import { type Handle, type LatLon, moved, positionOf, type Scene } from "./scene";

const GRAB_PX = 18;

/** The map of a scenario; systems, fire units, assets and waypoints can be dragged. */
export class EditMap {
  readonly base: Basemap;
  /** Called while something is dragged, and at its end. */
  onMove: (scene: Scene, handle: Handle, ended: boolean) => void = () => {};
  private scene: Scene;
  private held: Handle | null = null;
  private over: Handle | null = null;
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
    this.held = handle;
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
    const [lon, lat] = this.base.lngLat(e);
    this.scene = moved(this.scene, this.held, [lat, lon]);
    this.onMove(this.scene, this.held, false);
    this.redraw();
  };

  private readonly up = () => {
    if (!this.held) return;
    const handle = this.held;
    this.held = null;
    this.base.map.dragPan.enable();
    this.onMove(this.scene, handle, true);
  };

  private handles(): Handle[] {
    const { systems, units, assets, raids } = this.scene;
    return [
      ...systems.map((s, a) => ({ kind: "system" as const, name: s.name, a, b: 0 })),
      ...units.map((u, a) => ({ kind: "unit" as const, name: u.name, a, b: 0 })),
      ...assets.map((s, a) => ({ kind: "asset" as const, name: s.name, a, b: 0 })),
      ...raids.flatMap((r, a) => r.route.map((_, b) => ({ kind: "waypoint" as const, name: `${r.name} ${b + 1}`, a, b }))),
    ];
  }

  private at(e: PointerEvent): Handle | null {
    const frame = this.base.canvas.getBoundingClientRect();
    const [x, y] = [e.clientX - frame.left, e.clientY - frame.top];
    let best: Handle | null = null;
    let least = (e.pointerType === "touch" ? 1.6 * GRAB_PX : GRAB_PX) ** 2;
    for (const handle of this.handles()) {
      const [px, py] = this.pixel(positionOf(this.scene, handle));
      const away = (px - x) ** 2 + (py - y) ** 2;
      if (away < least) [least, best] = [away, handle];
    }
    return best;
  }

  private pixel([lat, lon]: LatLon): [number, number] {
    return [this.base.px(mercatorX(lon)), this.base.py(mercatorY(lat))];
  }

  private draw(): void {
    const { to, width, height } = this.base;
    const c = INKS[theme.value];
    const { systems, units, assets, raids } = this.scene;
    to.clearRect(0, 0, width, height);
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
    const taken = [...systems, ...units, ...assets].map((s, i) => covered(...this.pixel(s.position), 19, i < systems.length));
    for (const raid of raids) {
      to.strokeStyle = c.hostile;
      to.lineWidth = 1.6;
      to.beginPath();
      raid.route.forEach((w, i) => (i ? to.lineTo(...this.pixel(w.position)) : to.moveTo(...this.pixel(w.position))));
      to.stroke();
      raid.route.forEach((w, i) => {
        const [x, y] = this.pixel(w.position);
        to.beginPath();
        to.arc(x, y, raid.release === i + 1 ? 5.5 : 3.5, 0, 2 * Math.PI);
        to.fillStyle = i ? c.hostile : c.halo;
        to.fill();
        to.stroke();
      });
      const [x, y] = this.pixel(raid.route[0]!.position);
      drawSymbol(to, vehicleCode(raid.type, raid.class), 16, x, y - 16);
      label(to, `${raid.name} (${raid.count})`, x, y - 36, c, taken);
    }
    for (const asset of assets) drawSymbol(to, SITE_CODES.asset!, 18, ...this.pixel(asset.position));
    for (const unit of units) drawSymbol(to, SITE_CODES["fire unit"]!, 17, ...this.pixel(unit.position));
    for (const system of systems) drawSymbol(to, SITE_CODES.post!, 20, ...this.pixel(system.position));
    const name = (text: string, at: LatLon, weight: number) => {
      nameBeside(to, text, ...this.pixel(at), 18, c, taken, weight);
    };
    for (const s of systems) name(s.name, s.position, 700);
    for (const a of assets) name(a.name, a.position, 500);
    for (const u of units) name(u.name, u.position, 500);
    if (this.over) {
      const [x, y] = this.pixel(positionOf(this.scene, this.over));
      label(to, `${this.over.name}: drag`, x, y - 26, c, [], 600);
    }
    scaleBar(this.base, c);
  }
}
