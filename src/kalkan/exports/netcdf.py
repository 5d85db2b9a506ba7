"""NetCDF-4: one group for each variant, the variables of ``kalkan.schema`` with units and sentences.

Event logs lie one behind the other along ``event``; ``event_count`` says how many belong to each
replication (CF conventions 1.11, section 9.3.3, contiguous ragged array).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from kalkan.results.assemble import Results
from kalkan.schema import VARIABLES

if TYPE_CHECKING:
    import xarray as xr


def write(results: Results, out: Path) -> bytes:
    """The whole file of a run."""
    import xarray as xr

    groups = {f"/{name}": _group(results, name) for name in results.variants}
    made = results.run["versions"]["kalkan"]
    about = {"title": results.run["title"], "Conventions": "CF-1.11", "source": f"kalkan {made}"}
    groups["/"] = xr.Dataset(attrs=about)
    tree = xr.DataTree.from_dict(groups)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "run.nc"
        tree.to_netcdf(file, engine="h5netcdf")
        return file.read_bytes()


def _group(results: Results, variant: str) -> xr.Dataset:
    """One variant with its event logs."""
    data = results.dataset(variant)
    logs = [results.events(variant, int(r)) for r in data["replication"].values]
    for name in logs[0]:
        v = VARIABLES[name]
        data[name] = (("event",), np.concatenate([log[name] for log in logs]), {"unit": v.unit, "sentence": v.sentence})
    data["event_count"].attrs["sample_dimension"] = "event"
    for key, array in data.variables.items():
        unit = array.attrs.pop("unit", None)
        if unit in ("s", "m"):
            array.attrs["units"] = unit
        elif key in VARIABLES and VARIABLES[str(key)].codes:
            words = [(code.word or "none").replace(" ", "_") for code in VARIABLES[str(key)].codes]
            array.attrs["flag_values"] = np.arange(len(words), dtype=array.dtype)
            array.attrs["flag_meanings"] = " ".join(words)
        if "sentence" in array.attrs:
            array.attrs["long_name"] = array.attrs.pop("sentence")
    return data
