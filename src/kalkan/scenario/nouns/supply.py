"""Supply: what breaks, what mends it, and where its spares and missiles come from."""

from __future__ import annotations

from pydantic import Field

from kalkan.scenario.nouns.fields import Noun


class Supply(Noun):
    """Parts of the defence fail and are repaired, with spares that take time to come."""

    sanctions: bool = Field(False, description="true: nothing comes from abroad; default: it does.")
    local_production: bool = Field(
        False, description="true: the claimed share of components is made at home; default: all come from abroad."
    )
