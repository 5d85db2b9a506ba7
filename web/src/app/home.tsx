import { useEffect, useState } from "preact/hooks";
import { ask, send } from "../common/api";
import { Glyph } from "../common/glyph";
import { theme, toggleTheme } from "../common/theme";
import { type About, go, link } from "./pages";
import { RunList, runs } from "./runs";

interface Files {
  scenarios: { path: string; title: string; modified: number }[];
  results: { path: string; title: string; variants: string[]; replications: number; modified: number }[];
  passed_over: { path: string; why: string }[];
}

/** Scenarios, runs and results of the workspace. */
export function Home({ about }: { about: About }) {
  const [files, setFiles] = useState<Files | null>(null);
  const [trouble, setTrouble] = useState("");
  const finished = runs.value.filter((r) => r.state === "finished").length;
  useEffect(() => {
    document.title = `${about.workspace} · kalkan`;
    if (about.writes) ask<Files>("files").then(setFiles, (e: Error) => setTrouble(e.message));
  }, [finished]);
  return (
    <div class="page home">
      <Top about={about} />
      {trouble && <p class="trouble" role="alert">{trouble}</p>}
      {!about.writes && <p>Give a replay its address, or start kalkan serve to open scenarios.</p>}
      {files && (
        <main class="columns">
          <section>
            <h2>Scenarios</h2>
            <p class="note lead">Open one to edit, map and run it. What follows from a run stands under Results.</p>
            <ul class="files">
              {files.scenarios.map((s) => (
                <li key={s.path}>
                  <a href={link("edit", s.path)}>
                    <b>{s.title}</b>
                    <span>
                      {s.path} · {day(s.modified)}
                    </span>
                  </a>
                </li>
              ))}
              {!files.scenarios.length && <li class="note">None yet in this folder.</li>}
            </ul>
            <Starter setTrouble={setTrouble} />
          </section>
          <section>
            <RunList />
            <h2>Results</h2>
            <ul class="files">
              {files.results.map((r) => (
                <li key={r.path}>
                  <a href={link("results", r.path)}>
                    <b>{r.title}</b>
                    <span>
                      {r.path} · {r.variants.join("; ")} · {r.replications.toLocaleString("en")} replications · {day(r.modified)}
                    </span>
                  </a>
                </li>
              ))}
              {!files.results.length && <li class="note">None yet: open a scenario and run it.</li>}
            </ul>
            {files.results.length > 1 && <Compare results={files.results} />}
            {files.passed_over.length > 0 && (
              <>
                <h2>Passed over</h2>
                <ul class="plain passed-over">
                  {files.passed_over.map((p) => (
                    <li key={p.path}>
                      {p.path} <span class="note">{p.why}</span>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </section>
        </main>
      )}
    </div>
  );
}

/** 2026-11-25 14:03, by the clock of this machine. */
function day(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString("sv", { dateStyle: "short", timeStyle: "short" });
}

export function Top({ about, children }: { about: About; children?: preact.ComponentChildren }) {
  return (
    <header class="bar">
      <h1>
        <a href="#/">kalkan</a>
        <span>
          {about.workspace} · {about.version}
        </span>
      </h1>
      <div class="actions">
        {children}
        <button type="button" class="icon theme" title="Light or dark" aria-label="Light or dark" onClick={toggleTheme}>
          <Glyph of={theme.value === "dark" ? "sun" : "moon"} />
        </button>
      </div>
    </header>
  );
}

function Starter({ setTrouble }: { setTrouble: (text: string) => void }) {
  const [name, setName] = useState("");
  const [kind, setKind] = useState("small");
  const make = async (e: Event) => {
    e.preventDefault();
    const path = name.endsWith(".toml") ? name : `${name}.toml`;
    try {
      await send("POST", "scenario", { path, kind });
      go("edit", path);
    } catch (error) {
      setTrouble((error as Error).message);
    }
  };
  return (
    <form class="line" onSubmit={make}>
      <label>
        New scenario
        <input required value={name} placeholder="my-raid" maxLength={80} onInput={(e) => setName(e.currentTarget.value)} />
      </label>
      <label>
        from
        <select value={kind} onChange={(e) => setKind(e.currentTarget.value)}>
          <option value="small">one site, one raid</option>
          <option value="second-batch">second batch</option>
        </select>
      </label>
      <button type="submit">Start</button>
    </form>
  );
}

function Compare({ results }: { results: Files["results"] }) {
  const [first, setFirst] = useState(results[1]!.path);
  const [second, setSecond] = useState(results[0]!.path);
  const options = results.map((r) => (
    <option key={r.path} value={r.path}>
      {r.path}
    </option>
  ));
  return (
    <form class="line" onSubmit={(e) => (e.preventDefault(), go("results", first, second))}>
      <label>
        Compare
        <select value={first} onChange={(e) => setFirst(e.currentTarget.value)}>
          {options}
        </select>
      </label>
      <label>
        with
        <select value={second} onChange={(e) => setSecond(e.currentTarget.value)}>
          {options}
        </select>
      </label>
      <button type="submit">Compare</button>
    </form>
  );
}
