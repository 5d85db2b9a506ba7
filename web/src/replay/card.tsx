import { useMemo } from "preact/hooks";
import { Glyph } from "../common/glyph";
import { drawSymbol, jammerCode, SITE_CODES, sourceCode, vehicleCode } from "../map/symbols";
import { type Clock, clockText } from "./clock";
import { emitterRows, jammed, JammerCard, SourceCard } from "./beside";
import { Conditions } from "./condition";
import { newPlace, stepAt, type RawSite, type Replay } from "./document";
import { Decisions } from "./decisions";
import { Facts } from "./facts";
import { Identity } from "./identity";
import { sentence, type Told } from "./story";
import { nameOf, type View } from "./view";

/** What is known about the thing that was clicked. */
export function Card({ replay, told, clock, view }: { replay: Replay; told: Told[]; clock: Clock; view: View }) {
  const chosen = view.chosen.value;
  if (!chosen)
    return (
      <section class="card empty" aria-label="Card">
        <p>Click a threat, a track, an interceptor, a site, a source or a jammer on the map, or an event in the log.</p>
        <Leakers replay={replay} view={view} />
      </section>
    );
  const movable = chosen.kind !== "site" && chosen.kind !== "jammer";
  return (
    <section class="card" aria-label="Card">
      <header>
        <CodePicture code={codeOf(replay, chosen)} />
        <h2>{nameOf(replay, chosen)}</h2>
        <button type="button" class="icon" aria-label="Close the card" title="Close (Esc)" onClick={() => view.choose(null)}>
          <Glyph of="close" />
        </button>
      </header>
      {movable && (
        <p class="deeds">
          <button type="button" class="small" aria-pressed={view.following.value} title="Follow (F)" onClick={() => (view.following.value = !view.following.value)}>
            Follow
          </button>
          {chosen.kind === "threat" && Number.isFinite(replay.threats[chosen.index]!.end) && (
            <button type="button" class="small" title="Half a minute before its end" onClick={() => clock.seek(replay.threats[chosen.index]!.end - 30)}>
              To its end
            </button>
          )}
        </p>
      )}
      {chosen.kind === "threat" && <ThreatCard index={chosen.index} replay={replay} told={told} clock={clock} view={view} />}
      {chosen.kind === "track" && <TrackCard index={chosen.index} replay={replay} clock={clock} view={view} />}
      {chosen.kind === "missile" && <MissileCard index={chosen.index} replay={replay} clock={clock} view={view} />}
      {chosen.kind === "site" && <SiteCard site={replay.site(chosen.role, chosen.index)!} replay={replay} clock={clock} />}
      {chosen.kind === "source" && <SourceCard index={chosen.index} replay={replay} clock={clock} />}
      {chosen.kind === "jammer" && <JammerCard index={chosen.index} replay={replay} clock={clock} />}
    </section>
  );
}

const INTERCEPTOR = "10030200001100000000";

function codeOf(replay: Replay, chosen: NonNullable<View["chosen"]["value"]>): string {
  if (chosen.kind === "site") return SITE_CODES[chosen.role]!;
  if (chosen.kind === "missile") return INTERCEPTOR;
  if (chosen.kind === "source") return sourceCode(replay.doc.sources[chosen.index]!.airborne);
  if (chosen.kind === "jammer") return jammerCode(replay.doc.jammers[chosen.index]!.airborne);
  const index = chosen.kind === "threat" ? chosen.index : mostly(replay, chosen.index);
  const threat = replay.threats[index];
  return threat ? vehicleCode(threat.raw.type, threat.raw.class, threat.raw.side) : "10010100000000000000";
}

function mostly(replay: Replay, track: number): number {
  return replay.tracks[track]!.raw.threat;
}

export function CodePicture({ code }: { code: string }) {
  return (
    <canvas
      class="symbol"
      aria-hidden="true"
      ref={(canvas) => {
        if (!canvas) return;
        canvas.width = canvas.height = 44;
        drawSymbol(canvas.getContext("2d")!, code, 20, code === SITE_CODES.post ? 8 : 22, code === SITE_CODES.post ? 40 : 22);
      }}
    />
  );
}

