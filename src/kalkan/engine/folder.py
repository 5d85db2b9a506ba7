"""Make a results folder, or go on with one: what must be equal, and what is said when it is not."""

from __future__ import annotations

import difflib
import math
import os
import platform
import shutil
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from kalkan.catalogue import Catalogue
from kalkan.engine.store import DERIVED, FORMAT, UNKNOWN, Store
from kalkan.engine.warm import engine_identity
from kalkan.errors import DifferentRunError, StoreError
from kalkan.scenario import Scenario

_OURS = ("run.json", "run.json.part", "ledger.jsonl", "scenario.toml", UNKNOWN, f"{UNKNOWN}.part", *DERIVED, "lock")


def describe(
    scenario: Scenario, catalogue: Catalogue, names: list[str], seed: int, replications: int
) -> dict[str, Any]:
    """What is about to be run, as ``run.json`` holds it.

    Parameters
    ----------
    scenario : Scenario
    catalogue : Catalogue
    names : list of str
        Variants to run, in order.
    seed, replications : int
        Possibly not those of the file.
    """
    resolved = scenario.variants_resolved()
    packages = ("kalkan", "numpy", "numba", "scipy", "zarr")
    return {
        "format": FORMAT,
        "title": scenario.title,
        "about": scenario.about,
        "scenario_dir": str(scenario.base_dir.resolve()),
        "seed": seed,
        "replications": replications,
        "horizon_s": scenario.study.horizon_s,
        "catalogue": catalogue.identity,
        "catalogue_files": [str(f.resolve()) for f in catalogue.files],
        "engine": engine_identity(),
        "versions": {"python": platform.python_version(), **{p: version(p) for p in packages}},
        "platform": f"{platform.system()} {platform.machine()}",
        "order": list(resolved),
        "variants": {n: _about(resolved[n]) for n in names},
    }


def _about(variant: Scenario) -> dict[str, str]:
    """Label, name in the file, stance and identity of one variant."""
    return {
        "label": variant.label,
        "variant": variant.variant,
        "stance": variant.stance,
        "identity": variant_identity(variant),
    }


def variant_identity(variant: Scenario) -> str:
    """Identity of one variant; how many replications are wanted does not count, the seed is kept apart."""
    study = variant.study.model_copy(update={"replications": 1, "seed": 0})
    return variant.model_copy(update={"study": study, "variants": {}}).identity


def prepare(path: Path, run: Mapping[str, Any], text: str, *, overwrite: bool = False) -> Store:
    """A folder ready for `run`: new, or an older one of the same study to go on with.

    Parameters
    ----------
    path : Path
        Made if it is not there.
    run : mapping
        From :func:`describe`.
    text : str
        The scenario file.
    overwrite : bool
        Take away an older run first.

    Raises
    ------
    StoreError
        The folder holds something else, or a run that differs; or it cannot be written.
    """
    run = dict(run)
    if "scenario_dir" in run:
        run["scenario_dir"] = _relative(run["scenario_dir"], path)
    run["catalogue_files"] = [_relative(f, path) for f in run.get("catalogue_files", ())]
    known = (path / "run.json").exists()
    if known and overwrite:
        clear(path)
        store = Store(path, run)
    elif known:
        store = Store.open(path)
        _must_agree(store, run, text)
        _extend(store, run)
    elif path.is_dir() and any(p.name not in _OURS for p in path.iterdir()):
        raise StoreError(f"{path} is not empty and not a kalkan results folder; choose another --out")
    else:
        store = Store(path, run)
    with store.writing():
        (path / "scenario.toml").write_text(text, encoding="utf-8")
    store.save_run()
    return store


def clear(path: Path) -> None:
    """Take kalkan's own files away from a results folder; nothing else is touched."""
    if (path / "results.zarr").is_dir():
        shutil.rmtree(path / "results.zarr")
    for name in _OURS[:-1]:
        (path / name).unlink(missing_ok=True)


def _must_agree(store: Store, run: Mapping[str, Any], text: str) -> None:
    old = store.run
    found = []
    if old["seed"] != run["seed"]:
        found.append(f"its seed is {old['seed']}, not {run['seed']}")
    shared = [n for n in run["variants"] if n in old["variants"]]
    changed = [n for n in shared if old["variants"][n]["identity"] != run["variants"][n]["identity"]]
    if changed:
        listed = ", ".join(f'"{n}"' for n in changed)
        found.append(f"the scenario has changed (variant {listed}){_first_change(store, text)}")
    if old["catalogue"] != run["catalogue"]:
        found.append("the catalogue has changed")
    if old["engine"] != run["engine"]:
        made = old["versions"].get("kalkan", "?")
        found.append(f"it was made by another version of the engine or of numba (kalkan {made})")
    if found:
        raise DifferentRunError(
            f"{store.path} holds a different run: {'; '.join(found)}. "
            "Choose another --out, or --overwrite to replace it"
        )


def _first_change(store: Store, text: str) -> str:
    """The first line that differs from the scenario that the folder was made with."""
    try:
        old = (store.path / "scenario.toml").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    new = text.splitlines()
    for tag, a, _, b, b_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            was = old[a].strip() if a < len(old) else ""
            now = new[b].strip() if b < b_end else "(left out)"
            return f', first at line {b + 1}: was "{was}", now "{now}"'
    return ", in a file that it uses (terrain)"


def _extend(store: Store, run: Mapping[str, Any]) -> None:
    """Take over new variants and more replications."""
    old = store.run
    variants = {n: {**old["variants"].get(n, {}), **about} for n, about in run["variants"].items()}
    order = [*run["order"], *old["variants"]]
    old["variants"] = dict(sorted({**old["variants"], **variants}.items(), key=lambda v: order.index(v[0])))
    old["replications"] = max(old["replications"], run["replications"])
    old.pop("stopping", None)
    old |= {key: run[key] for key in ("title", "about", "scenario_dir", "catalogue_files") if key in run}


def _relative(folder: str, start: Path) -> str:
    """`folder` as seen from `start`, so that both may move together; absolute where there is no such way."""
    try:
        return Path(os.path.relpath(folder, start.resolve())).as_posix()
    except ValueError:
        return folder


def plain(value: Any) -> Any:
    """The same in types that JSON knows; numbers that are not finite become None."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(v) for v in value]
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)
