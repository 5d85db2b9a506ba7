import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Problem, send } from "../common/api";
import { link } from "./pages";
import { StudyAnswer } from "./study";

interface Value {
  name: string;
  text: string; // rounded as everywhere else
}

export interface Run {
  id: number;
  path: string;
  title: string;
  out: string;
  state: "waiting" | "running" | "cancelling" | "finished" | "cancelled" | "failed";
  note: string;
  done: number;
  total: number;
  left_s: number;
  times_real: number;
  estimates: { variant: string; label: string; n: number; values: Record<string, Value> }[];
  history: number[][];
  problems: Problem[];
  /** Which study it is; empty: a plain run. */
  study: string;
}

export const runs = signal<Run[]>([]);
let source: EventSource | null = null;

/** Listen to the server's queue; the browser reconnects by itself. */
export function useRuns(): void {
  useEffect(() => {
    if (source) return;
    source = new EventSource("/api/runs/events");
    source.onmessage = (e: MessageEvent<string>) => {
      runs.value = (JSON.parse(e.data) as { runs: Run[] }).runs;
    };
  }, []);
}

/** All runs of this server, the newest first. */
export function RunList({ only }: { only?: string }) {
  useRuns();
  const shown = runs.value.filter((r) => !only || r.path === only);
  if (!shown.length) return null;
  return (
    <section class="runs" aria-label="Runs">
      <h2>Runs</h2>
      {shown.map((run) => (
        <RunCard key={run.id} run={run} />
      ))}
    </section>
  );
}

const STATES = {
  waiting: "waiting", running: "running", cancelling: "finishing what is in work", finished: "finished", cancelled: "stopped", failed: "failed",
};

function RunCard({ run }: { run: Run }) {
  const active = run.state === "running" || run.state === "waiting";
  const share = run.total ? run.done / run.total : 0;
  return (
    <article class={`run ${run.state}`}>
      <header>
        <h3>
          {run.title} <small>{run.study ? `${run.study.replace("_", " ")} · ` : ""}{run.out}</small>
        </h3>
        <span class="state">{STATES[run.state]}</span>
        {active && (
          <button type="button" class="small" onClick={() => void send("DELETE", `runs/${run.id}`)}>
            Stop
          </button>
        )}
        {run.done > 0 && !run.study && (
          <a class="button small" href={link("results", run.out)}>
            Results
          </a>
        )}
      </header>
      {run.total > 0 && (
        <p class="progress">
          <progress value={share} max={1} aria-label={`Progress of ${run.title}`} />
          <span>
            {run.done.toLocaleString("en")} of {run.total.toLocaleString("en")}
            {run.state === "running" && run.left_s > 0 ? ` · ${Math.ceil(run.left_s)} s left · ${Math.round(run.times_real).toLocaleString("en")} × real time` : ""}
          </span>
        </p>
      )}
      {run.note && <p class="note">{run.note}</p>}
      {run.study && run.state === "finished" && <StudyAnswer id={run.id} />}
      {run.problems.map((p) => (
        <p class="trouble" key={p.message}>
          {p.where} {p.message}
        </p>
      ))}
      {run.estimates.length > 0 && <Estimates run={run} />}
    </article>
  );
}

/** Headline measures so far, with intervals that shrink. */
function Estimates({ run }: { run: Run }) {
  const keys = Object.keys(run.estimates[0]!.values);
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Estimates">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">{run.state === "finished" ? "result" : "so far"}</th>
            {run.estimates.map((e) => (
              <th scope="col" key={e.variant}>
                {e.label} <small>n = {e.n}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key}>
              <th scope="row">{run.estimates[0]!.values[key]!.name}</th>
              {run.estimates.map((e) => (
                <td key={e.variant}>{e.values[key]?.text ?? "–"}</td>
              ))}
            </tr>
          ))}
          <tr class="shrinking">
            <th scope="row">width of the interval of leakers</th>
            {run.estimates.map((e, i) => (
              <td key={e.variant}>
                <Spark points={run.history.map((h) => [h[0]!, h[i + 1] ?? 0])} />
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function Spark({ points }: { points: [number, number][] }) {
  const good = points.filter(([, y]) => y > 0);
  if (good.length < 2) return <span>–</span>;
  const most = Math.max(...good.map(([, y]) => y));
  const end = good.at(-1)![0];
  const start = good[0]![0];
  const x = (n: number) => (98 * (n - start)) / Math.max(end - start, 1) + 1;
  const line = good.map(([n, y]) => `${x(n).toFixed(1)},${(23 - (21 * y) / most).toFixed(1)}`).join(" ");
  return (
    <svg class="spark" viewBox="0 0 100 24" width="100" height="24" role="img" aria-label={`from ${most.toPrecision(2)} down to ${good.at(-1)![1].toPrecision(2)}`}>
      <polyline points={line} fill="none" stroke="currentColor" stroke-width="1.5" />
    </svg>
  );
}
