import type { Replay } from "./document";
import { type Layer, LAYERS, type View } from "./view";

/** What the map shows. */
export function Layers({ replay, view }: { replay: Replay; view: View }) {
  return (
    <section class="layers" aria-label="Layers">
      {(Object.keys(LAYERS) as Layer[]).map((layer) => (
        <label key={layer}>
          <input type="checkbox" checked={view.has(layer)} onChange={() => view.toggle(layer)} />
          {LAYERS[layer]}
        </label>
      ))}
      <h3>In sight of a search radar</h3>
      <label>
        <input type="radio" name="sight" checked={view.sight.value < 0} onChange={() => (view.sight.value = -1)} />
        not shown
      </label>
      {replay.doc.sight.map((s, i) => (
        <label key={s.height_m}>
          <input type="radio" name="sight" checked={view.sight.value === i} onChange={() => (view.sight.value = i)} />
          at {s.height_m.toLocaleString("en")} m above ground <small>{s.area_km2.toLocaleString("en")} km²</small>
        </label>
      ))}
      <p class="note">Line of sight over the terrain at k = 4/3 or the scenario's own; not yet detection of a given target.</p>
    </section>
  );
}
