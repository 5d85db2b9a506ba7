/** The ground under a map, as the server tells it (see views/maps/ground.py). */
export interface Ground {
  box: [number, number, number, number];
  relief: string | null;
  coasts: number[][];
  borders: number[][];
}
