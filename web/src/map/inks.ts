/** Colours of what is drawn on the map, and names with a halo. */

export interface Colours {
  ink: string;
  halo: string;
  hostile: string;
  friend: string;
  track: string;
  false_: string;
  kill: string;
  leak: string;
  quiet: string;
}

const LIGHT: Colours = {
  ink: "#16202a", halo: "rgba(255,255,255,0.85)", hostile: "#c02a2a", friend: "#0b5bb5", track: "#7a4a00",
  false_: "#6f6f6f", kill: "#0c7a43", leak: "#c4006b", quiet: "rgba(30,50,70,0.45)",
};
const DARK: Colours = {
  ink: "#e8eef4", halo: "rgba(8,14,20,0.85)", hostile: "#ff7a70", friend: "#6db7ff", track: "#ffc14d",
  false_: "#9aa3ab", kill: "#4fd694", leak: "#ff6bb5", quiet: "rgba(190,210,230,0.4)",
};

export const INKS = { light: LIGHT, dark: DARK };

/** A name with a halo, unless another one is there already. */
export function label(
  to: CanvasRenderingContext2D, text: string, x: number, y: number, c: { ink: string; halo: string },
  taken: [number, number, number, number][], weight = 500,
): void {
  to.font = `${weight} 11.5px system-ui, -apple-system, "Segoe UI", sans-serif`;
  const w = to.measureText(text).width / 2 + 3;
  if (taken.some(([a, b, d, e]) => x - w < d && x + w > a && y - 7 < e && y + 7 > b)) return;
  taken.push([x - w, y - 7, x + w, y + 7]);
  to.textAlign = "center";
  to.textBaseline = "middle";
  to.lineWidth = 3.4;
  to.strokeStyle = c.halo;
  to.strokeText(text, x, y);
  to.fillStyle = c.ink;
  to.fillText(text, x, y);
}
