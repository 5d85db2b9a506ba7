import ms from "milsymbol";

/** APP-6D symbols, drawn once per kind and size. The defence is friend; what flies is drawn by its side. */

const FRIEND = "3";
const IDENTITIES = { hostile: "6", friendly: FRIEND, neutral: "4" } as const;
export type Side = keyof typeof IDENTITIES;
const SETS = { air: "01", missile: "02", unit: "10", equipment: "15", installation: "20" } as const;

function sidc(who: string, set: keyof typeof SETS, entity: string, hq = false): string {
  return `100${who}${SETS[set]}0${hq ? "2" : "0"}00${entity}0000`;
}

/** Symbol code of a flying thing, by its catalogue entry, class and side. */
export function vehicleCode(type: string, kind: string, side: Side): string {
  const who = IDENTITIES[side];
  if (/airliner|civil|traffic/.test(type)) return sidc(who, "air", "120100");
  if (/ballistic|cruise|missile|anti-radiation/.test(kind) || /missile/.test(type)) return sidc(who, "missile", "110000");
  if (/decoy/.test(type)) return sidc(who, "air", "110000");
  if (kind === "uav" || /drone|uav|tb2/.test(type)) return sidc(who, "air", "110300");
  if (/^f-16|^f-35|fighter/.test(type)) return sidc(who, "air", "110104");
  return sidc(who, "air", "110100");
}

/** A radar of one's own side that tells of its tracks: airborne early warning, or on the ground. */
export function sourceCode(airborne: boolean): string {
  return airborne ? sidc(FRIEND, "air", "110116") : SITE_CODES["search radar"]!;
}

const JAMMERS = { air: sidc(IDENTITIES.hostile, "air", "110108"), ground: sidc(IDENTITIES.hostile, "unit", "150504") };

/** One that jams the radars of the defence: an aircraft, or electronic warfare on the ground. */
export function jammerCode(airborne: boolean): string {
  return airborne ? JAMMERS.air : JAMMERS.ground;
}

export const SITE_CODES: Record<string, string> = {
  post: sidc(FRIEND, "unit", "130100", true),
  "search radar": sidc(FRIEND, "equipment", "220300"),
  "engagement radar": sidc(FRIEND, "equipment", "220300"),
  "fire unit": sidc(FRIEND, "unit", "130102"),
  asset: sidc(FRIEND, "installation", "120000"),
};

interface Picture {
  canvas: HTMLCanvasElement;
  x: number; // of the point that stands at the place
  y: number;
}

const cache = new Map<string, Picture>();
const DENSITY = Math.min(2, Math.max(1, Math.ceil(globalThis.devicePixelRatio ?? 1)));

function picture(code: string, size: number): Picture {
  const key = `${code} ${size}`;
  let found = cache.get(key);
  if (!found) {
    const made = new ms.Symbol(code, { size: size * DENSITY, outlineWidth: 4, outlineColor: "rgba(255,255,255,0.85)", civilianColor: false });
    const anchor = made.getAnchor();
    found = { canvas: made.asCanvas(1), x: anchor.x, y: anchor.y };
    cache.set(key, found);
  }
  return found;
}

export function drawSymbol(to: CanvasRenderingContext2D, code: string, size: number, x: number, y: number): void {
  const { canvas, x: dx, y: dy } = picture(code, Math.round(size));
  to.drawImage(canvas, x - dx / DENSITY, y - dy / DENSITY, canvas.width / DENSITY, canvas.height / DENSITY);
}
