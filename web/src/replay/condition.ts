import type { RawSite, Replay } from "./document";

/** In what condition parts of the defence are: what the log says of them, by time. */

export type Condition = "works" | "silent" | "out";

/** Of each kind of event: role of its object, and whether from then on it is out, or silent. */
const CHANGES: Record<string, [role: RawSite["role"] | "radar", what: "out" | "silent", holds: boolean]> = {
  "post out": ["post", "out", true],
  "post back": ["post", "out", false],
  "radar out": ["radar", "out", true],
  "radar back": ["radar", "out", false],
  "radar silent": ["radar", "silent", true],
  "radar transmits": ["radar", "silent", false],
};

export class Conditions {
  private readonly changes = new Map<string, { t: number; what: "out" | "silent"; holds: boolean }[]>();

  constructor(private readonly replay: Replay) {
    for (const event of replay.events) {
      const change = CHANGES[event.kind];
      if (!change) continue;
      const key = `${change[0]} ${event.object}`;
      this.changes.set(key, [...(this.changes.get(key) ?? []), { t: event.t, what: change[1], holds: change[2] }]);
    }
  }

  of(site: RawSite, time: number): Condition {
    const found = { out: false, silent: false };
    const key = `${site.role.endsWith("radar") ? "radar" : site.role} ${site.index}`;
    for (const { t, what, holds } of this.changes.get(key) ?? []) if (t <= time) found[what] = holds;
    return found.out ? "out" : found.silent ? "silent" : "works";
  }

  /** Of what a symbol stands for: itself and the radars at its place; the gravest, and whether all of them share it. */
  at(site: RawSite, time: number): { gravest: Condition; names: string[] } {
    const mine = this.replay.doc.sites.filter((s) => s === site || (s.role.endsWith("radar") && s.lon === site.lon && s.lat === site.lat));
    const told = mine.map((s) => ({ name: s.name, is: this.of(s, time) })).filter((s) => s.is !== "works");
    const gravest = told.some((s) => s.is === "out") ? "out" : told.length ? "silent" : "works";
    return { gravest, names: told.map((s) => `${s.name} ${s.is === "out" ? "out of action" : "silent"}`) };
  }

  /** Whether anything is ever out or silent. */
  get any(): boolean {
    return this.changes.size > 0;
  }
}
