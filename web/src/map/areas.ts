import type { Basemap } from "./basemap";
import type { Colours } from "./inks";
import { beside, mercatorX, mercatorY, metresPerUnit } from "./mercator";
import { type Names, RANKS } from "./names";

/** Zones and airways: corners of an area, or the middle line of a corridor with its width. */

export interface Area {
  name: string;
  kind: string;
  closed: boolean;
  width_m: number;
  points: [number, number][]; // longitude, latitude
}

const INK: Record<string, keyof Colours> = {
  weapons: "ink", restricted: "hostile", "minimum-risk-route": "friendly", airway: "neutral", traffic: "neutral", origin: "quiet", orbit: "friendly",
};

/** The colour of an area by its kind. */
export function inkOf(kind: string, c: Colours): string {
  return c[INK[kind] ?? "ink"];
}

export function drawAreas(base: Basemap, areas: Area[], c: Colours, names: Names): void {
  for (const area of areas) if (area.points.length) drawArea(base, area, inkOf(area.kind, c), names);
}

function drawArea(base: Basemap, area: Area, ink: string, names: Names): void {
  const { to } = base;
  const pixels = pixelsOf(base, area.points);
  const [, y] = pixels[0]!;
  to.save();
  to.strokeStyle = to.fillStyle = ink;
  to.lineJoin = to.lineCap = "round"; // whoever is within half the width of the line is in the corridor
  to.beginPath();
  pixels.forEach(([px, py], i) => (i ? to.lineTo(px, py) : to.moveTo(px, py)));
  if (area.closed) {
    to.closePath();
    to.globalAlpha = 0.1;
    if (area.kind !== "orbit") to.fill();
  } else if (area.width_m > 0) {
    to.globalAlpha = 0.14;
    to.lineWidth = (area.width_m / metresPerUnit(mercatorY(area.points[0]![1]))) * base.pixelsPerUnit;
    to.stroke();
  }
  to.lineCap = "butt";
  to.globalAlpha = 0.75;
  to.lineWidth = 1.2;
  to.setLineDash(area.kind === "restricted" ? [] : [8, 4]);
  to.stroke();
  to.restore();
  const x = pixels.reduce((sum, [px]) => sum + px, 0) / pixels.length;
  const middle = area.closed ? pixels.reduce((sum, [, py]) => sum + py, 0) / pixels.length : (y + pixels.at(-1)![1]) / 2;
  names.at(RANKS.area, area.name, [[x, middle]], ink, 500);
}

function pixelsOf(base: Basemap, points: [number, number][]): [number, number][] {
  let before: number | null = null;
  return points.map(([lon, lat]) => {
    const x: number = before === null ? mercatorX(lon) : beside(mercatorX(lon), before);
    before = x;
    return [base.px(x), base.py(mercatorY(lat))];
  });
}
