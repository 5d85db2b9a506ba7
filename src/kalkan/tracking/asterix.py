"""ASTERIX category 048 (edition 1.32) as a table of plots, by the library that writes kalkan's own exports.

Read are I048/010 (station), 140 (time of day), 040 (slant range and azimuth) and 110 (measured height); other items and
categories are left aside. Days are counted on where the time of day starts again.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kalkan.errors import Problem, ProblemsError

CATEGORY, DAY_S = 48, 86400.0
PCAP_MAGIC = 0xA1B2C3D4
HEADERS = 14 + 20 + 8  # Ethernet, IPv4 without options, UDP [bytes]


def read(data: bytes) -> dict[str, NDArray[Any]]:
    """Columns of ``plots.COLUMNS``, in the order of the file; the radar is ``"SAC/SIC"``.

    Raises
    ------
    ProblemsError
        It holds no plot with range, azimuth and height, or is no ASTERIX.
    """
    rows = []
    try:
        for block in _blocks(data):
            rows += [row for record in block if (row := _row(record)) is not None]
    except (ValueError, struct.error) as e:
        raise ProblemsError([Problem("plots", f"is no ASTERIX: {e}")]) from e
    if not rows:
        wanted = "time (I048/140), place (I048/040) and height (I048/110)"
        raise ProblemsError([Problem("plots", f"no record of category 048 has {wanted}")])
    t, radar, slant, azimuth, height = zip(*rows, strict=True)
    seconds = np.array(t)
    days = np.concatenate([[0.0], np.cumsum(np.diff(seconds) < -0.5 * DAY_S)]) * DAY_S
    return {
        "t_s": seconds + days, "radar": np.array(radar), "range_nmi": np.array(slant),
        "azimuth_deg": np.array(azimuth), "height_ft": np.array(height),
    }  # fmt: skip


def _blocks(data: bytes) -> Iterator[list[Any]]:
    """The records of each data block of category 048."""
    from asterix import base, generated

    at, payload, category = 0, _payload(data), generated.Cat_048_1_32
    while at < len(payload):
        number, length = struct.unpack_from(">BH", payload, at)
        if length < 3 or at + length > len(payload):
            raise ValueError(f"the data block at byte {at:,} is cut off")
        if number == CATEGORY:
            records = category.cv_uap.parse(base.Bits.from_bytes(payload[at + 3 : at + length]))
            if isinstance(records, ValueError):
                raise records
            yield records
        at += length


def _payload(data: bytes) -> bytes:
    """Data blocks one behind the other, out of a capture where it is one."""
    if len(data) < 24 or struct.unpack_from("<I", data)[0] != PCAP_MAGIC:
        return data
    at, parts = 24, []
    while at < len(data):
        length = struct.unpack_from("<I", data, at + 8)[0]
        parts.append(data[at + 16 + HEADERS : at + 16 + length])
        at += 16 + length
    return b"".join(parts)


def _row(record: Any) -> tuple[float, str, float, float, float] | None:
    """Time [s], station, slant range [NM], azimuth [deg] and height [ft] of a record; None: one is missing."""
    place, height, station, time = (record.get_item(i) for i in ("040", "110", "010", "140"))
    if place is None or height is None or station is None or time is None:
        return None
    rho, theta = (place.variation.get_item(i).variation.content.as_quantity() for i in ("RHO", "THETA"))
    sac, sic = (station.variation.get_item(i).as_uint() for i in ("SAC", "SIC"))
    feet = height.variation.arg[1].arg.variation.content.as_quantity()
    return time.variation.content.as_quantity(), f"{sac}/{sic}", rho, theta, feet
