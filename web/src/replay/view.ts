import { signal } from "@preact/signals";
import type { Asker, Coverage, Look } from "../map/coverage";
import type { Replay } from "./document";

/** What is chosen and what is shown. */

export type Chosen =
  | { kind: "threat"; index: number }
  | { kind: "track"; index: number }
  | { kind: "missile"; index: number }
  | { kind: "site"; role: string; index: number }
  | { kind: "source"; index: number }
  | { kind: "jammer"; index: number }
  | null;

export const LAYERS = {
  relief: "Relief",
  lines: "Coasts and borders",
  rings: "Reach of fire units",
  sectors: "Radar sectors",
  threats: "Threats (truth)",
  tracks: "Tracks",
  errors: "Track errors",
  plots: "Plots",
  reports: "Reports of others",
  strobes: "Jamming strobes",
  areas: "Zones and airways",
  holds: "Held by engagement radars",
  salvos: "Rounds to their targets",
  impacts: "Impact points",
  missiles: "Interceptors",
  trails: "Trails",
  names: "Names",
} as const;

export type Layer = keyof typeof LAYERS;
const OFF_AT_FIRST: Layer[] = ["plots", "errors", "holds", "salvos"];

export class View {
  readonly chosen = signal<Chosen>(null);
  readonly over = signal<Chosen>(null); // under the pointer
  readonly following = signal(false);
  readonly look = signal<Look | null>(null); // what coverage is asked for
  readonly coverage = signal<Coverage | null>(null); // and what came of it
  readonly missing = signal(""); // or why nothing did
  readonly layers = signal(new Set<Layer>((Object.keys(LAYERS) as Layer[]).filter((l) => !OFF_AT_FIRST.includes(l))));

  has(layer: Layer): boolean {
    return this.layers.value.has(layer);
  }

  toggle(layer: Layer): void {
    const next = new Set(this.layers.value);
    if (!next.delete(layer)) next.add(layer);
    this.layers.value = next;
  }

  /** Ask for the coverage that is wanted, whenever that changes; how to end it. */
  askFor(ask: Asker): () => void {
    return this.look.subscribe((look) => {
      this.missing.value = "";
      if (!look) this.coverage.value = null;
      else
        ask(look).then(
          (found) => look === this.look.value && (this.coverage.value = found),
          (e: Error) => look === this.look.value && ((this.coverage.value = null), (this.missing.value = e.message)),
        );
    });
  }

  choose(chosen: Chosen): void {
    this.chosen.value = chosen;
    if (!chosen) this.following.value = false;
  }
}

/** Name of what is chosen. */
export function nameOf(replay: Replay, chosen: NonNullable<Chosen>): string {
  if (chosen.kind === "threat") return replay.threats[chosen.index]!.raw.name;
  if (chosen.kind === "track") return `Track ${replay.tracks[chosen.index]!.raw.name}`;
  if (chosen.kind === "missile") return replay.missiles[chosen.index]!.raw.name;
  if (chosen.kind === "source") return replay.doc.sources[chosen.index]!.name;
  if (chosen.kind === "jammer") return replay.doc.jammers[chosen.index]!.name;
  return replay.site(chosen.role, chosen.index)?.name ?? "";
}
