import { mercatorX, mercatorY } from "./mercator";

const POINTS = 120;
const EARTH_M = 6_371_000;

/** Points at a distance all around a place, as mercator x and y; index 0 is north, then clockwise. */
export class Ring {
  readonly x = new Float64Array(POINTS + 1);
  readonly y = new Float64Array(POINTS + 1);

  constructor(lon: number, lat: number, metres: number) {
    const a = metres / EARTH_M;
    const phi = (lat * Math.PI) / 180;
    for (let i = 0; i <= POINTS; i++) {
      const azimuth = (2 * Math.PI * i) / POINTS;
      const sin = Math.sin(phi) * Math.cos(a) + Math.cos(phi) * Math.sin(a) * Math.cos(azimuth);
      const there = Math.asin(sin);
      const east = Math.atan2(Math.sin(azimuth) * Math.sin(a) * Math.cos(phi), Math.cos(a) - Math.sin(phi) * sin);
      this.x[i] = mercatorX(lon + (east * 180) / Math.PI);
      this.y[i] = mercatorY((there * 180) / Math.PI);
    }
  }

  /** The point in a direction [degrees], as mercator x and y. */
  at(degrees: number): [number, number] {
    const i = Math.round(((((degrees % 360) + 360) % 360) / 360) * POINTS);
    return [this.x[i]!, this.y[i]!];
  }

  /** Append the part of the ring from one azimuth to another [rad] to a path; the whole ring by default. */
  trace(to: CanvasRenderingContext2D, px: (x: number) => number, py: (y: number) => number, from = 0, width = 2 * Math.PI): void {
    const first = Math.round((from / (2 * Math.PI)) * POINTS);
    const n = Math.round((width / (2 * Math.PI)) * POINTS);
    for (let k = 0; k <= n; k++) {
      const i = (((first + k) % POINTS) + POINTS) % POINTS;
      const x = px(this.x[i]!);
      const y = py(this.y[i]!);
      if (k === 0 && width >= 2 * Math.PI) to.moveTo(x, y);
      else to.lineTo(x, y);
    }
  }
}
