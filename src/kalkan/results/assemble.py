"""Results of a run: labelled arrays, measures, comparisons.

The numbers are read once, checked against the ledger, and kept as plain arrays; xarray is
imported when labelled arrays are asked for.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kalkan.engine.store import Store
from kalkan.errors import StoreError
from kalkan.results.compare import Difference, common, difference
from kalkan.results.measures import quantities
from kalkan.results.quantity import CONFIDENCE, Finished, Measure, Quantity, estimate
from kalkan.schema import VARIABLES

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from kalkan.results.drawn import Unknown


class PerVariant(Mapping[str, "xr.DataArray"]):
    """One measure of several variants: a mapping from the variant's name to its values."""

    def __init__(self, arrays: Mapping[str, xr.DataArray]) -> None:
        self._arrays = dict(arrays)

    def __getitem__(self, variant: str) -> xr.DataArray:
        return self._arrays[variant]

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def mean(self) -> dict[str, float]:
        """Mean over replications, per variant."""
        return {name: float(a.mean()) for name, a in self._arrays.items()}

    def std(self) -> dict[str, float]:
        """Standard deviation over replications (n - 1), per variant."""
        return {name: float(a.std(ddof=1)) for name, a in self._arrays.items()}

    def __repr__(self) -> str:
        return "\n".join(f"{name}: mean {mean:.6g}" for name, mean in self.mean().items())


class Results:
    """Finished replications of a run.

    A measure's key is also an attribute: ``results.leakers`` is a DataArray over replications if there
    is one variant, else a :class:`PerVariant`.

    Attributes
    ----------
    path : Path
        The results folder.
    run : dict
        What was run: title, seed, versions, identities, every figure's source.
    records : dict of str to Finished
        Per variant, those with finished replications only.
    simulated_s, wall_s : float
        Simulated time in the folder, and the time that computing and writing it took [s].
    """

    def __init__(self, store: Store, records: dict[str, Finished]) -> None:
        self.path, self.run, self.records = store.path, store.run, records
        blocks = store.blocks
        self.simulated_s = sum(b.simulated_s for b in blocks)
        self.wall_s = sum(b.wall_s for b in blocks)
        self._store = store

    @property
    def variants(self) -> tuple[str, ...]:
        """Names of the variants with finished replications, the base first."""
        return tuple(self.records)

    def label(self, variant: str) -> str:
        """Heading of a variant."""
        return str(self.run["variants"][variant]["label"])

    @property
    def wanted(self) -> int:
        """Replications per variant that were asked for."""
        return int(self.run["replications"])

    @property
    def complete(self) -> bool:
        """Whether every variant has all its replications."""
        sizes = [r.replications.size for r in self.records.values()]
        return len(sizes) == len(self.run["variants"]) and min(sizes) >= self.wanted

    @functools.cached_property
    def quantities(self) -> dict[str, dict[str, Quantity]]:
        """Per variant and key: one number per replication."""
        return {name: quantities(r) for name, r in self.records.items()}

    def measures(self, confidence: float = CONFIDENCE) -> dict[str, dict[str, Measure]]:
        """Per variant and key: mean with interval."""
        return {n: {k: estimate(q, confidence) for k, q in qs.items()} for n, qs in self.quantities.items()}

    def compare(self, confidence: float = CONFIDENCE) -> dict[str, dict[str, Difference]]:
        """Per variant but the first, and key: paired difference from the first variant."""
        base, *others = self.variants
        return {n: differences(self, base, self, n, confidence) for n in others}

    @functools.cached_property
    def unknown(self) -> Unknown:
        """Draws of the disputed claims that the run made beside its replications."""
        from kalkan.results.drawn import read_unknown

        return read_unknown(self.path)

    @functools.cached_property
    def tree(self) -> xr.DataTree:
        """Everything that was recorded, except event logs: one node per variant."""
        import xarray as xr

        return xr.DataTree.from_dict(
            {name: self.dataset(name) for name in self.variants}, name=self.run["title"]
        )

    def dataset(self, variant: str) -> xr.Dataset:
        """One variant's variables with the names of what their dimensions count."""
        import xarray as xr

        records = self.records[variant]
        data = {}
        for name, array in records.arrays.items():
            v = VARIABLES[name]
            data[name] = (v.dims, array, {"unit": v.unit, "sentence": v.sentence})
        coords: dict[str, Any] = {"replication": records.replications, **records.labels}
        named = [part for part in ("raid", "class", "side") if f"threat_{part}" in records.attrs]
        coords |= {part: ("threat", records.attrs[f"threat_{part}"]) for part in named}
        attrs = {"title": self.run["title"], "variant": variant, "seed": self.run["seed"]}
        return xr.Dataset(data, coords, attrs)

    def frame(self, table: str = "replications") -> pd.DataFrame:
        """A tidy table, all variants below each other: a row for each thing in each replication.

        Parameters
        ----------
        table : str
            ``"replications"``, ``"threats"``, ``"fire_units"``, ``"interceptors"``, ``"assets"``, ``"radars"``,
            ``"posts"`` or ``"events"``.

        Returns
        -------
        pandas.DataFrame
            Columns ``variant``, ``replication``, what the row is of (``threat``, ``raid``, ``class`` …), then the
            variables; ``attrs["units"]`` and ``attrs["sentences"]`` say what they are.

        Raises
        ------
        KalkanError
            There is no such table.
        """
        from kalkan.results.tables import frame

        return frame(self, table)

    def events(self, variant: str, replication: int) -> dict[str, NDArray[Any]]:
        """Event log of one replication: time, kind, subject, object, value; see ``kalkan.schema``."""
        return self._store.read_events(variant, replication)

    def __getattr__(self, key: str) -> xr.DataArray | PerVariant:
        if key.startswith("_") or key in ("path", "run", "records"):
            raise AttributeError(key)
        if not any(key in qs for qs in self.quantities.values()):
            raise AttributeError(f"results have no measure {key!r}; there are {', '.join(self._keys())}")
        arrays = {name: self._labelled(name, qs[key]) for name, qs in self.quantities.items() if key in qs}
        return next(iter(arrays.values())) if len(arrays) == 1 else PerVariant(arrays)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self._keys()})

    def _keys(self) -> list[str]:
        return [k for k in next(iter(self.quantities.values()), {}) if "/" not in k]

    def _labelled(self, variant: str, quantity: Quantity) -> xr.DataArray:
        import xarray as xr

        return xr.DataArray(
            quantity.values,
            {"replication": self.records[variant].replications},
            name=quantity.key,
            attrs={"unit": quantity.unit, "long_name": quantity.name},
        )


