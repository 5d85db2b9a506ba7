import type { Side } from "../map/symbols";
import { type Track } from "./document";

const SIDES: Side[] = ["hostile", "friendly", "neutral"];
const WIDE = 240;
const HIGH = 46;

/** What a post thinks of who a track is, by what evidence, and how that went over time. */
export function Identity({ track, now, of }: { track: Track; now: number; of?: string }) {
  const { believed } = track.raw;
  if (!believed) return null;
  const known = track.believedAt(now);
  return (
    <section class="identity" aria-label="Identity">
      <h3>Who it is{of ? `, to ${of}` : ""}</h3>
      {known ? (
        <>
          <p>{SIDES.map((side) => `${side} ${known.p[side]} %`).join(" · ")}</p>
          <p class="note">{known.why || "no evidence yet"}</p>
        </>
      ) : (
        <p>not yet asked</p>
      )}
      <svg viewBox={`0 0 ${WIDE} ${HIGH}`} role="img" aria-label={`Probabilities of ${SIDES.join(", ")} over time`}>
        {SIDES.map((side, i) => (
          <polyline key={side} class={side} points={stepsOf(track, believed, i)} />
        ))}
        <line class="now" x1={place(track, now)} x2={place(track, now)} y1="0" y2={HIGH} />
      </svg>
    </section>
  );
}

function place(track: Track, time: number): number {
  const share = (time - track.path.start) / Math.max(track.end - track.path.start, 1);
  return WIDE * Math.min(Math.max(share, 0), 1);
}

/** Corners of a step line: what is thought holds until it changes. */
function stepsOf(track: Track, believed: NonNullable<Track["raw"]["believed"]>, side: number): string {
  const height = (i: number) => HIGH - 1 - ((HIGH - 2) * believed.p[3 * i + side]!) / 100;
  const ends = [...believed.t.slice(1).map((t) => t / 100), track.end];
  return believed.t
    .flatMap((t, i) => [`${place(track, t / 100).toFixed(1)},${height(i).toFixed(1)}`, `${place(track, ends[i]!).toFixed(1)},${height(i).toFixed(1)}`])
    .join(" ");
}
