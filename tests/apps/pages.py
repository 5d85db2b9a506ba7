"""What of a page in a real browser does not fit."""

from __future__ import annotations


def too_wide(tab) -> list[str]:
    """Tables that are wider than their place, and the page if it is wider than its window."""
    return tab.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll('.table')]
        .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.getAttribute('aria-labelledby') || e.tagName)"""
    )


def cut_text(tab) -> list[str]:
    """Texts of figures that reach beyond them."""
    return tab.evaluate(
        """() => [...document.querySelectorAll('svg.drawn')].flatMap(svg => {
        const box = svg.getBoundingClientRect();
        const beyond = t => t.left < box.left - 1 || t.right > box.right + 1
          || t.top < box.top - 1 || t.bottom > box.bottom + 1;
        return box.width ? [...svg.querySelectorAll('text')].filter(t => beyond(t.getBoundingClientRect()))
          .map(t => svg.querySelector('title').textContent + ': ' + t.textContent) : []; })"""
    )
