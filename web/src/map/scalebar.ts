import { metresPerUnit } from "./mercator";
import type { Basemap } from "./basemap";
import type { Colours, Frame } from "./inks";

const WIDEST_PX = 130;

/** A bar at the lower left: how long a round distance is in the middle of the map; what it covers. */
export function scaleBar(base: Basemap, c: Colours): Frame {
  const metresPerPx = metresPerUnit(base.middleY) / base.pixelsPerUnit;
  const metres = round(WIDEST_PX * metresPerPx);
  const w = metres / metresPerPx;
  const { to } = base;
  const [x, y] = [12, base.height - 14];
  for (const [colour, width] of [[c.halo, 4.5], [c.ink, 1.6]] as const) {
    to.strokeStyle = colour;
    to.lineWidth = width;
    to.beginPath();
    to.moveTo(x, y - 5);
    to.lineTo(x, y);
    to.lineTo(x + w, y);
    to.lineTo(x + w, y - 5);
    to.stroke();
  }
  to.font = '500 11.5px system-ui, -apple-system, "Segoe UI", sans-serif';
  to.textAlign = "left";
  to.textBaseline = "bottom";
  to.lineWidth = 3.4;
  to.strokeStyle = c.halo;
  const text = metres < 1000 ? `${metres} m` : `${(metres / 1000).toLocaleString("en")} km`;
  to.strokeText(text, x + 5, y - 3);
  to.fillStyle = c.ink;
  to.fillText(text, x + 5, y - 3);
  return [x, y - 20, x + w, y + 2];
}

/** The largest of 1, 2, 5, 10 … that is not larger. */
function round(metres: number): number {
  const ten = 10 ** Math.floor(Math.log10(metres));
  return ([5, 2, 1].find((n) => n * ten <= metres) ?? 1) * ten;
}
