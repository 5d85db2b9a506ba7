"""Make src/kalkan/views/maps/data/natural_earth.npz: python docs/design/natural_earth.py FOLDER.

FOLDER holds countries-50m.json and countries-10m.json of the npm package world-atlas 2.0.2, which carries
Natural Earth 4.1 (public domain) as TopoJSON. Kept are lines only: arcs that one country uses are coast, arcs
that two share are borders. The world comes at 1:50 m, the region of the examples at 1:10 m. Points are
the files' own quantised steps (0.0036° by 0.0017°, some 300 m by 190 m), stored as differences. An arc that crosses
180° is parted there: its first part ends at the meridian, where the second begins on the other side.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np

OUT = Path(__file__).parents[2] / "src/kalkan/views/maps/data/natural_earth.npz"
REGION = (16.0, 27.0, 54.0, 49.0)  # west, south, east, north [deg]


def arcs_of(path: Path, box: tuple[float, float, float, float] | None) -> dict[str, np.ndarray]:
    """Arrays of one file: start and differences of each arc, its length, and whether it is a border."""
    topology = json.loads(path.read_text())
    used: Counter[int] = Counter()

    def count(arcs: object) -> None:
        for item in arcs:  # type: ignore[attr-defined]
            if isinstance(item, int):
                used[item if item >= 0 else ~item] += 1
            else:
                count(item)

    for country in topology["objects"]["countries"]["geometries"]:
        count(country.get("arcs", []))
    scale, offset = (np.array(topology["transform"][k]) for k in ("scale", "translate"))
    starts, steps, lengths, border = [], [], [], []
    arcs = [(i, part) for i, arc in enumerate(topology["arcs"]) for part in parted(np.array(arc, np.int64), scale[0])]
    for i, deltas in arcs:
        points = deltas.cumsum(axis=0) * scale + offset
        inside = box is None or (
            points[:, 0].max() > box[0] and points[:, 1].max() > box[1]
            and points[:, 0].min() < box[2] and points[:, 1].min() < box[3]
        )  # fmt: skip
        if not inside or not used[i]:
            continue
        assert np.abs(deltas[1:]).max(initial=0) < 2**15, "steps are kept in 16 bits"
        starts.append(deltas[0])
        steps.append(deltas[1:])
        lengths.append(len(deltas) - 1)
        border.append(used[i] > 1)
    return {
        "transform": np.array([scale, offset]),
        "starts": np.array(starts, np.int32),
        "steps": np.concatenate(steps).astype(np.int16),
        "lengths": np.array(lengths, np.int32),
        "border": np.array(border, bool),
    }


def parted(deltas: np.ndarray, lon_step_deg: float) -> list[np.ndarray]:
    """An arc in the parts that do not cross 180°, each its first point and the steps from it."""
    turn = round(360.0 / lon_step_deg)
    points = deltas.cumsum(axis=0)
    over = np.flatnonzero(np.abs(np.diff(points[:, 0])) > turn / 2) + 1
    parts = np.split(points, over)
    for k, at in enumerate(over):  # on to the meridian, under the longitude of this side
        side = turn if points[at, 0] < points[at - 1, 0] else -turn
        parts[k] = np.vstack([parts[k], points[at] + [side, 0]])
    return [np.diff(part, axis=0, prepend=0) for part in parts if len(part) > 1]


def main() -> None:
    """Write the file."""
    folder = Path(sys.argv[1])
    world = arcs_of(folder / "countries-50m.json", None)
    region = arcs_of(folder / "countries-10m.json", REGION)
    arrays = {f"world_{k}": v for k, v in world.items()} | {f"region_{k}": v for k, v in region.items()}
    OUT.parent.mkdir(exist_ok=True)
    np.savez_compressed(OUT, region_box=np.array(REGION), **arrays)
    print(OUT, OUT.stat().st_size)


if __name__ == "__main__":
    main()
