"""The results folder: what was run, which replications are finished, and their records.

::

    DIR/run.json        what was run: identities, seed, versions, names, every figure's source; with a checksum
    DIR/scenario.toml   the scenario file as it was; its checksum is in run.json
    DIR/ledger.jsonl    one line per finished block, with the checksums of its data
    DIR/results.zarr    one group per variant, one array per variable of ``kalkan.schema``;
                        event logs in ``VARIANT/events/block_FIRST``
    DIR/unknown.json    draws of the disputed claims (``kalkan.studies.unknown``); with a checksum
    DIR/report.html     the report, taken away when more replications are computed

``Store`` is what the rest of kalkan knows. How blocks are kept is behind the interface ``Blocks``; its fault tests
(``tests/unit/test_blocks.py``) take any that has it.
"""

from kalkan.engine.store.interface import Arrays, Blocks
from kalkan.engine.store.record import FORMAT, RUN, UNSEALED
from kalkan.engine.store.store import DERIVED, REPORT, SCENARIO, UNKNOWN, Store, clear, is_ours, stored_unknown

__all__ = [
    "DERIVED",
    "FORMAT",
    "REPORT",
    "RUN",
    "SCENARIO",
    "UNKNOWN",
    "UNSEALED",
    "Arrays",
    "Blocks",
    "Store",
    "clear",
    "is_ours",
    "stored_unknown",
]
