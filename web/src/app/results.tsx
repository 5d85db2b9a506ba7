import { useEffect, useState } from "preact/hooks";
import { ask, file } from "../common/api";
import { save } from "../common/save";
import { type Theme, theme } from "../common/theme";
import { type About, go, link } from "./pages";
import { Top } from "./home";
import { RunList, runs } from "./runs";

interface Table {
  heads: string[];
  rows: string[][];
  differences: number; // the last columns
}

interface Tables {
  title: string;
  heading: string;
  findings: string[];
  notes: string[];
  tables: Table[];
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
            <ul class="findings">
              {content.findings.map((sentence) => (
                <li key={sentence}>
                  <Strong text={sentence} />
                </li>
              ))}
            </ul>
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
            {!other && <Pictures key={done} path={path} />}
            {content.tables.map((t, i) => (
              <Numbers key={t.heads[0] || i} {...differencesFirst(t)} />
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

/** A sentence whose `**words**` are strong. */
function Strong({ text }: { text: string }) {
  return <>{text.split("**").map((part, i) => (i % 2 ? <b key={i}>{part}</b> : part))}</>;
}

/** The table with its differences right behind the names: what a run was made for. */
function differencesFirst({ heads, rows, differences }: Table): { heads: string[]; rows: string[][] } {
  const reordered = (cells: string[]) => [cells[0]!, ...cells.slice(cells.length - differences), ...cells.slice(1, cells.length - differences)];
  return differences ? { heads: reordered(heads), rows: rows.map(reordered) } : { heads, rows };
}

interface Drawn {
  figures: { title: string; text: string; caption: string; wide: string; narrow: string }[];
  colours: Record<Theme, string>;
  notes: string[];
}

/** The report's histograms and maps, in the colours of the page. */
function Pictures({ path }: { path: string }) {
  const [drawn, setDrawn] = useState<Drawn | null>(null);
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    ask<Drawn>("figures", { path }).then(setDrawn, (e: Error) => setTrouble(e.message));
  }, [path]);
  if (trouble) return <p class="trouble" role="alert">No figures: {trouble}</p>;
  if (!drawn) return <p class="wait">Drawing…</p>;
  const colours = drawn.colours[theme.value];
  return (
    <section class="pictures" aria-label="Figures">
      {drawn.figures.map((f) => (
        <figure key={f.title}>
          <picture>
            <source media="(max-width: 640px)" srcset={image(f.narrow, colours)} />
            <img src={image(f.wide, colours)} alt={`${f.title}. ${f.text}`} />
          </picture>
          <figcaption>{f.caption}</figcaption>
        </figure>
      ))}
      {drawn.notes.map((note) => (
        <p class="note" key={note}>
          {note}
        </p>
      ))}
    </section>
  );
}

/** Address of an SVG that carries its own colours: a picture is drawn apart from the page. */
function image(svg: string, colours: string): string {
  const styled = svg.replace("<title", `<style>svg { ${colours} font-family: system-ui, "Segoe UI", Roboto, sans-serif; }</style><title`);
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(styled)}`;
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

const PHONE_LETTERS = 32; // of all values of a row beside its name

/** Whether a phone shows each row's values below each other, as it does in the report: side by side they would be cut. */
function tall(heads: string[], rows: string[][]): boolean {
  const widest = (i: number) => Math.max(...[...heads[i]!.split("\n"), ...rows.map((row) => row[i] ?? "")].map((text) => text.length));
  return heads.reduce((letters, _, i) => letters + (i ? widest(i) + 2 : 0), 0) > PHONE_LETTERS;
}

function Numbers({ heads, rows }: { heads: string[]; rows: string[][] }) {
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label={heads[0] || "Headline"}>
      <table class={tall(heads, rows) ? "numbers tall" : "numbers"}>
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
              {row.map((cell, i) => (i ? <td key={i} data-head={heads[i]!.replace("\n", " ")}>{cell}</td> : <th scope="row" key={i}>{cell}</th>))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
