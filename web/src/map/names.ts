import type { Basemap } from "./basemap";
import { type Colours, type Frame, label, nameBeside } from "./inks";

/** Names on a map: wished for while it is drawn, written at its end, so that the more important have their choice of place. */
export class Names {
  private wishes: { rank: number; write: (taken: Frame[]) => boolean }[] = [];
  private readonly to: CanvasRenderingContext2D;
  private readonly taken: Frame[];

  constructor({ to, width, height }: Basemap, private readonly c: Colours) {
    const far = 1e6; // pixels
    this.to = to;
    this.taken = [[-far, -far, 0, far], [width, -far, far, far], [-far, -far, far, 0], [-far, height, far, far]]; // beside the map
  }

  /** A place where no name may stand. */
  keepOff(...frames: Frame[]): void {
    this.taken.push(...frames);
  }

  /** A name beside a symbol; `written` is told if there was room. The lower rank comes first, and of one rank the earlier. */
  beside(rank: number, text: string, frame: Frame, weight: number, written: () => void = () => {}): void {
    this.wish(rank, (taken) => {
      const done = nameBeside(this.to, text, frame, rank <= RANKS.raid, this.c, taken, weight);
      if (done) written();
      return done;
    });
  }

  /** A name at the first of these places that is free. */
  at(rank: number, text: string, places: [number, number][], ink: string, weight: number): void {
    this.wish(rank, (taken) => places.some(([x, y]) => label(this.to, text, x, y, { ...this.c, ink }, taken, weight)));
  }

  /** Write all that there is room for. */
  write(): void {
    this.wishes.sort((a, b) => a.rank - b.rank);
    for (const { write } of this.wishes) write(this.taken);
    this.wishes = [];
  }

  private wish(rank: number, write: (taken: Frame[]) => boolean): void {
    this.wishes.push({ rank, write });
  }
}

/** Which names matter most; those of posts and raids stand above their symbols if they can. */
export const RANKS = { post: 0, raid: 1, asset: 2, unit: 3, radar: 4, station: 5, ring: 6, area: 7 };
