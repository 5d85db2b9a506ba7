"""SVG files that are the same for the same figure."""

from __future__ import annotations

import re

_MADE = re.compile(r'\bid="(\w*?)([0-9a-f]{10})"')


def steady(svg: str) -> str:
    """Name what matplotlib names by a hash by its order in the file instead.

    Clip paths, markers and hatches are named by a hash of their geometry and a salt. The salt is drawn anew unless
    it is set, and the last bit of a coordinate may differ between two layouts of one figure, which no reader sees:
    the same figure would be two files.

    Parameters
    ----------
    svg : str
        A file of matplotlib's SVG backend, all ids as it wrote them.

    Returns
    -------
    str
        The file with the ids ``m1``, ``p2``, ... in the order in which they are defined.
    """
    names: dict[str, str] = {}
    for prefix, hashed in _MADE.findall(svg):
        names.setdefault(prefix + hashed, f"{prefix}{len(names) + 1}")
    if not names:
        return svg
    used = re.compile(r'(\bid="|href="#|url\(#)(' + "|".join(names) + r")(?=[\")])")
    return used.sub(lambda m: m[1] + names[m[2]], svg)
