import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Clock, clockText } from "./clock";
import type { Replay } from "./document";
import type { Told } from "./story";
import type { View } from "./view";

const ROW_PX = 38;

/** Everything that happened; filter it, click to jump there. Only the rows in view are made. */
export function Log({ replay, told, clock, view }: { replay: Replay; told: Told[]; clock: Clock; view: View }) {
  const [words, setWords] = useState("");
  const kinds = replay.doc.words.events;
  const present = useMemo(() => kinds.filter((k) => replay.events.some((e) => e.kind === k.word)), [replay]);
  const [off, setOff] = useState(new Set(kinds.filter((k) => k.minor).map((k) => k.word)));
  const [only, setOnly] = useState(false);
  const [top, setTop] = useState(0);
  const frame = useRef<HTMLDivElement>(null);
  const inHand = useRef(false); // whoever reads the log is not carried on
  const chosen = view.chosen.value;
  const mine = only && chosen?.kind === "threat" ? chosen.index : -1;
  const rows = useMemo(() => {
    const wanted = words.trim().toLowerCase();
    return told.filter(
      (t) =>
        (mine >= 0 ? t.threat === mine : !off.has(t.event.kind)) && (!wanted || t.text.toLowerCase().includes(wanted)),
    );
  }, [told, words, off, mine]);
  const now = clock.shown.value;
  let last = -1;
  for (let low = 0, high = rows.length - 1; low <= high; ) {
    const middle = (low + high) >> 1;
    if (rows[middle]!.event.t <= now + 0.01) [last, low] = [middle, middle + 1];
    else high = middle - 1;
  }
  useEffect(() => {
    if (frame.current && !inHand.current) frame.current.scrollTop = Math.max(0, (last - 4) * ROW_PX);
  }, [last, rows]);
  const height = frame.current?.clientHeight ?? 600;
  const first = Math.max(0, Math.floor(top / ROW_PX) - 4);
  const shown = rows.slice(first, first + Math.ceil(height / ROW_PX) + 8);
  const toggle = (kind: string) => {
    const next = new Set(off);
    if (!next.delete(kind)) next.add(kind);
    setOff(next);
  };
  return (
    <section class="log" aria-label="Log">
      <input type="search" placeholder="Filter the log" aria-label="Filter the log" value={words} onInput={(e) => setWords(e.currentTarget.value)} />
      <div class="chips" role="group" aria-label="Kinds of events">
        {present.map((kind) => (
          <button type="button" key={kind.word} class={`chip tone-${kind.tone}`} aria-pressed={!off.has(kind.word)} onClick={() => toggle(kind.word)}>
            {kind.label}
          </button>
        ))}
        {chosen?.kind === "threat" && (
          <button type="button" class="chip" aria-pressed={only} onClick={() => setOnly(!only)}>
            Only {replay.threats[chosen.index]!.raw.name}
          </button>
        )}
      </div>
      <div class="rows" ref={frame} tabIndex={0} role="group" aria-label="Events" onPointerEnter={() => (inHand.current = true)} onPointerLeave={() => (inHand.current = false)} onScroll={(e) => setTop(e.currentTarget.scrollTop)}>
        <div style={{ height: `${rows.length * ROW_PX}px` }}>
          <ol style={{ transform: `translateY(${first * ROW_PX}px)` }}>
            {shown.map((row, k) => (
              <li key={row.event.index} class={first + k > last ? "later" : first + k === last ? "now" : ""}>
                <button
                  type="button"
                  onClick={() => {
                    clock.seek(row.event.t);
                    if (row.threat >= 0) view.choose({ kind: "threat", index: row.threat });
                  }}
                >
                  <time>{clockText(row.event.t)}</time>
                  <i class={`tone-${row.tone}`} />
                  <span>{row.text}</span>
                </button>
              </li>
            ))}
          </ol>
        </div>
      </div>
      <p class="count">
        {rows.length.toLocaleString("en")} of {told.length.toLocaleString("en")} events
      </p>
    </section>
  );
}
