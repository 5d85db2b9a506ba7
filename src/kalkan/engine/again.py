"""The scenario of a finished run, as its folder holds it: for replays, reports and exports."""

from __future__ import annotations

from pathlib import Path

from kalkan.catalogue import DEFAULT, Catalogue, load_catalogue
from kalkan.engine.identity import variant_identity
from kalkan.engine.store import SCENARIO, Store
from kalkan.errors import KalkanError, StoreError
from kalkan.scenario import Scenario, parse


def catalogue_again(store: Store) -> Catalogue:
    """Kalkan's catalogue with the files that the run added to it; it may have changed since.

    Raises
    ------
    ProblemsError
        A file is no longer there, or no longer sound.
    """
    return load_catalogue([store.path / file for file in store.run.get("catalogue_files", ())])


def variant_again(store: Store, name: str, catalogue: Catalogue | None = None) -> Scenario:
    """One variant of a run under the stance that it ran under.

    Terrain is looked for where the run found it, then from the present folder.

    Parameters
    ----------
    store : Store
    name : str
        Of the variant in the run.
    catalogue : Catalogue, optional
        Default: :func:`catalogue_again`.

    Raises
    ------
    ProblemsError
        The stored scenario does not fit its terrain or the catalogue any more.
    StoreError
        It cannot be read, or is no longer what was run.
    """
    text, file = store.scenario_text(), store.path / SCENARIO
    catalogue = catalogue_again(store) if catalogue is None else catalogue
    first: KalkanError | None = None
    for place in dict.fromkeys((store.path / store.run.get("scenario_dir", "."), Path())):
        try:
            scenario = parse(text, str(file), place, catalogue=catalogue)
            found = _matching(store, name, scenario)
        except KalkanError as error:
            first = first or error
            continue
        if found is not None:
            return found
    raise first or StoreError(
        f'{store.path}: variant "{name}" is no longer what was run (its scenario.toml or its terrain file '
        f"has changed); run it again into another folder"
    )


def _matching(store: Store, name: str, scenario: Scenario) -> Scenario | None:
    """The variant with the identity that the run recorded: of the plain file, or under the run's stances."""
    about = store.run["variants"]
    stances = list(dict.fromkeys(a.get("stance", DEFAULT) for a in about.values()))
    for whole in (scenario, scenario.with_stances(stances)):
        variant = whole.variants_resolved().get(name)
        if variant is not None and variant_identity(variant) == about[name]["identity"]:
            return variant
    return None
