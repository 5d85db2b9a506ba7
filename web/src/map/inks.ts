/** Colours of what is drawn on the map, and names with a halo. */

export interface Colours {
  ink: string;
  halo: string;
  hostile: string;
  friendly: string;
  neutral: string;
  friend: string;
  track: string;
  false_: string;
  kill: string;
  leak: string;
  quiet: string;
}

const LIGHT: Colours = {
  ink: "#16202a", halo: "rgba(255,255,255,0.85)", hostile: "#c02a2a", friendly: "#0b5bb5", neutral: "#2f7d32", friend: "#0b5bb5", track: "#7a4a00",
  false_: "#6f6f6f", kill: "#0c7a43", leak: "#c4006b", quiet: "rgba(30,50,70,0.45)",
};
const DARK: Colours = {
  ink: "#e8eef4", halo: "rgba(8,14,20,0.85)", hostile: "#ff7a70", friendly: "#6db7ff", neutral: "#7fd68a", friend: "#6db7ff", track: "#ffc14d",
  false_: "#9aa3ab", kill: "#4fd694", leak: "#ff6bb5", quiet: "rgba(190,210,230,0.4)",
};

export const INKS = { light: LIGHT, dark: DARK };

export type Frame = [number, number, number, number]; // left, top, right, bottom

/** A name with a halo, unless something is there already; whether it was drawn. */
export function label(
  to: CanvasRenderingContext2D, text: string, x: number, y: number, c: { ink: string; halo: string },
  taken: Frame[], weight = 500,
): boolean {
  const w = halfWidth(to, text, weight);
  if (taken.some(([a, b, d, e]) => x - w < d && x + w > a && y - 7 < e && y + 7 > b)) return false;
  taken.push([x - w, y - 7, x + w, y + 7]);
  to.textAlign = "center";
  to.textBaseline = "middle";
  to.lineWidth = 3.4;
  to.strokeStyle = c.halo;
  to.strokeText(text, x, y);
  to.fillStyle = c.ink;
  to.fillText(text, x, y);
  return true;
}

/** A name beside a symbol that covers a frame: above or below it or, where something is there, right, left, or farther off;
 * whether there was room. */
export function nameBeside(
  to: CanvasRenderingContext2D, text: string, frame: Frame, above: boolean, c: { ink: string; halo: string }, taken: Frame[], weight = 500,
): boolean {
  const [left, top, right, bottom] = frame;
  const half = halfWidth(to, text, weight);
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const first: [number, number][] = [[x, bottom + 9], [x, top - 9]];
  const places = [...(above ? first.reverse() : first), [right + half, y], [left - half, y]] as [number, number][];
  for (const far of [9, 24, 39])
    for (const sideways of [right + half, left - half, x]) places.push([sideways, top - far], [sideways, bottom + far]);
  return places.some(([a, b]) => label(to, text, a, b, c, taken, weight));
}

function halfWidth(to: CanvasRenderingContext2D, text: string, weight: number): number {
  to.font = `${weight} 11.5px system-ui, -apple-system, "Segoe UI", sans-serif`;
  return to.measureText(text).width / 2 + 3;
}

/** What a symbol covers; a post stands on a staff, up and to the right of its place. */
export function covered(x: number, y: number, size: number, post: boolean): Frame {
  return post ? [x - 2, y - 1.8 * size, x + 1.6 * size, y] : [x - 0.75 * size, y - 0.5 * size, x + 0.75 * size, y + 0.5 * size];
}

/** How far a point is from a frame; 0 inside. */
export function away([left, top, right, bottom]: Frame, x: number, y: number): number {
  return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
}
