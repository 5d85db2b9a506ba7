"""The frame of a Zarr store, its ``zarr.json`` files: what they must say follows from the schema and the run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kalkan.files import write_whole
from kalkan.schema import VARIABLES

CHUNK = 64  # replications per chunk
ZARR_FORMAT = 3
META = "zarr.json"


def reading(data: Path) -> Any:
    """The root group, to read."""
    import zarr
    from zarr.storage import LocalStore  # which a name such as "run::2" is only a name to

    place: Any = LocalStore(data, read_only=True)
    return zarr.open_group(place, mode="r", zarr_format=ZARR_FORMAT)  # type: ignore[arg-type]


def arrays(root: Any, variant: str, about: Mapping[str, Any], names: Iterable[str], rows: int) -> dict[str, Any]:
    """The arrays of a variant by variable, made if need be.

    Parameters
    ----------
    root : zarr.Group
    variant : str
    about : mapping
        What ``run.json`` holds of the variant: label, labels and sizes.
    names : iterable of str
        Variables; those that this version does not know are left out.
    rows : int
        Replications that new arrays have room for.
    """
    group = root.require_group(variant)
    told = {"label": about["label"], "labels": about["labels"]}
    if dict(group.attrs) != told:
        group.attrs.put(told)
    known = [name for name in names if name in VARIABLES]
    return {name: group[name] if name in group else _made(group, name, about, rows) for name in known}


def _made(group: Any, name: str, about: Mapping[str, Any], rows: int) -> Any:
    v = VARIABLES[name]
    sizes = [about["sizes"].get(d, 0) for d in v.dims[1:]]
    return group.create_array(
        name,
        shape=(rows, *sizes),
        chunks=(CHUNK, *(max(s, 1) for s in sizes)),
        dtype=v.dtype,
        compressors=codecs(),
        dimension_names=v.dims,
        attributes={"unit": v.unit, "sentence": v.sentence},
    )


def codecs() -> list[Any]:
    """How chunks are packed: a checksum over what is compressed."""
    from zarr.codecs import Crc32cCodec, ZstdCodec

    return [ZstdCodec(level=1), Crc32cCodec()]


def mend(data: Path, variant: str, about: Mapping[str, Any], names: Iterable[str], rows: int) -> None:
    """Write every ``zarr.json`` anew that does not say what it should; no data are touched.

    Parameters
    ----------
    data : Path
        The store's folder.
    variant, about, names
        As for :func:`arrays`.
    rows : int
        One past the last finished replication of the variant.
    """
    import zarr
    from zarr.storage import MemoryStore

    fresh = MemoryStore()
    root = zarr.create_group(fresh, zarr_format=ZARR_FORMAT)  # type: ignore[arg-type]
    arrays(root, variant, about, names, rows)
    root.require_group(f"{variant}/events")
    for key, value in dict(fresh._store_dict).items():
        wanted = json.loads(value.to_bytes())
        if not _says(data / key, wanted):
            (data / key).parent.mkdir(parents=True, exist_ok=True)
            write_whole(data / key, value.to_bytes())


def _says(file: Path, wanted: Mapping[str, Any]) -> bool:
    """Whether a description is the wanted one; an array may have room for more rows."""
    try:
        found = json.loads(file.read_bytes())
        rows = found.get("shape", [0])[0]
        enough = isinstance(rows, int) and rows >= wanted.get("shape", [0])[0]
        return enough and found | {"shape": None} == {**wanted, "shape": None}
    except (OSError, ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return False
