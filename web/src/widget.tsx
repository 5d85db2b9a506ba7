import mapStyle from "maplibre-gl/dist/maplibre-gl.css?inline";
import workerSource from "maplibre-gl/dist/maplibre-gl-worker.mjs?raw";
import { setWorkerUrl } from "maplibre-gl";
import { render as mount } from "preact";
import style from "./style.css?inline";
import { theme, wearTheme } from "./common/theme";
import type { Clock } from "./replay/clock";
import type { Asker, Coverage } from "./map/coverage";
import type { ReplayDocument } from "./replay/document";
import { ReplayView } from "./replay/replay";

/** What anywidget hands over: the widget's traits, synced with Python. */
interface Model {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown): void;
  on(event: string, then: (content: unknown) => void): void;
  off(event: string, then: (content: unknown) => void): void;
}

interface Answer {
  id: number;
  coverage?: Coverage;
  missing?: string;
}

const SAME_S = 0.005;
const PATIENCE_MS = 30_000;

/** Where the panel stands below the map, the cell grows so that the map keeps a shape into which the scene fits. */
const OWN = `
:host { display: block; position: relative; height: auto; container-type: inline-size; outline: none; text-align: left; }
.cell { height: var(--height); }
@container (max-width: 760px) {
  .cell { height: max(var(--height), calc(62cqi + 420px)); }
  .cell .replay { grid-template-rows: auto minmax(200px, 1fr) auto minmax(0, 30%); }
}`;

/** The replay in a notebook's cell, apart from the notebook's styles and keys; how to end it. */
async function render({ model, el }: { model: Model; el: HTMLElement }): Promise<() => void> {
  setWorkerUrl(URL.createObjectURL(new Blob([workerSource], { type: "text/javascript" })));
  const host = document.createElement("div");
  host.className = "kalkan-replay";
  host.tabIndex = 0;
  host.dataset.lmSuppressShortcuts = "true"; // JupyterLab's keys stay away
  host.style.setProperty("--height", `${model.get("height_px") as number}px`);
  el.append(host);
  const shadow = host.attachShadow({ mode: "open" });
  shadow.append(Object.assign(document.createElement("style"), { textContent: mapStyle + ofHost(style) }));
  const root = document.createElement("div");
  root.className = "cell";
  shadow.append(root);
  const notebook = document.body.dataset.jpThemeLight;
  if (notebook) theme.value = notebook === "false" ? "dark" : "light";
  const unwear = wearTheme(host);
  const doc = (await unpack(model.get("document_gz") as DataView)) as ReplayDocument;
  mount(<ReplayView doc={doc} host={host} asker={asking(model)} link={(clock) => link(model, clock)} />, root);
  return () => {
    mount(null, root);
    unwear();
    host.remove();
  };
}

/** Rules for a page as rules for what stands in a shadow root; its width decides, not the window's. */
function ofHost(css: string): string {
  const held = css
    .replace(/html,\s*body,\s*#app|\bbody(?=\s*\{)|:root/g, ":host")
    .replace(/\[data-theme="?dark"?\]/g, ':host([data-theme="dark"])')
    .replace(/@media\s*(?=\((max-width|width))/g, "@container ");
  return `${held} ${OWN}`;
}

async function unpack(bytes: DataView): Promise<unknown> {
  const packed = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).slice();
  return await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).json();
}

/** Coverage is drawn by the notebook's kernel. */
function asking(model: Model): Asker {
  let last = 0;
  return (look) =>
    new Promise((done, fail) => {
      const id = ++last;
      const end = () => (model.off("msg:custom", hear), clearTimeout(timer));
      const hear = (content: unknown) => {
        const answer = content as Answer;
        if (answer.id !== id) return;
        end();
        if (answer.coverage) done(answer.coverage);
        else fail(new Error(answer.missing ?? "no such picture"));
      };
      const timer = setTimeout(() => (end(), fail(new Error("no answer: coverage is drawn by the notebook's kernel"))), PATIENCE_MS);
      model.on("msg:custom", hear);
      model.send({ id, look });
    });
}

/** Keep the clock and the traits `time_s` and `playing` equal, whoever changes them. */
function link(model: Model, clock: Clock): () => void {
  const tell = (name: string, value: unknown) => {
    if (model.get(name) === value) return;
    model.set(name, value);
    model.save_changes();
  };
  const seek = () => {
    const wanted = model.get("time_s") as number | null;
    if (wanted !== null && Math.abs(wanted - clock.time) > SAME_S) clock.seek(wanted);
  };
  const play = () => {
    if (model.get("playing") !== clock.playing.value) clock.toggle();
  };
  seek();
  play();
  model.on("change:time_s", seek);
  model.on("change:playing", play);
  const stops = [
    clock.shown.subscribe((t) => tell("time_s", t)),
    clock.playing.subscribe((p) => tell("playing", p)),
  ];
  return () => {
    stops.forEach((stop) => stop());
    model.off("change:time_s", seek);
    model.off("change:playing", play);
  };
}

export default { render };
