import { useEffect, useRef, useState } from "preact/hooks";
import { ask, type Problem, Refused, send } from "../common/api";
import { type Coverage, CoverageChoice, type Look, type Offer } from "../map/coverage";
import type { Ground } from "../map/ground";
import { compares, severalPosts, switched } from "./coordination";
import type { About } from "./pages";
import type { EditMap } from "./editmap";
import type { Editor } from "./editor";
import { Top } from "./home";
import { RunList, useRuns } from "./runs";
import { StudyForm } from "./study";
import { changes, type Handle, type Scene } from "./scene";

interface Opened {
  text: string;
  version: string;
}

interface Checked {
  problems: Problem[];
  scenes: Scene[];
  study: { replications: number; seed: number } | null;
  coverage: Offer | null;
}

const CHECK_AFTER_MS = 300;

/** A text with the line ends that the editor has. */
const linesOf = (text: string) => text.replace(/\r\n?/g, "\n");

/** Only the newest question counts: one is under way, at most one waits. */
function newest<T>(work: (value: T) => Promise<void>): (value: T) => void {
  let busy = false;
  let waiting: { value: T } | null = null;
  const run = async (value: T) => {
    busy = true;
    try {
      await work(value);
    } finally {
      busy = false;
      const next = waiting;
      waiting = null;
      if (next) void run(next.value);
    }
  };
  return (value) => {
    if (busy) waiting = { value };
    else void run(value);
  };
}