function ThreatCard({ index, replay, told, clock, view }: { index: number; replay: Replay; told: Told[]; clock: Clock; view: View }) {
  const threat = replay.threats[index]!;
  const mine = useMemo(() => told.filter((t) => t.threat === index), [told, index]);
  const now = clock.shown.value;
  const flying = now >= threat.path.start && now <= threat.path.end;
  const place = flying ? threat.path.at(now, newPlace()) : null;
  const { raw } = threat;
  return (
    <>
      <Facts
        rows={[
          ["Type", replay.nameOf(raw.type)],
          ["Side", raw.side],
          [raw.side === "hostile" ? "Raid" : "Flight", raw.raid],
          ["Carries", raw.jams.length ? `jammer ${raw.jams.join(", ")}` : null],
          ...replay.doc.emitters.filter((e) => raw.jams.includes(e.name)).flatMap(emitterRows),
          ["Jams now", raw.jams.length && flying ? jammed(replay, "threat", index, now) : null],
          ["Aim", replay.doc.assets[raw.aim]],
          ["Ending", `${sentence(raw.outcome)}${raw.end >= 0 ? ` at ${clockText(raw.end / 100)}` : ""}${raw.hit ? ", hit its aim" : ""}`],
          ["Killed by", replay.doc.units[raw.killer]],
          ["Interceptors at it", raw.shots],
          ["Altitude now", place ? `${Math.round(place.alt).toLocaleString("en")} m above sea` : now < threat.path.start ? "not yet in the air" : "gone"],
          ["Speed now", place ? `${Math.round(place.speed)} m/s` : null],
        ]}
      />
      {raw.why.length > 0 && (
        <div class="why">
          <h3>{raw.side !== "hostile" ? "Why was it shot at?" : raw.outcome === "leaked" ? "Why did it leak?" : "Why did it give up?"}</h3>
          {raw.why.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      )}
      {replay.tracks.map((track, k) =>
        track.raw.threat === index && track.raw.believed ? (
          <Identity key={k} track={track} now={now} of={replay.doc.posts[track.raw.post]} />
        ) : null,
      )}
      <Decisions replay={replay} index={index} now={now} seek={(t) => (clock.seek(t), view.choose({ kind: "threat", index }))} />
      <h3>What happened to it</h3>
      <ol class="story">
        {mine.map((row) => (
          <li key={row.event.index} class={row.event.t > now + 0.01 ? "later" : ""}>
            <button type="button" onClick={() => (clock.seek(row.event.t), view.choose({ kind: "threat", index }))}>
              <time>{clockText(row.event.t)}</time>
              <i class={`tone-${row.tone}`} />
              <span>{row.text}</span>
            </button>
          </li>
        ))}
        {mine.length === 0 && <li>Nothing: no radar ever saw it.</li>}
      </ol>
    </>
  );
}

function TrackCard({ index, replay, clock, view }: { index: number; replay: Replay; clock: Clock; view: View }) {
  const track = replay.tracks[index]!;
  const i = track.path.index(clock.shown.value);
  const threat = replay.threats[track.raw.of[i]!];
  return (
    <>
      <Facts
        rows={[
          ["Post", replay.doc.posts[track.raw.post]],
          ["Confirmed at", clockText(track.confirmed)],
          ["Dropped at", clockText(track.end)],
          ["Updates", track.path.t.length],
          ["1 sigma now", `${track.raw.sigma[i]!.toLocaleString("en")} m`],
          ["Really", threat ? threat.raw.name : "a false plot"],
        ]}
      />
      <Identity track={track} now={clock.shown.value} />
      {threat && (
        <button type="button" class="small" onClick={() => view.choose({ kind: "threat", index: threat.index })}>
          Show {threat.raw.name}
        </button>
      )}
    </>
  );
}

function MissileCard({ index, replay, clock, view }: { index: number; replay: Replay; clock: Clock; view: View }) {
  const missile = replay.missiles[index]!;
  const aimed = replay.threats[missile.raw.aimed];
  const place = missile.path.at(clock.shown.value, newPlace());
  return (
    <>
      <Facts
        rows={[
          ["Type", replay.nameOf(replay.doc.interceptors[missile.raw.type])],
          ["Fire unit", replay.doc.units[missile.raw.unit]],
          ["Sent at", aimed?.raw.name ?? "a false track"],
          ["Launched", clockText(missile.path.start)],
          ["Arrives", clockText(missile.path.end)],
          ["Outcome", missile.raw.outcome],
          ["Altitude now", `${Math.round(place.alt).toLocaleString("en")} m above sea`],
        ]}
      />
      {aimed && (
        <button type="button" class="small" onClick={() => view.choose({ kind: "threat", index: aimed.index })}>
          Show {aimed.raw.name}
        </button>
      )}
    </>
  );
}

function SiteCard({ site, replay, clock }: { site: RawSite; replay: Replay; clock: Clock }) {
  const now = clock.shown.value;
  const { series } = replay.doc;
  const km = (m?: number) => (m ? `${Math.round(m / 1000).toLocaleString("en")} km` : null);
  const unit = site.role === "fire unit";
  const conditions = useMemo(() => new Conditions(replay), [replay]);
  const worn = conditions.at(site, now).names.join(", ");
  const radars = replay.doc.sites.filter((s) => s.role === "search radar" && s.post === site.index && site.role === "post");
  return (
    <Facts
      rows={[
        ["Kind", site.role],
        ["Place", `${site.lat.toFixed(3)}°, ${site.lon.toFixed(3)}°, ${site.alt} m`],
        ["Now", worn || null],
        ["Reach, as claimed", unit ? km(site.reach_m) : null],
        ["Busy channels now", unit ? `${stepAt(series.channels[site.index]!, now)} of ${site.channels}` : null],
        ["Ready rounds now", unit ? `${stepAt(series.rounds[site.index]!, now)} of ${site.rounds}` : null],
        ["Radar", unit ? replay.doc.radars[site.radar ?? -1] : radars.map((r) => r.name).join(", ")],
        ["Instrumented range", site.role.endsWith("radar") ? km(site.range_m) : null],
        ["Scan", site.role === "search radar" ? `${site.scan_period_s} s` : null],
        ["Value", site.role === "asset" ? site.value : null],
        ["Hits so far", site.role === "asset" ? hits(replay, site.index, now) : null],
      ]}
    />
  );
}

function hits(replay: Replay, asset: number, now: number): number {
  return replay.events.filter((e) => e.kind === "hit" && e.object === asset && e.t <= now).length;
}

/** All leakers of the replication, by reason. */
function Leakers({ replay, view }: { replay: Replay; view: View }) {
  const leaked = replay.threats.filter((t) => t.raw.outcome === "leaked");
  if (!leaked.length) return <p>Nothing leaked in this replication.</p>;
  const reasons = [...new Set(leaked.map((t) => t.raw.reason))];
  return (
    <>
      <h2 class="head">
        {leaked.length} of {replay.threats.filter((t) => t.raw.side === "hostile").length} leaked
      </h2>
      {reasons.map((reason) => (
        <details key={reason} open={leaked.length <= 15}>
          <summary>
            {reason || "no reason"} <b>{leaked.filter((t) => t.raw.reason === reason).length}</b>
          </summary>
          <ul class="plain">
            {leaked
              .filter((t) => t.raw.reason === reason)
              .map((t) => (
                <li key={t.index}>
                  <button type="button" class="link" onClick={() => view.choose({ kind: "threat", index: t.index })}>
                    {t.raw.name}
                  </button>
                </li>
              ))}
          </ul>
        </details>
      ))}
    </>
  );
}
