import { useEffect, useState } from "preact/hooks";
import { ask, file, send } from "../common/api";
import { save } from "../common/save";
import type { Asker, Coverage } from "../map/coverage";
import { called, type ReplayDocument } from "../replay/document";
import { ReplayView } from "../replay/replay";
import { type About, go, link } from "./pages";

interface Choices {
  name: string;
  label: string;
  replications: number[];
  leakers: number[];
  finished: number;
  best: number;
  typical: number;
  worst: number;
  threats: string[];
  leaked: { times: number; replications: number[] }[];
  /** Of a campaign, with the leakers of each replication. */
  waves: { name: string; leakers: number[] }[];
  /** By threat. */
  wave_of: string[];
}

interface Props {
  path: string;
  variant: string;
  replication: number;
  /** Of a campaign; empty: the first one. */
  wave: string;
  about: About;
}

/** A replay of a results folder, and the choice of another one. */
export function ReplayPage({ path, variant, replication, wave, about }: Props) {
  const [doc, setDoc] = useState<ReplayDocument | null>(null);
  const [choices, setChoices] = useState<Choices[]>([]);
  const [trouble, setTrouble] = useState("");
  const [waiting, setWaiting] = useState(true);
  const [making, setMaking] = useState(false); // the page that opens from disk
  useEffect(() => {
    ask<{ variants: Choices[] }>("choices", { path }).then((c) => setChoices(c.variants), () => setChoices([]));
  }, [path]);
  useEffect(() => {
    let current = true;
    setWaiting(true);
    setTrouble("");
    ask<ReplayDocument>("replay", { path, variant, replication, ...(wave && { wave }) })
      .then((d) => current && setDoc(d), (e: Error) => current && setTrouble(e.message))
      .finally(() => current && setWaiting(false));
    return () => {
      current = false;
    };
  }, [path, variant, replication, wave]);
  useEffect(() => {
    if (doc) document.title = `${doc.title} · ${called(doc)} · kalkan`;
  }, [doc]);
  const asker: Asker = (look) => send<Coverage>("POST", "coverage/stored", { ...look, path, variant: doc?.variant ?? variant, wave: (doc?.wave ?? wave) || null });
  const page = async () => {
    setMaking(true);
    setTrouble("");
    try {
      save(await file("onefile", { path, variant, replication, ...(wave && { wave }) }), `replay-${variant}-${replication}${wave && `-${wave}`}.html`.replaceAll(" ", "-"));
    } catch (e) {
      setTrouble((e as Error).message);
    } finally {
      setMaking(false);
    }
  };
  const chooser = (
    <>
      <Chooser choices={choices} path={path} variant={variant} replication={replication} wave={wave} />
      <button type="button" class="wide" disabled={making} title="One page that opens from disk, to hand over" onClick={() => void page()}>
        {making ? "Making the page…" : "Save page"}
      </button>
      {about.writes && (
        <a class="button" href={link("results", path)}>
          Results
        </a>
      )}
    </>
  );
  if (!doc)
    return (
      <div class="page">
        <div class="actions">{chooser}</div>
        {trouble ? <p class="trouble" role="alert">{trouble}</p> : <p class="wait">Computing replication {replication} again, bit for bit…</p>}
      </div>
    );
  return (
    <>
      <ReplayView key={`${doc.variant} ${doc.replication} ${doc.wave}`} doc={doc} asker={asker}>
        {chooser}
      </ReplayView>
      {waiting && <p class="toast" role="status">Computing replication {replication}…</p>}
      {trouble && <p class="toast trouble" role="alert">{trouble}</p>}
    </>
  );
}

function leakersOf(choices: Choices, replication: number): number {
  return choices.leakers[choices.replications.indexOf(replication)] ?? 0;
}

type Chosen = Omit<Props, "about"> & { choices: Choices[] };

function Chooser({ choices, path, variant, replication, wave }: Chosen) {
  const mine = choices.find((c) => c.name === variant);
  if (!mine) return null;
  const to = (n: number, which = wave) => go("replay", path, variant, n, ...(which ? [which] : []));
  const place = mine.replications.indexOf(replication);
  const leaked = mine.threats.map((name, i) => ({ name, wave: mine.wave_of[i] ?? "", ...mine.leaked[i]! })).filter((t) => t.times);
  leaked.sort((a, b) => b.times - a.times);
  const toLeaker = (value: string) => {
    const [n, ...words] = value.split(" ");
    to(Number(n), words.join(" ") || wave);
  };
  return (
    <div class="chooser" role="group" aria-label="Replication">
      {choices.length > 1 && (
        <select
          aria-label="Variant"
          value={variant}
          onChange={(e) => {
            const next = choices.find((c) => c.name === e.currentTarget.value)!;
            const there = next.waves.some((w) => w.name === wave) ? [wave] : [];
            go("replay", path, next.name, next.replications.includes(replication) ? replication : next.typical, ...there);
          }}
        >
          {choices.map((c) => (
            <option key={c.name} value={c.name}>
              {c.label}
            </option>
          ))}
        </select>
      )}
      <select aria-label="Replication" value={String(replication)} onChange={(e) => to(Number(e.currentTarget.value))}>
        <optgroup label="Worth a look">
          {(["best", "typical", "worst"] as const).map((which) => (
            <option key={which} value={String(mine[which])}>
              {which}: no. {mine[which]}, {leakersOf(mine, mine[which])} leaked
            </option>
          ))}
        </optgroup>
        <optgroup label="All">
          {mine.replications.map((n, i) => (
            <option key={n} value={String(n)}>
              no. {n}, {mine.leakers[i]} leaked
            </option>
          ))}
        </optgroup>
      </select>
      {mine.waves.length > 1 && (
        <select aria-label="Wave" value={wave || mine.waves[0]!.name} onChange={(e) => to(replication, e.currentTarget.value)}>
          {mine.waves.map((w) => (
            <option key={w.name} value={w.name}>
              {w.name}
              {place >= 0 && `, ${w.leakers[place]} leaked`}
            </option>
          ))}
        </select>
      )}
      {leaked.length > 0 && (
        <select aria-label="By leaker" value="" onChange={(e) => toLeaker(e.currentTarget.value)}>
          <option value="" disabled>
            by leaker …
          </option>
          {leaked.slice(0, 80).map((t) => (
            <optgroup key={t.name} label={`${t.name}: leaked ${t.times === 1 ? "once" : `${t.times} times`}`}>
              {t.replications.slice(0, 5).map((n) => (
                <option key={n} value={`${n} ${t.wave}`.trim()}>
                  no. {n}, {leakersOf(mine, n)} leaked
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      )}
    </div>
  );
}
