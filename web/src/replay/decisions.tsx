import { clockText } from "./clock";
import type { Replay } from "./document";

/** What posts decided about a threat, and why: the last decision in full, those before and after below it. */
export function Decisions({ replay, index, now, seek }: { replay: Replay; index: number; now: number; seek: (t: number) => void }) {
  const { t, threat, text } = replay.doc.decisions;
  const mine = t.map((at, i) => ({ at: at / 100, text: text[i]!, of: threat[i] })).filter((d) => d.of === index);
  if (mine.length === 0) return null;
  const last = mine.filter((d) => d.at <= now + 0.01).at(-1);
  return (
    <section aria-label="Decisions">
      <h3>What was decided about it</h3>
      <p class="decision">{last ? last.text : "Nothing yet."}</p>
      <ol class="story">
        {mine.map((d, i) => (
          <li key={i} class={d.at > now + 0.01 ? "later" : ""}>
            <button type="button" onClick={() => seek(d.at)}>
              <time>{clockText(d.at)}</time>
              <i class="tone-quiet" />
              <span>{d.text}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
