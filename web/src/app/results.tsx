import { useEffect, useState } from "preact/hooks";
import { ask, file } from "../common/api";
import { save } from "../common/save";
import { type About, go, link } from "./pages";
import { Top } from "./home";
import { RunList, runs } from "./runs";

interface Tables {
  title: string;
  heading: string;
  notes: string[];
  tables: { heads: string[]; rows: string[][] }[];
  variants: { name: string; heading: string }[];
}

interface Choice {
  name: string;
  label: string;
  best: number;
  typical: number;
  worst: number;
}

/** The tables of a run, or of two side by side, with ways into its replays. */
export function ResultsPage({ path, other, about }: { path: string; other: string | undefined; about: About }) {
  const [content, setContent] = useState<Tables | null>(null);
  const [choices, setChoices] = useState<Choice[]>([]);
  const [trouble, setTrouble] = useState("");
  const done = runs.value.filter((r) => r.out === path).map((r) => r.state).join();
  useEffect(() => {
    const asked = other ? ask<Tables>("compare", { first: path, second: other }) : ask<Tables>("results", { path });
    asked.then((c) => (setContent(c), setTrouble(""), (document.title = `${c.title} · kalkan`)), (e: Error) => setTrouble(e.message));
    if (!other) ask<{ variants: Choice[] }>("choices", { path }).then((c) => setChoices(c.variants), () => setChoices([]));
  }, [path, other, done]);
  return (
    <div class="page results">
      <Top about={about} />
      <main>
        {trouble && <p class="trouble" role="alert">{trouble}</p>}
        {content && (
          <>
            <h2 class="heading">{content.heading}</h2>
            {!other && (
              <section class="watch" aria-label="Replays and report">
                {choices.map((c) => (
                  <p key={c.name}>
                    Watch <b>{c.label}</b>:{" "}
                    {(["best", "typical", "worst"] as const).map((which) => (
                      <a class="button small" key={which} href={link("replay", path, c.name, c[which])}>
                        {which}
                      </a>
                    ))}
                  </p>
                ))}
                <Report path={path} onTrouble={setTrouble} />
              </section>
            )}
            <RunningNow path={path} />
            {content.tables.map((t, i) => (
              <Numbers key={t.heads[0] || i} heads={t.heads} rows={t.rows} />
            ))}
            <ul class="notes">
              {content.notes.map((n) => (
                <li key={n}>{n}</li>
              ))}
            </ul>
            <p>
              A ± is a confidence interval of chance alone, but for the table of what is not known.{" "}
              {!other && (
                <button type="button" class="link" onClick={() => go()}>
                  All scenarios and results
                </button>
              )}
            </p>
          </>
        )}
        {!content && !trouble && <p class="wait">Reading…</p>}
      </main>
    </div>
  );
}

/** One page with maps, time lines and every source, to hand over. */
function Report({ path, onTrouble }: { path: string; onTrouble: (words: string) => void }) {
  const [making, setMaking] = useState(false);
  const make = async () => {
    setMaking(true);
    try {
      save(await file("report", { path }), `${path.split("/").pop()}-report.html`);
    } catch (e) {
      onTrouble((e as Error).message);
    } finally {
      setMaking(false);
    }
  };
  return (
    <p>
      <button type="button" class="small" disabled={making} title="Maps, time lines, reasons and the source of every figure: one page that opens from disk and prints" onClick={() => void make()}>
        {making ? "Writing the report…" : "Save report"}
      </button>
    </p>
  );
}

function RunningNow({ path }: { path: string }) {
  const mine = runs.value.find((r) => r.out === path && r.state === "running");
  return mine ? <RunList only={mine.path} /> : null;
}

function Numbers({ heads, rows }: { heads: string[]; rows: string[][] }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={heads[0] || "Headline"}>
      <table class="numbers">
        <thead>
          <tr>
            {heads.map((h, i) => (
              <th scope="col" key={i}>
                {(h || "headline").split("\n").map((line) => (
                  <span key={line}>{line}</span>
                ))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row[0]}>
              {row.map((cell, i) => (i ? <td key={i}>{cell}</td> : <th scope="row" key={i}>{cell}</th>))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
