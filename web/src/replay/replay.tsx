import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Basemap } from "../map/basemap";
import { type Asker, fromPage } from "../map/coverage";
import { Glyph } from "../common/glyph";
import { theme, toggleTheme } from "../common/theme";
import { save } from "../common/save";
import { Card } from "./card";
import { Charts } from "./charts";
import { Clock, clockText, SPEEDS } from "./clock";
import { latitudeOf, longitudeOf } from "../map/mercator";
import { called, Replay, type ReplayDocument } from "./document";
import { Layers } from "./layers";
import { Log } from "./log";
import { Movers } from "./movers";
import { tellAll } from "./story";
import { Timeline } from "./timeline";
import { nameOf, View } from "./view";

const PANELS = ["Card", "Log", "Charts", "Layers"] as const;
type Panel = (typeof PANELS)[number];

interface Shown {
  doc: ReplayDocument;
  /** These stand in the bar at the top. */
  children?: ComponentChildren;
  /** Hears the keys, and is marked when the map is ready: the page, or what holds the replay in a notebook. */
  host?: HTMLElement;
  /** Tells someone else about the clock; returns how to end that. */
  link?: (clock: Clock) => () => void;
  /** Draws the coverage; by default it comes out of the document. */
  asker?: Asker;
}

/** The whole replay: map, time line, panels. */
export function ReplayView({ doc, children, host = document.documentElement, link, asker }: Shown) {
  const replay = useMemo(() => new Replay(doc), [doc]);
  const told = useMemo(() => tellAll(replay), [replay]);
  const view = useMemo(() => new View(), [doc]);
  const clock = useMemo(() => new Clock(doc.end_s, Math.max(0, (replay.events[0]?.t ?? 30) - 30)), [doc]);
  const [panel, setPanel] = useState<Panel>("Card");
  const [help, setHelp] = useState(false);
  const holder = useRef<HTMLDivElement>(null);
  const base = useRef<Basemap | null>(null);
  const chosen = view.chosen.value;

  useEffect(() => {
    const map = new Basemap(holder.current!, doc.ground);
    base.current = map;
    const movers = new Movers(map, replay, view);
    Object.assign(globalThis, { kalkanMovers: movers }); // for measurements
    const stop = animate(map, movers, clock, view, host);
    return () => {
      stop();
      base.current = null;
      map.remove();
    };
  }, [replay]);

  useEffect(() => link?.(clock), [clock]);
  useEffect(() => view.askFor(asker ?? fromPage(doc.coverage)), [view]);

  useEffect(() => {
    if (chosen) setPanel((p) => (p === "Layers" || p === "Charts" ? "Card" : p));
  }, [chosen]);

  const picture = () => {
    const words = `${doc.title} · ${doc.label} · ${called(doc)} · ${clockText(clock.time)} · seed ${doc.seed} · kalkan`;
    const name = `replay-${doc.replication}${doc.waves.length > 1 ? `-${doc.wave.replaceAll(" ", "-")}` : ""}-${Math.round(clock.time)}s.png`;
    void base.current?.picture(words).then((made) => made.toBlob((blob) => blob && save(blob, name)));
  };
  useKeys(host, clock, view, replay, { whole: () => base.current?.whole(), help: () => setHelp((h) => !h), picture, panel: setPanel });
  const leaked = doc.threats.filter((t) => t.outcome === "leaked").length;
  return (
    <div class="replay">
      <header class="bar">
        <h1>
          {doc.title}
          <span>
            {doc.label} · {called(doc)} · {leaked} of {doc.threats.filter((t) => t.side === "hostile").length} leaked
          </span>
        </h1>
        <div class="actions">
          {children}
          <button type="button" class="picture" title="Save a picture of the map (P)" aria-label="Save picture" onClick={picture}>
            <Glyph of="camera" /> <span class="wide">Save picture</span>
          </button>
          <button type="button" class="icon theme" title="Light or dark (T)" aria-label="Light or dark" onClick={toggleTheme}>
            <Glyph of={theme.value === "dark" ? "sun" : "moon"} />
          </button>
          <button type="button" class="icon wide" title="Keys (?)" aria-label="Keys" aria-expanded={help} onClick={() => setHelp(!help)}>
            ?
          </button>
        </div>
      </header>
      <main class="stage">
        <div class="map" ref={holder} />
        {help && <Keys close={() => setHelp(false)} />}
      </main>
      <aside class="side">
        <div class="tabs" role="tablist" aria-label="Panels">
          {PANELS.map((p) => (
            <button type="button" key={p} role="tab" id={`tab-${p}`} aria-selected={panel === p} aria-controls="panel" onClick={() => setPanel(p)}>
              {p}
            </button>
          ))}
        </div>
        <div class="panel" id="panel" role="tabpanel" aria-labelledby={`tab-${panel}`} tabIndex={0}>
          {panel === "Card" && <Card replay={replay} told={told} clock={clock} view={view} />}
          {panel === "Log" && <Log replay={replay} told={told} clock={clock} view={view} />}
          {panel === "Charts" && <Charts replay={replay} clock={clock} />}
          {panel === "Layers" && <Layers replay={replay} view={view} />}
        </div>
      </aside>
      <Timeline clock={clock} replay={replay} />
      <p class="reader" role="status">
        {chosen ? `${nameOf(replay, chosen)} is chosen` : ""}
      </p>
    </div>
  );
}

