/** Web Mercator on the unit square: x grows eastward, y southward. */
export function mercatorX(lon: number): number {
  return (lon + 180) / 360;
}

export function mercatorY(lat: number): number {
  const s = Math.sin((lat * Math.PI) / 180);
  return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
}

/** Metres on the ground per unit of the mercator square, at a mercator y. */
export function metresPerUnit(y: number): number {
  return 40_075_016.686 / Math.cosh(Math.PI * (1 - 2 * y));
}

export function latitudeOf(y: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
}

export function longitudeOf(x: number): number {
  return x * 360 - 180;
}

/** Mercator x, whole turns of the earth added or taken, so that it is nearest to another. */
export function beside(x: number, other: number): number {
  return x - Math.round(x - other);
}

/** A longitude within ±180°. */
export function withinTurn(lon: number): number {
  return lon - 360 * Math.round(lon / 360);
}
