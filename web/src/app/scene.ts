/** The scene of a scenario as the server tells it (see views/maps/scene.py). */

import { withinTurn } from "../map/mercator";
import type { Area } from "../map/areas";
import type { Side } from "../map/symbols";

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
  groups: {
    name: string;
    side: Side;
    type: string;
    class: string;
    count: number;
    aim: string | null;
    release: number | null;
    route: { position: LatLon; altitude_m: number; above: string; place: PlaceInFile }[];
  }[];
  areas: (Omit<Area, "points"> & { points: { position: LatLon; place: PlaceInFile }[] })[];
  stations: { name: string; role: "source" | "jammer"; airborne: boolean; position: LatLon; track: LatLon[]; place: PlaceInFile }[];
  box: [number, number, number, number];
}

export interface Handle {
  kind: "system" | "unit" | "asset" | "waypoint" | "corner" | "station";
  name: string;
  a: number; // index of the system, unit, asset, group, area or station
  b: number; // index of the waypoint or corner
}

export interface Move {
  place: PlaceInFile;
  value: LatLon | LatLon[];
}

const round = (v: number) => Math.round(v * 1e4) / 1e4; // about ten metres
const rounded = ([lat, lon]: LatLon): LatLon => [round(lat), round(withinTurn(lon))];

export function positionOf(scene: Scene, h: Handle): LatLon {
  if (h.kind === "system") return scene.systems[h.a]!.position;
  if (h.kind === "unit") return scene.units[h.a]!.position;
  if (h.kind === "asset") return scene.assets[h.a]!.position;
  return pointOf(scene, h).position;
}

/** What is written as one position and takes nothing along. */
function pointOf(scene: Scene, h: Handle): { position: LatLon; place: PlaceInFile } {
  if (h.kind === "corner") return scene.areas[h.a]!.points[h.b]!;
  if (h.kind === "station") return scene.stations[h.a]!;
  return scene.groups[h.a]!.route[h.b]!;
}

/** Waypoints that go where an asset goes: those at its place, and the end of a raid that is sent into it. */
function followers(scene: Scene, asset: number): Handle[] {
  const { name, position } = scene.assets[asset]!;
  const near = ([lat, lon]: LatLon) => Math.abs(lat - position[0]) < 5e-5 && Math.abs(lon - position[1]) < 5e-5;
  return scene.groups.flatMap((group, a) =>
    group.route.flatMap((w, b) => {
      const ends = group.aim === name && group.release === null && b === group.route.length - 1;
      return near(w.position) || ends ? [{ kind: "waypoint" as const, name: `${group.name} ${b + 1}`, a, b }] : [];
    }),
  );
}

/** The scene with something moved; a system takes its radars and fire units with it, an asset the waypoints that end there. */
export function moved(scene: Scene, h: Handle, to: LatLon): Scene {
  const next = structuredClone(scene);
  const from = positionOf(scene, h);
  const shift = ([lat, lon]: LatLon): LatLon => [lat + to[0] - from[0], lon + to[1] - from[1]];
  if (h.kind === "asset") {
    next.assets[h.a]!.position = to;
    for (const { a, b } of followers(scene, h.a)) next.groups[a]!.route[b]!.position = shift(positionOf(scene, { ...h, kind: "waypoint", a, b }));
  } else if (h.kind === "station") {
    const station = next.stations[h.a]!;
    station.position = to;
    station.track = station.track.map(shift);
  } else if (h.kind === "waypoint" || h.kind === "corner") pointOf(next, h).position = to;
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

/** What has to change in the file so that it says what the scene shows.
 *
 *  `others` are all scenes of the file as it stands: an asset that is moved takes the routes of every variant along.
 */
export function changes(scene: Scene, h: Handle, others: Scene[] = []): Move[] {
  if (h.kind === "asset") {
    const { place, position } = scene.assets[h.a]!;
    const all = [{ place, value: rounded(position) }, ...others.flatMap((other) => followed(other, place, position))];
    return [...new Map(all.map((m) => [JSON.stringify(m.place), m])).values()];
  }
  if (h.kind === "waypoint" || h.kind === "corner" || h.kind === "station") {
    const point = pointOf(scene, h);
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

/** The waypoints that an asset takes along in one variant, if that variant has it from the same place of the file. */
function followed(scene: Scene, place: PlaceInFile, to: LatLon): Move[] {
  const a = scene.assets.findIndex((s) => String(s.place) === String(place));
  if (a < 0) return [];
  const next = moved(scene, { kind: "asset", name: "", a, b: 0 }, to);
  return followers(scene, a).map((h) => {
    const { place, position } = next.groups[h.a]!.route[h.b]!;
    return { place, value: rounded(position) };
  });
}

/** A position as the file writes it. */
export function written(position: LatLon): string {
  return rounded(position)
    .map((v) => v.toFixed(4))
    .join(", ");
}