/** Draws whenever the time, the view or what is shown has changed; how to end it. */
function animate(map: Basemap, movers: Movers, clock: Clock, view: View, host: HTMLElement): () => void {
  let stale = true;
  let drawn = -1;
  let alive = true;
  const redraw = () => {
    stale = true;
  };
  const subscriptions = [view.layers, view.chosen, view.over, view.coverage, theme].map((s) => s.subscribe(redraw));
  map.onView = redraw;
  const layers = () => {
    map.setVisible("relief", view.has("relief"));
    map.setVisible("lines", view.has("lines"));
    map.setCoverage(view.coverage.value);
  };
  void map.ready.then(() => {
    if (!alive) return;
    subscriptions.push(view.layers.subscribe(layers), view.coverage.subscribe(layers));
    performance.mark("kalkan-first-frame");
    host.dataset.ready = "replay";
  });
  const frame = (now: number) => {
    if (!alive) return;
    clock.tick(now);
    if (stale || clock.time !== drawn) {
      const follow = view.following.value ? movers.placeOf(view.chosen.value, clock.time) : null;
      if (follow) map.map.jumpTo({ center: [map.lng(longitudeOf(follow.x)), latitudeOf(follow.y)] });
      movers.draw(clock.time);
      drawn = clock.time;
      stale = false;
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const click = (e: { point: { x: number; y: number } }) => view.choose(movers.pick(e.point.x, e.point.y));
  const hover = (e: { point: { x: number; y: number } }) => {
    view.over.value = movers.pick(e.point.x, e.point.y);
    map.map.getCanvas().style.cursor = view.over.value ? "pointer" : "";
  };
  map.map.on("click", click);
  map.map.on("mousemove", hover);
  return () => {
    alive = false;
    subscriptions.forEach((off) => off());
  };
}

interface Commands {
  whole: () => void;
  help: () => void;
  picture: () => void;
  panel: (panel: Panel) => void;
}

function useKeys(host: HTMLElement, clock: Clock, view: View, replay: Replay, commands: Commands): void {
  useEffect(() => {
    const press = (e: KeyboardEvent) => {
      const at = e.composedPath()[0] as HTMLElement;
      if (e.ctrlKey || e.metaKey || e.altKey || /^(TEXTAREA|SELECT)$/.test(at.tagName)) return;
      if (at instanceof HTMLInputElement && at.type !== "range" && at.type !== "checkbox" && at.type !== "radio") return;
      const step = e.shiftKey ? 60 : 10;
      const speed = SPEEDS.indexOf(clock.speed.value);
      const events = replay.events.filter((x) => ["launch", "kill", "leak"].includes(x.kind));
      const actions: Record<string, () => void> = {
        " ": () => clock.toggle(),
        ArrowRight: () => clock.seek(clock.time + step),
        ArrowLeft: () => clock.seek(clock.time - step),
        0: () => commands.whole(),
        Home: () => clock.seek(0),
        End: () => clock.seek(clock.end),
        "]": () => clock.seek(events.find((x) => x.t > clock.time + 0.05)?.t ?? clock.time),
        "[": () => clock.seek(events.findLast((x) => x.t < clock.time - 0.05)?.t ?? clock.time),
        "+": () => (clock.speed.value = SPEEDS[Math.min(speed + 1, SPEEDS.length - 1)]!),
        "-": () => (clock.speed.value = SPEEDS[Math.max(speed - 1, 0)]!),
        f: () => (view.following.value = !view.following.value && view.chosen.value !== null),
        t: toggleTheme,
        p: commands.picture,
        "?": commands.help,
        Escape: () => view.choose(null),
        1: () => commands.panel("Card"),
        2: () => commands.panel("Log"),
        3: () => commands.panel("Charts"),
        4: () => commands.panel("Layers"),
      };
      const onButton = at.tagName === "BUTTON" && e.key === " ";
      const action = actions[e.key];
      if (!action || onButton) return;
      e.preventDefault();
      action();
    };
    host.addEventListener("keydown", press);
    return () => host.removeEventListener("keydown", press);
  }, [host, clock, view, replay]);
}

const KEYS = [
  ["space", "play or pause"], ["← →", "10 s back or on; with shift 60 s"], ["[ ]", "previous or next launch, kill or leak"],
  ["+ −", "faster, slower"], ["F", "follow what is chosen"], ["T", "light or dark"], ["P", "save a picture"],
  ["1 – 4", "card, log, charts, layers"], ["0", "the whole scene"], ["Esc", "choose nothing"],
];

function Keys({ close }: { close: () => void }) {
  return (
    <div class="keys" role="dialog" aria-label="Keys">
      <dl>
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={close}>
        Close
      </button>
    </div>
  );
}