/** A scenario as text and as a map; both say the same. */
export function EditPage({ path, about }: { path: string; about: About }) {
  useRuns();
  const draftKey = `kalkan-draft ${about.workspace} ${path}`;
  const [opened, setOpened] = useState<Opened | null>(null);
  const [changed, setChanged] = useState(false);
  const [checked, setChecked] = useState<Checked | null>(null);
  const [variant, setVariant] = useState("");
  const [look, setLook] = useState<Look | null>(null);
  const [missing, setMissing] = useState(""); // why there is no coverage
  const [coverage, setCoverage] = useState<Coverage | null>(null);
  const [told, setTold] = useState("");
  const [trouble, setTrouble] = useState("");
  const editorHolder = useRef<HTMLDivElement>(null);
  const mapHolder = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | null>(null);
  const map = useRef<EditMap | null>(null);
  const now = useRef({ path, version: "", variant: "", look: null as Look | null, text: "", saved: null as string | null, scenes: [] as Scene[], moving: false, sound: false });
  now.current.variant = variant;
  now.current.look = look;

  const fail = (e: unknown) => setTrouble((e as Error).message);
  const redraw = useRef(
    newest(async (text: string) => {
      const { look, variant } = now.current;
      if (!look) return setCoverage(null), setMissing("");
      try {
        const found = await send<Coverage>("POST", "coverage", { ...look, path, text, variant });
        if (now.current.look) setCoverage(found);
        setMissing("");
      } catch (e) {
        setCoverage(null);
        setMissing(now.current.sound || !(e instanceof Refused) ? (e as Error).message : ""); // mistakes stand beside the text
      }
    }),
  ).current;
  const check = useRef(
    newest(async (text: string) => {
      try {
        const found = await send<Checked>("POST", "check", { path, text });
        const drawn = !found.problems.length || found.scenes.length > 0; // what the ground refuses stands on the map
        setChecked((before) => (before && !drawn ? { ...before, problems: found.problems } : found));
        setTrouble("");
        now.current.sound = !found.problems.length;
        editor.current?.show(found.problems);
        if (drawn) redraw(text);
      } catch (e) {
        fail(e);
      }
    }),
  ).current;

  /** Keep what is not saved, and say so; nothing is kept of a text that stands in the file. */
  const keep = (text: string) => {
    const changed = text !== now.current.saved;
    if (changed) localStorage.setItem(draftKey, JSON.stringify({ text, version: now.current.version }));
    else localStorage.removeItem(draftKey);
    setChanged(changed);
  };

  const save = async () => {
    try {
      const text = editor.current?.text ?? now.current.text;
      const { version } = await send<{ version: string }>("PUT", "scenario", { path, text, version: now.current.version });
      now.current.version = version;
      now.current.saved = text;
      keep(editor.current?.text ?? text); // somebody may have gone on writing meanwhile
      setTold("saved");
      setTrouble("");
      return true;
    } catch (e) {
      fail(e);
      return false;
    }
  };

  useEffect(() => {
    document.title = `${path} · kalkan`;
    ask<Opened>("scenario", { path }).then((o) => {
      now.current.version = o.version;
      now.current.saved = linesOf(o.text);
      const draft = localStorage.getItem(draftKey);
      const kept = draft ? (JSON.parse(draft) as Opened) : null;
      if (kept && kept.text !== now.current.saved) {
        if (kept.version !== o.version) now.current.saved = null; // the file has changed since: no text of ours stands in it
        now.current.version = kept.version;
        setTold("your unsaved changes are back");
        setChanged(true);
        setOpened(kept);
      } else setOpened(o);
    }, fail);
  }, [path]);

  useEffect(() => {
    if (!opened) return;
    let alive = true;
    let timer = 0;
    now.current.text = opened.text;
    check(opened.text);
    void import("./editor").then(({ Editor }) => {
      if (!alive || !editorHolder.current) return;
      const made = new Editor(editorHolder.current, opened.text, () => void save());
      made.onChange = (text) => {
        now.current.text = text;
        keep(text);
        setTold("");
        clearTimeout(timer);
        timer = window.setTimeout(() => check(text), now.current.moving ? 0 : CHECK_AFTER_MS);
      };
      editor.current = made;
      Object.assign(globalThis, { kalkanEditor: made }); // for tests
      document.documentElement.dataset.editor = "ready";
    });
    return () => {
      alive = false;
      clearTimeout(timer);
      editor.current?.remove();
      editor.current = null;
    };
  }, [opened]);

  const scenes = checked?.scenes ?? [];
  now.current.scenes = scenes;
  const text = editor.current?.text ?? opened?.text ?? "";
  const scene = scenes.find((s) => s.variant === variant) ?? scenes[0];
  const groundKey = scene ? scene.terrain : "";
  useEffect(() => {
    if (!scene || !mapHolder.current) return;
    let alive = true;
    void Promise.all([send<Ground>("POST", "ground", { path, text: now.current.text }), import("./editmap")]).then(([ground, { EditMap }]) => {
      if (!alive || !mapHolder.current) return;
      const made = new EditMap(mapHolder.current, ground, scene);
      made.onMove = (next, handle, ended) => move({ scene: next, handle, ended });
      map.current = made;
      void made.base.ready.then(() => setCoverage((c) => (c ? { ...c } : c)));
    }, fail);
    return () => {
      alive = false;
      map.current?.remove();
      map.current = null;
    };
  }, [groundKey]);

  const move = useRef(
    newest(async ({ scene, handle, ended }: { scene: Scene; handle: Handle; ended: boolean }) => {
      try {
        const { text } = await send<{ text: string }>("POST", "edit", { path, text: now.current.text, changes: changes(scene, handle, now.current.scenes) });
        now.current.moving = !ended;
        if (ended) {
          now.current.text = text;
          editor.current?.replace(text);
        }
        redraw(text);
      } catch (e) {
        fail(e);
      }
    }),
  ).current;

  useEffect(() => {
    if (scene) map.current?.show(scene);
  }, [scene]);
  useEffect(() => map.current?.base.setCoverage(coverage), [coverage]);
  useEffect(() => redraw(now.current.text), [look, variant]);

  const problems = checked?.problems ?? [];
  return (
    <div class="edit">
      <Top about={about}>
        <span class="path">
          {[path, changed && "not saved", told].filter(Boolean).join(" · ")}
        </span>
        <button type="button" title="Undo" onClick={() => editor.current?.undo()}>
          Undo
        </button>
        <button type="button" onClick={() => editor.current?.redo()}>
          Redo
        </button>
        <button type="button" class="primary" disabled={!changed} onClick={() => void save()}>
          Save
        </button>
      </Top>
      <main class="halves">
        <section class="text" aria-label="Text">
          <div class="code" ref={editorHolder} />
          <div class="problems" role="status" aria-label="Problems">
            {checked && !problems.length && <p class="good">No problems.</p>}
            {problems.map((p) => (
              <button type="button" key={`${p.line} ${p.where} ${p.message}`} onClick={() => editor.current?.goto(p.line)}>
                <b>{p.line ? `line ${p.line}` : p.file || "file"}</b> <span>{p.where}</span> {p.message}
              </button>
            ))}
          </div>
        </section>
        <section class="world" aria-label="Map and runs">
          <div class="options">
            {scenes.length > 1 && (
              <label>
                Variant
                <select value={scene?.variant} onChange={(e) => setVariant(e.currentTarget.value)}>
                  {scenes.map((s) => (
                    <option key={s.variant} value={s.variant}>
                      {s.label}
                    </option>
                  ))}
                </select>
              </label>
            )}
            {severalPosts(text) && (
              <label class="check" title="Two variants of the scenario: posts that tell each other whom they engage, and posts that do not. The report says how many rounds that costs.">
                <input type="checkbox" checked={compares(text)} onChange={() => editor.current?.replace(switched(text))} /> compare posts apart
              </label>
            )}
            {checked?.coverage && (
              <CoverageChoice offer={checked.coverage} look={look} choose={setLook}>
                {coverage && look && (
                  <output class="area-out" title={coverage.each.map((e) => `${e.name}: ${e.area_km2.toLocaleString("en")} km²`).join("\n")}>
                    {coverage.area_km2.toLocaleString("en")} km²
                  </output>
                )}
              </CoverageChoice>
            )}
          </div>
          <div class="map" ref={mapHolder} />
          <div class="below">
            {missing && <p class="trouble" role="alert">No coverage: {missing}</p>}
            {trouble && <p class="trouble" role="alert">{trouble}</p>}
            <RunForm path={path} ready={!!checked && !problems.length} usual={checked?.study?.replications ?? 200} changed={changed} save={save} fail={fail} />
            <StudyForm path={path} ready={!!checked && !problems.length} save={async () => !changed || (await save())} fail={fail} />
            <RunList only={path} />
          </div>
        </section>
      </main>
    </div>
  );
}

