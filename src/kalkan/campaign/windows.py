"""What a campaign is to the engine: windows of sensing around waves, and whose parts are whose in each.

A window is a plan like that of any raid. What is there may differ between windows, so that each says which of the
campaign's threats, fire units, radars … its own are.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kalkan.kernels.plan import Plan
from kalkan.supply.stores import Stores
from kalkan.supply.tables import Upkeep

Numbers = NDArray[np.int64]


class Window(NamedTuple):
    """One wave.

    Attributes
    ----------
    plan : Plan
        Of what is there then, with the raids of the wave `lead_in_s` later than written.
    key : int
        Hash of the wave's name and of which time it is that it comes.
    at_s : float
        Zero hour as written, from the start of the campaign [s].
    lead_in_s, length_s : float
        From the window's begin to the zero hour, and to its end [s].
    threat, unit, interceptor, asset, post, radar, launcher, part : int64 arrays
        Place in the campaign's list of each of the plan's own.
    radar_part : int64 array (n_unit,)
        Of the plan's own parts the engagement radar of each fire unit; none where parts cannot be out.
    launcher_part : int64 array (n_launcher,)
        Likewise of each launcher.
    sizes : dict
        Of the plan's records.
    """

    plan: Plan
    key: int
    at_s: float
    lead_in_s: float
    length_s: float
    threat: Numbers
    unit: Numbers
    interceptor: Numbers
    asset: Numbers
    post: Numbers
    radar: Numbers
    launcher: Numbers
    part: Numbers
    radar_part: Numbers
    launcher_part: Numbers
    sizes: dict[str, int]


class CampaignPlan(NamedTuple):
    """All of it, in place of a plan.

    Attributes
    ----------
    windows : tuple of Window
        In order.
    jitter_s : float
        1 sigma of each wave's delay [s].
    end_s : float
        When it ends, if that is told; else with the last window [s].
    n_launcher, n_part : int
        How many launchers and parts there are over all windows.
    stores : Stores
        Rounds at all levels and what brings more; its launchers and types are the campaign's.
    upkeep : Upkeep or None
        What fails and what mends it; None: nothing fails.
    upkept : int64 array
        Place in the campaign's list of each of the parts of `upkeep`.
    vehicles : int64 array (n_upkept, 2)
        Of those that are reload vehicles the fire unit and which of its vehicles it is; -1: it is none.
    """

    windows: tuple[Window, ...]
    jitter_s: float
    end_s: float
    n_launcher: int
    n_part: int
    stores: Stores
    upkeep: Upkeep | None
    upkept: Numbers
    vehicles: Numbers
