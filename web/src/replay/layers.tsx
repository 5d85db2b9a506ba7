import { CoverageChoice, EXPLAINED } from "../map/coverage";
import type { Replay } from "./document";
import { Engagements } from "./engagements";
import { type Layer, LAYERS, type View } from "./view";

const SWATCHES: Partial<Record<Layer, true>> = { rings: true, sectors: true, threats: true, tracks: true, plots: true, reports: true, strobes: true, areas: true, missiles: true };

/** What the map shows. */
export function Layers({ replay, view }: { replay: Replay; view: View }) {
  return (
    <section class="layers" aria-label="Layers">
      {(Object.keys(LAYERS) as Layer[]).filter((layer) => hasAny(replay, layer)).map((layer) => (
        <label key={layer} class="check">
          <input type="checkbox" checked={view.has(layer)} onChange={() => view.toggle(layer)} />
          <span>
            {LAYERS[layer]} {SWATCHES[layer] && <i class={`swatch ${layer}`} aria-hidden="true" />}
          </span>
        </label>
      ))}
      <CoverageChoice offer={replay.doc.coverage} look={view.look.value} choose={(look) => (view.look.value = look)} />
      <CoverageFound view={view} />
    </section>
  );
}

/** Whether a recording has anything for a layer that not all have. */
function hasAny(replay: Replay, layer: Layer): boolean {
  const { doc } = replay;
  const falls = Number(Engagements.falls(replay));
  const some: Partial<Record<Layer, number>> = { impacts: falls, reports: doc.sources.length, strobes: doc.strobes.t.length, areas: doc.areas.length };
  return some[layer] !== 0;
}

/** How large the shown area is, together and of each, and what it means. */
function CoverageFound({ view }: { view: View }) {
  const look = view.look.value;
  const found = view.coverage.value;
  if (!look) return null;
  const who = look.shows === "reach" ? "fire units" : "radars";
  return (
    <>
      {view.missing.value && <p class="trouble" role="alert">{view.missing.value}</p>}
      {found && (
        <table class="areas" aria-label="Areas" data-look={`${found.shows} ${found.target} ${found.height_m} ${found.above}`}>
          <tbody>
            <tr>
              <th scope="row">together</th>
              <td>{found.area_km2.toLocaleString("en")} km²</td>
            </tr>
            {found.each.map((e) => (
              <tr key={e.name}>
                <th scope="row">{e.name}</th>
                <td>{e.area_km2.toLocaleString("en")} km²</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p class="note">
        {EXPLAINED[look.shows]} The deeper the colour, the more {who}.
      </p>
    </>
  );
}