def differences(
    first: Results, base: str, second: Results, other: str, confidence: float = CONFIDENCE
) -> dict[str, Difference]:
    """Every measure that both have: `other` of `second` minus `base` of `first`.

    Paired by replication if the seeds are equal and replications are shared.
    """
    before, after = first.records[base], second.records[other]
    a, b = common(before.replications, after.replications)
    paired = first.run["seed"] == second.run["seed"] and a.size > 0
    old, new = first.quantities[base], second.quantities[other]
    if paired and (a.size, a.size) != (before.replications.size, after.replications.size):
        old, new = quantities(_rows(before, a)), quantities(_rows(after, b))
    return {
        key: difference(old[key], new[key], paired=paired, confidence=confidence) for key in old if key in new
    }


def _rows(records: Finished, rows: NDArray[np.intp]) -> Finished:
    return records._replace(
        replications=records.replications[rows], arrays={k: v[rows] for k, v in records.arrays.items()}
    )


def load_records(
    path: str | Path,
    *,
    variants: Sequence[str] | None = None,
    replications: int | None = None,
) -> tuple[Store, dict[str, Finished]]:
    """Read a results folder, all that is read compared with its checksums: what a :class:`Results` is made of.

    Parameters
    ----------
    path : path
    variants : sequence of str, optional
        Look at these only.
    replications : int, optional
        Look at the first so many of each variant only.

    Raises
    ------
    StoreError
        The folder is no results folder, holds nothing finished, or is damaged.
    """
    store = Store.open(path)
    finished = {b.variant for b in store.blocks}
    records: dict[str, Finished] = {}
    for name, about in store.run["variants"].items():
        if name not in finished or (variants and name not in variants):
            continue
        rows, arrays = store.read(name)
        read = Finished(rows, arrays, about["labels"], about["attrs"])
        keep = np.flatnonzero(rows < (rows[-1] + 1 if replications is None else replications))
        if keep.size:
            records[name] = _rows(read, keep)
    if not records:
        raise StoreError(f"{path} holds no finished replications yet")
    return store, records


def only(records: Mapping[str, Finished], replications: Sequence[int]) -> dict[str, Finished]:
    """The same variants, but these replications of each only, as far as they are finished."""
    return {
        name: _rows(r, np.flatnonzero(np.isin(r.replications, replications))) for name, r in records.items()
    }
