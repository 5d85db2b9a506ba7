"""Make a results folder, or go on with one: what must be equal, and what is said when it is not."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kalkan.catalogue import Catalogue
from kalkan.engine.again import variant_again
from kalkan.engine.identity import different_run, engine_change, plan_parts, told_changes, variant_identity
from kalkan.engine.ledger import DENSE, EVENT_PARTS, OF_RAIDS
from kalkan.engine.plans import Plans
from kalkan.engine.store import FORMAT, RUN, Store, clear, is_ours
from kalkan.errors import KalkanError, StoreError
from kalkan.scenario import Scenario
from kalkan.sources import code_identity, engine_identity, machine, versions_here


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
        "code": code_identity(),
        "variables": {"dense": _dense(resolved.values()), "events": list(EVENT_PARTS)},
        "versions": versions_here(),
        "platform": machine(),
        "order": list(resolved),
        "variants": {n: _about(resolved[n]) for n in names},
    }


def _dense(variants: Iterable[Scenario]) -> list[str]:
    """Variables that the folder holds, but for event logs; those of campaigns only where one is fought."""
    return list(DENSE if any(v.is_campaign for v in variants) else OF_RAIDS)


def _about(variant: Scenario) -> dict[str, str]:
    """Label, name in the file, stance and identity of one variant."""
    return {
        "label": variant.label,
        "variant": variant.variant,
        "stance": variant.stance,
        "identity": variant_identity(variant),
        **({"against": variant.against} if variant.against else {}),
    }


def prepare(path: Path, run: Mapping[str, Any], plans: Plans, *, overwrite: bool = False) -> Store:
    """A folder ready for `run`: new, or an older one of the same study to go on with.

    Parameters
    ----------
    path : Path
        Made if it is not there.
    run : mapping
        From :func:`describe`.
    plans : Plans
        Of the scenario; what is not known to be as it was is compiled and compared.
    overwrite : bool
        Take away an older run first.

    Raises
    ------
    StoreError
        The folder holds something else, or a run that differs; or it cannot be written. Then nothing in it is changed.
    """
    run = dict(run)
    if "scenario_dir" in run:
        run["scenario_dir"] = _relative(run["scenario_dir"], path)
    run["catalogue_files"] = [_relative(f, path) for f in run.get("catalogue_files", ())]
    begun = None if overwrite else _begun(path)
    if begun is not None:
        _must_agree(begun, run, plans)
        _extend(begun, run, plans)
    store = begun or _cleared(path, run)
    store.save_scenario(plans.text)
    store.save_run()
    return store


def _begun(path: Path) -> Store | None:
    """What a folder holds to go on with; None if nothing is finished in it.

    Raises
    ------
    StoreError
        Replications are finished, and nothing says of what.
    """
    if (path / RUN).exists():
        store = Store.open(path)
        return store if store.listed else None
    if Store(path, {}).listed:
        raise StoreError(
            f"{path} holds finished replications, but no {RUN} that says of what; bring it back from a copy, "
            "choose another --out, or --overwrite to replace them"
        )
    return None


def _cleared(path: Path, run: dict[str, Any]) -> Store:
    """A folder without an older run.

    Raises
    ------
    StoreError
        It holds what is not kalkan's.
    """
    known = (path / RUN).exists()
    if not known and path.is_dir() and not all(is_ours(p.name) for p in path.iterdir()):
        raise StoreError(f"{path} is not empty and not a kalkan results folder; choose another --out")
    store = Store(path, run)
    with store.writing():
        clear(path)
    return store


def _must_agree(store: Store, run: Mapping[str, Any], plans: Plans) -> None:
    """Refuse to add replications of another world to those of a folder."""
    old, found = store.run, []
    if old["seed"] != run["seed"]:
        found.append(f"its seed is {old['seed']}, not {run['seed']}")
    if old["engine"] != run["engine"]:
        found.append(engine_change(old["versions"], run["versions"]))
    suspects = _suspects(store, run, plans)
    if found:  # it is another run in any case: what else may differ is told without compiling anything
        changed = [n for n, _, rewritten in suspects if rewritten]
        found += [_scenario_change(store, changed, plans)] if changed else []
        found += ["the catalogue has changed"] if old["catalogue"] != run["catalogue"] else []
    else:
        found = _differences(store, suspects, plans)
    if found:
        raise different_run(store.path, found)


Suspect = tuple[str, bool, bool]  # a variant, whether it stands in the scenario, and whether it reads otherwise there


def _suspects(store: Store, run: Mapping[str, Any], plans: Plans) -> list[Suspect]:
    """Variants with finished replications whose plans are not known to be what they were."""
    old = store.run
    as_it_was = all(old.get(key) == run[key] for key in ("catalogue", "code"))
    finished = {b.variant for b in store.listed}
    suspects = []
    for name, about in old["variants"].items():
        today = plans.scenarios.get(name)
        rewritten = today is not None and variant_identity(today) != about["identity"]
        if name in finished and (rewritten or not as_it_was):
            suspects.append((name, today is not None, rewritten))
    return suspects


def _differences(store: Store, suspects: list[Suspect], plans: Plans) -> list[str]:
    """What differs in the plans of suspected variants, by comparing them."""
    changed, told = [], {}
    for name, present, rewritten in suspects:
        about = store.run["variants"][name]
        try:
            compiled = plans[name] if present else plans.compile(variant_again(store, name, plans.catalogue))
        except KalkanError as error:
            told[name] = f"it cannot be made again ({str(error).strip().splitlines()[-1].strip()})"
            continue
        if (plans.parts(name) if present else plan_parts(compiled)) == about.get("plan"):
            continue
        if rewritten:
            changed.append(name)
        else:
            told[name] = told_changes(about, compiled, str(store.run["versions"].get("kalkan", "?")))
    by_words: dict[str, list[str]] = {}
    for name, words in told.items():
        by_words.setdefault(words, []).append(name)
    found = [_scenario_change(store, changed, plans)] if changed else []
    return found + [f"{_variants(names)}: {words}" for words, names in by_words.items()]


def _variants(names: list[str]) -> str:
    return ("variant " if len(names) == 1 else "variants ") + ", ".join(f'"{n}"' for n in names)


def _scenario_change(store: Store, names: list[str], plans: Plans) -> str:
    where = _first_change(store, plans.text)
    if not where and store.run.get("code") != code_identity():
        where = ", though not its text: kalkan reads it otherwise, or a file that it uses (terrain) has changed"
    return f"the scenario has changed ({_variants(names)}){where or ', in a file that it uses (terrain)'}"


def _first_change(store: Store, text: str) -> str:
    """The first line that differs from the scenario that the folder was made with, or ``""``."""
    try:
        old = store.scenario_text().splitlines()
    except StoreError:
        return ""
    new = text.splitlines()
    for tag, a, _, b, b_end in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            was = old[a].strip() if a < len(old) else ""
            now = new[b].strip() if b < b_end else "(left out)"
            return f', first at line {b + 1}: was "{was}", now "{now}"'
    return ""


def _extend(store: Store, run: Mapping[str, Any], plans: Plans) -> None:
    """Take over new variants and more replications; what was compared and found equal counts as of today."""
    old = store.run
    variants = {n: {**old["variants"].get(n, {}), **about} for n, about in run["variants"].items()}
    order = [*run["order"], *old["variants"]]
    old["variants"] = dict(sorted({**old["variants"], **variants}.items(), key=lambda v: order.index(v[0])))
    for name, about in old["variants"].items():
        if name in plans.scenarios:
            about["identity"] = variant_identity(plans.scenarios[name])
    old["replications"] = max(old["replications"], run["replications"])
    old.pop("stopping", None)
    taken = ("title", "about", "scenario_dir", "catalogue", "catalogue_files", "code")
    old |= {key: run[key] for key in taken if key in run}


def _relative(folder: str, start: Path) -> str:
    """`folder` as seen from `start`, so that both may move together; absolute where there is no such way."""
    try:
        return Path(os.path.relpath(folder, start.resolve())).as_posix()
    except ValueError:
        return folder