interface RunFormProps {
  path: string;
  ready: boolean;
  usual: number;
  changed: boolean;
  save: () => Promise<boolean>;
  fail: (e: unknown) => void;
}

function RunForm({ path, ready, usual, changed, save, fail }: RunFormProps) {
  const [n, setN] = useState<number | null>(null);
  const [stance, setStance] = useState("");
  const [unknown, setUnknown] = useState(true);
  const [overwrite, setOverwrite] = useState(false);
  const start = async (e: Event) => {
    e.preventDefault();
    if (changed && !(await save())) return;
    try {
      await send("POST", "runs", { path, replications: n ?? usual, stance, unknown, overwrite });
    } catch (error) {
      fail(error);
    }
  };
  return (
    <form class="line" onSubmit={(e) => void start(e)}>
      <label>
        Replications
        <input type="number" min={1} max={1000000} value={n ?? usual} onInput={(e) => setN(Number(e.currentTarget.value) || null)} />
      </label>
      <label>
        Whose figures
        <select value={stance} onChange={(e) => setStance(e.currentTarget.value)}>
          <option value="">the file's</option>
          <option value="manufacturer">the manufacturer's</option>
          <option value="independent">independent analysts'</option>
          <option value="manufacturer,independent">both, side by side</option>
          <option value="low,high">low and high, side by side</option>
        </select>
      </label>
      <label class="check" title="Draws the disputed claims as well, for half of the run's processor time at most">
        <input type="checkbox" checked={unknown} onChange={() => setUnknown(!unknown)} /> what is not known
      </label>
      <label class="check" title="Otherwise the same scenario goes on where it stopped, and a changed one gets a folder of its own">
        <input type="checkbox" checked={overwrite} onChange={() => setOverwrite(!overwrite)} /> replace older results
      </label>
      <button type="submit" class="primary" disabled={!ready}>
        {changed ? "Save and run" : "Run"}
      </button>
    </form>
  );
}
