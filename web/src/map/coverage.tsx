import type { ComponentChildren } from "preact";

/** What radars see or detect and fire units reach: what may be asked, and the choice of it. */

export const SHOWN = {
  sight: "in sight of radars",
  "p_d 0.5": "detected, p_d 0.5",
  "p_d 0.9": "detected, p_d 0.9",
  reach: "first intercept",
} as const;
export type Shows = keyof typeof SHOWN;

export const EXPLAINED: Record<Shows, string> = {
  sight: "Where the radars that feed a picture have a line of sight, over terrain and clutter. In sight is not yet detected.",
  "p_d 0.5": "Where one look of a radar detects the target, nose on, with probability 0.5 or more, in the scenario's weather.",
  "p_d 0.9": "Where one look of a radar detects the target, nose on, with probability 0.9 or more, in the scenario's weather.",
  reach: "Where a target that flies straight at a fire unit can be met first, with its own radar, rounds and channels enough: an upper bound. Of a ballistic missile: the aims that can be defended against the launch point of its raid, whatever the height (its footprint).",
};

export interface Height {
  height_m: number;
  above: "ground" | "sea";
}

export interface Look extends Height {
  shows: Shows;
  target: string;
}

/** A picture as the server paints it (see views/coverage/picture.py). */
export interface Coverage extends Look {
  box: [number, number, number, number];
  png: string;
  area_km2: number;
  each: { name: string; area_km2: number }[];
}

export interface Offer {
  targets: { id: string; name: string; flies: Height | null }[];
  heights: Height[];
  pictures: Coverage[];
}

export type Asker = (look: Look) => Promise<Coverage>;

const same = (a: Look, b: Look) =>
  a.shows === b.shows && a.height_m === b.height_m && a.above === b.above && (a.shows === "sight" || a.target === b.target);

/** Answers out of the pictures that a page without a server holds. */
export function fromPage(offer: Offer): Asker {
  return async (look) => {
    const found = offer.pictures.find((p) => same(p, look));
    if (!found) throw new Error("this page holds no such picture");
    return found;
  };
}

/** Heights that may be asked about; of a page without a server, those of its pictures. */
function heightsOf(offer: Offer, shows: Shows, target: string): Offer["heights"] {
  if (!offer.pictures.length) return offer.heights;
  return offer.heights.filter((h) => offer.pictures.some((p) => same(p, { ...h, shows, target })));
}

/** A look that can be had, as near as may be to the one that is wanted. */
export function nearest(offer: Offer, wanted: Look): Look {
  const heights = heightsOf(offer, wanted.shows, wanted.target);
  const away = (h: Height) => Math.abs(Math.log(h.height_m / wanted.height_m)) + (h.above === wanted.above ? 0 : 0.5);
  const [first, ...more] = heights;
  if (!first) return wanted;
  const { height_m, above } = more.reduce((a, b) => (away(b) < away(a) ? b : a), first);
  return { ...wanted, height_m, above };
}

/** Where a target flies, or 300 m above ground. */
function flies(offer: Offer, target: string): Height {
  return offer.targets.find((t) => t.id === target)?.flies ?? { height_m: 300, above: "ground" };
}

function first(offer: Offer, shows: Shows): Look {
  const target = offer.targets[0]?.id ?? "";
  return nearest(offer, { shows, target, ...flies(offer, target) });
}

export function heightText({ height_m, above }: Height): string {
  return `${height_m.toLocaleString("en")} m above ${above}`;
}

interface Props {
  offer: Offer;
  look: Look | null;
  choose: (look: Look | null) => void;
  children?: ComponentChildren; // beside the word Coverage
}

/** What is shown, of which target, at which height. */
export function CoverageChoice({ offer, look, choose, children }: Props) {
  const heights = look ? heightsOf(offer, look.shows, look.target) : [];
  const key = (h: Height) => `${h.height_m} ${h.above}`;
  const change = (next: Partial<Look>) => look && choose(nearest(offer, { ...look, ...next }));
  const option = (h: Height) => (
    <option key={key(h)} value={key(h)}>
      {heightText(h)}
    </option>
  );
  return (
    <div class="coverage-choice">
      <label>
        <span>Coverage {children}</span>
        <select
          value={look?.shows ?? ""}
          onChange={(e) => {
            const shows = e.currentTarget.value as Shows | "";
            if (!shows) choose(null);
            else if (look) change({ shows });
            else choose(first(offer, shows));
          }}
        >
          <option value="">not shown</option>
          {Object.entries(SHOWN).map(([shows, words]) => (
            <option key={shows} value={shows}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {look && look.shows !== "sight" && (
        <label>
          Target
          <select value={look.target} onChange={(e) => change({ target: e.currentTarget.value, ...flies(offer, e.currentTarget.value) })}>
            <Grouped label="in the raids" when={offer.targets.some((t) => !t.flies)}>
              {offer.targets.filter((t) => t.flies).map((t) => <option key={t.id} value={t.id}>{t.name}</option>)}
            </Grouped>
            <Grouped label="others" when={offer.targets.some((t) => !t.flies)}>
              {offer.targets.filter((t) => !t.flies).map((t) => <option key={t.id} value={t.id}>{t.name}</option>)}
            </Grouped>
          </select>
        </label>
      )}
      {look && (
        <label>
          Height
          <select
            value={key(look)}
            onChange={(e) => {
              const [height, above] = e.currentTarget.value.split(" ");
              change({ height_m: Number(height), above: above as Height["above"] });
            }}
          >
            <Grouped label="above ground">{heights.filter((h) => h.above === "ground").map(option)}</Grouped>
            <Grouped label="above sea">{heights.filter((h) => h.above === "sea").map(option)}</Grouped>
          </select>
        </label>
      )}
    </div>
  );
}

function Grouped({ label, when = true, children }: { label: string; when?: boolean; children: ComponentChildren[] }) {
  if (!children.length) return null;
  return when ? <optgroup label={label}>{children}</optgroup> : <>{children}</>;
}
