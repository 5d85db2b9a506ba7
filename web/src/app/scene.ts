/** The scene of a scenario as the server tells it (see views/maps/scene.py). */

export type PlaceInFile = (string | number)[];
export type LatLon = [number, number];

export interface Scene {
  variant: string;
  label: string;
  terrain: string;
  systems: { name: string; type: string; position: LatLon; link: string; place: PlaceInFile }[];
  radars: { name: string; type: string; position: LatLon; height_m: number; engages: boolean; range_m: number; detection_m: number; detection_rcs_m2: number }[];
  units: { name: string; system: string; position: LatLon; reach_m: number; written: boolean; place: PlaceInFile }[];
  assets: { name: string; value: number; position: LatLon; place: PlaceInFile }[];
  raids: {
    name: string;
    type: string;
    class: string;
    count: number;
    release: number | null;
    route: { position: LatLon; altitude_m: number; above: string; place: PlaceInFile }[];
  }[];
  box: [number, number, number, number];
}

export interface Handle {
  kind: "system" | "unit" | "asset" | "waypoint";
  name: string;
  a: number; // index of the system, unit, asset or raid
  b: number; // index of the waypoint
}

export interface Move {
  place: PlaceInFile;
  value: LatLon | LatLon[];
}

const round = (v: number) => Math.round(v * 1e4) / 1e4; // about ten metres
const rounded = ([lat, lon]: LatLon): LatLon => [round(lat), round(lon)];

export function positionOf(scene: Scene, h: Handle): LatLon {
  if (h.kind === "system") return scene.systems[h.a]!.position;
  if (h.kind === "unit") return scene.units[h.a]!.position;
  if (h.kind === "asset") return scene.assets[h.a]!.position;
  return scene.raids[h.a]!.route[h.b]!.position;
}

/** The scene with something moved; a system takes its radars and fire units with it. */
export function moved(scene: Scene, h: Handle, to: LatLon): Scene {
  const next = structuredClone(scene);
  const from = positionOf(scene, h);
  const shift = ([lat, lon]: LatLon): LatLon => [lat + to[0] - from[0], lon + to[1] - from[1]];
  if (h.kind === "asset") next.assets[h.a]!.position = to;
  else if (h.kind === "waypoint") next.raids[h.a]!.route[h.b]!.position = to;
  else if (h.kind === "unit") {
    const unit = next.units[h.a]!;
    unit.position = to;
    for (const radar of next.radars) if (radar.name.startsWith(`${unit.name}/`)) radar.position = to;
  } else {
    const system = next.systems[h.a]!;
    system.position = to;
    for (const unit of next.units) if (unit.system === system.name) unit.position = shift(unit.position);
    for (const radar of next.radars) if (radar.name.startsWith(`${system.name}/`)) radar.position = shift(radar.position);
  }
  return next;
}

/** What has to change in the file so that it says what the scene shows. */
export function changes(scene: Scene, h: Handle): Move[] {
  if (h.kind === "asset") return [{ place: scene.assets[h.a]!.place, value: rounded(scene.assets[h.a]!.position) }];
  if (h.kind === "waypoint") {
    const point = scene.raids[h.a]!.route[h.b]!;
    return [{ place: point.place, value: rounded(point.position) }];
  }
  if (h.kind === "unit") {
    const unit = scene.units[h.a]!;
    if (unit.written) return [{ place: unit.place, value: rounded(unit.position) }];
    const all = scene.units.filter((u) => u.system === unit.system);
    return [{ place: unit.place, value: all.map((u) => rounded(u.position)) }];
  }
  const system = scene.systems[h.a]!;
  const units = scene.units.filter((u) => u.system === system.name && u.written);
  return [
    { place: system.place, value: rounded(system.position) },
    ...units.map((u) => ({ place: u.place, value: rounded(u.position) })),
  ];
}
