import { useEffect, useRef } from "preact/hooks";
import { Glyph } from "../common/glyph";
import { theme } from "../common/theme";
import { type Clock, clockText, SPEEDS } from "./clock";
import { INKS } from "../map/inks";
import { stepAt, type Replay } from "./document";

const TICKS_PX = 13;
const STEPS_S = [10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200];
const MARKED = ["launch", "kill", "leak"] as const;

/** Play, speed, and a slider over the marks of what happened and the count of threats in the air. */
export function Timeline({ clock, replay }: { clock: Clock; replay: Replay }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const paint = () => canvas.current && drawMarks(canvas.current, replay, clock.end);
    const watch = new ResizeObserver(paint);
    if (canvas.current) watch.observe(canvas.current);
    const off = theme.subscribe(paint);
    return () => {
      watch.disconnect();
      off();
    };
  }, [replay, clock]);
  const now = clock.shown.value;
  const jump = (direction: 1 | -1) => {
    const times = replay.events.filter((e) => MARKED.includes(e.kind as "kill")).map((e) => e.t);
    const next = direction > 0 ? times.find((t) => t > now + 0.05) : times.findLast((t) => t < now - 0.05);
    if (next !== undefined) clock.seek(next);
  };
  return (
    <section class="timeline" aria-label="Time">
      <div class="controls">
        <button type="button" class="icon" title="Previous launch, kill or leak ([)" aria-label="Previous event" onClick={() => jump(-1)}>
          <Glyph of="previous" />
        </button>
        <button type="button" class="icon play" title="Play or pause (space)" aria-label={clock.playing.value ? "Pause" : "Play"} onClick={() => clock.toggle()}>
          <Glyph of={clock.playing.value ? "pause" : "play"} />
        </button>
        <button type="button" class="icon" title="Next launch, kill or leak (])" aria-label="Next event" onClick={() => jump(1)}>
          <Glyph of="next" />
        </button>
        <output class="clock">
          {clockText(now)} <span>/ {clockText(clock.end)}</span>
        </output>
        <label class="speed">
          <span class="wide">Speed</span>
          <select value={clock.speed.value} aria-label="Speed" onChange={(e) => (clock.speed.value = Number(e.currentTarget.value))}>
            {SPEEDS.map((s) => (
              <option key={s} value={s}>
                {s} ×
              </option>
            ))}
          </select>
        </label>
      </div>
      <div class="track">
        <canvas ref={canvas} aria-hidden="true" />
        <input
          type="range"
          min={0}
          max={clock.end}
          step={0.1}
          value={now}
          aria-label="Time"
          aria-valuetext={clockText(now)}
          onInput={(e) => clock.seek(Number(e.currentTarget.value))}
        />
      </div>
      <p class="legend wide">
        <i class="tone-launch" /> launch <i class="tone-kill" /> kill <i class="tone-leak" /> leak <i class="area" /> threats in the air
      </p>
    </section>
  );
}

/** Times below the marks, as many as there is room for. */
function ticks(to: CanvasRenderingContext2D, x: (t: number) => number, w: number, h: number, end: number, ink: string): void {
  const step = STEPS_S.find((s) => (s / end) * w > 62) ?? 14_400;
  to.fillStyle = ink;
  to.font = "10.5px system-ui, sans-serif";
  to.textBaseline = "bottom";
  for (let t = 0; t <= end; t += step) {
    to.globalAlpha = 0.22;
    to.fillRect(x(t), 0, 1, h);
    to.globalAlpha = 0.75;
    const room = to.measureText(clockText(t)).width / 2 + 2;
    to.textAlign = x(t) < room ? "left" : "center";
    if (x(t) + room < w) to.fillText(clockText(t), x(t), h + TICKS_PX);
  }
  to.globalAlpha = 1;
}

function drawMarks(canvas: HTMLCanvasElement, replay: Replay, end: number): void {
  const density = devicePixelRatio || 1;
  const w = canvas.clientWidth;
  const h = canvas.clientHeight - TICKS_PX;
  canvas.width = w * density;
  canvas.height = (h + TICKS_PX) * density;
  const to = canvas.getContext("2d");
  if (!to || !w) return;
  to.scale(density, density);
  const c = INKS[theme.value];
  const x = (t: number) => 8 + (t / end) * (w - 16); // the slider's thumb is 16 px wide
  const most = Math.max(1, ...replay.doc.series.live.n);
  to.fillStyle = c.quiet;
  to.globalAlpha = 0.55;
  to.beginPath();
  to.moveTo(x(0), h);
  for (let px = 8; px <= w - 8; px++) {
    const live = stepAt(replay.doc.series.live, ((px - 8) / (w - 16)) * end);
    to.lineTo(px, h - (live / most) * (h - 4));
  }
  to.lineTo(x(end), h);
  to.fill();
  to.globalAlpha = 1;
  ticks(to, x, w, h, end, c.ink);
  const colours = { launch: c.friend, kill: c.kill, leak: c.leak };
  const rows = { launch: [2, 8], kill: [11, 8], leak: [20, 10] };
  for (const kind of MARKED) {
    to.fillStyle = colours[kind];
    for (const e of replay.events) if (e.kind === kind) to.fillRect(x(e.t) - 0.75, rows[kind][0]!, kind === "leak" ? 2.5 : 1.5, rows[kind][1]!);
  }
}
