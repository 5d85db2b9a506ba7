import { useEffect, useRef } from "preact/hooks";
import { theme } from "../common/theme";
import type { Clock } from "./clock";
import { stepAt, type Replay, type Steps } from "./document";
import { INKS } from "../map/inks";

/** Counts over time, linked to the clock: click to jump. */
export function Charts({ replay, clock }: { replay: Replay; clock: Clock }) {
  const { live, airborne, channels, rounds } = replay.doc.series;
  const { units } = replay.doc;
  return (
    <section class="charts" aria-label="Charts">
      <Chart title="Threats in the air" steps={live} clock={clock} tone="hostile" />
      <Chart title="Interceptors in flight" steps={airborne} clock={clock} tone="friend" />
      <h2 class="head">Busy target channels</h2>
      {channels.map((steps, u) => (
        <Chart key={units[u]} title={units[u]!} steps={steps} clock={clock} tone="track" most={steps.of} />
      ))}
      <h2 class="head">Ready rounds</h2>
      {rounds.map((steps, u) => (
        <Chart key={units[u]} title={units[u]!} steps={steps} clock={clock} tone="friend" most={steps.of} />
      ))}
    </section>
  );
}

type Tone = "hostile" | "friend" | "track";

function Chart({ title, steps, clock, tone, most }: { title: string; steps: Steps; clock: Clock; tone: Tone; most?: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const now = clock.shown.value;
  const top = most ?? Math.max(1, ...steps.n);
  useEffect(() => {
    if (canvas.current) draw(canvas.current, steps, clock.end, now, Math.max(1, top), INKS[theme.value][tone], INKS[theme.value].ink);
  });
  const jump = (e: PointerEvent) => {
    const frame = canvas.current!.getBoundingClientRect();
    if (e.buttons & 1) clock.seek(((e.clientX - frame.left) / frame.width) * clock.end);
  };
  return (
    <figure class="chart">
      <figcaption>
        {title}
        <b>
          {stepAt(steps, now)}
          <span>{most === undefined ? `, at most ${top}` : ` of ${top}`}</span>
        </b>
      </figcaption>
      <canvas ref={canvas} role="img" aria-label={`${title}: ${stepAt(steps, now)} of ${top} now`} onPointerDown={jump} onPointerMove={jump} />
    </figure>
  );
}

function draw(canvas: HTMLCanvasElement, steps: Steps, end: number, now: number, top: number, colour: string, ink: string): void {
  const density = devicePixelRatio || 1;
  const w = canvas.clientWidth;
  const h = canvas.clientHeight;
  canvas.width = w * density;
  canvas.height = h * density;
  const to = canvas.getContext("2d");
  if (!to || !w) return;
  to.scale(density, density);
  const x = (cs: number) => (cs / 100 / end) * w;
  const y = (n: number) => h - 1 - (n / top) * (h - 3);
  to.beginPath();
  to.moveTo(0, h);
  let before = 0;
  steps.t.forEach((t, i) => {
    to.lineTo(x(t), y(before));
    before = steps.n[i]!;
    to.lineTo(x(t), y(before));
  });
  to.lineTo(w, y(before));
  to.strokeStyle = colour;
  to.lineWidth = 1.4;
  to.stroke();
  to.lineTo(w, h);
  to.globalAlpha = 0.18;
  to.fillStyle = colour;
  to.fill();
  to.globalAlpha = 0.8;
  to.fillStyle = ink;
  to.fillRect(x(now * 100) - 0.5, 0, 1, h);
}
