"""Money: US dollars of a year, as dollars of :data:`PRICE_YEAR`.

Prices are brought to one year by the US consumer price index for all urban consumers (CPI-U, U.S. city average, all
items, annual averages, 1982-84 = 100; Bureau of Labor Statistics, series CUUR0000SA0, in the public domain). That
consumer prices stand for those of arms is kalkan's own simplification.
"""

from __future__ import annotations

CPI_U = {
    1990: 130.7, 1991: 136.2, 1992: 140.3, 1993: 144.5, 1994: 148.2, 1995: 152.4, 1996: 156.9, 1997: 160.5,
    1998: 163.0, 1999: 166.6, 2000: 172.2, 2001: 177.1, 2002: 179.9, 2003: 184.0, 2004: 188.9, 2005: 195.3,
    2006: 201.6, 2007: 207.342, 2008: 215.303, 2009: 214.537, 2010: 218.056, 2011: 224.939, 2012: 229.594,
    2013: 232.957, 2014: 236.736, 2015: 237.017, 2016: 240.007, 2017: 245.120, 2018: 251.107, 2019: 255.657,
    2020: 258.811, 2021: 270.970, 2022: 292.655, 2023: 304.702, 2024: 313.689, 2025: 321.943,
}  # fmt: skip
"""Annual average of the index, by year."""

PRICE_YEAR = max(CPI_U)
"""Dollars without a year are of this one, and so are all results."""

DOLLARS = {"USD": 1.0, "M USD": 1e6, "bn USD": 1e9}
"""Units of money, in dollars."""


def of_year(unit: str, year: int) -> str:
    """How a unit of money is written that is of a year, such as ``"M USD of 2014"``."""
    return f"{unit} of {year}"


def factor(year: int) -> float:
    """Dollars of :data:`PRICE_YEAR` for a dollar of a year.

    Raises
    ------
    KeyError
        The index is not known for that year.
    """
    return CPI_U[PRICE_YEAR] / CPI_U[year]


DATED = {of_year(unit, year): dollars * factor(year) for unit, dollars in DOLLARS.items() for year in CPI_U}
"""Units of money of a year, in dollars of :data:`PRICE_YEAR`."""


def dated(unit: str, date: str) -> str:
    """The unit of a price that was told on a date such as ``"2014-03"``: of that year, if the index knows it."""
    year = date[:4]
    return of_year(unit, int(year)) if unit in DOLLARS and year.isdigit() and int(year) in CPI_U else unit
