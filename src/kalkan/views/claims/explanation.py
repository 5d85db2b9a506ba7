"""What the light functions answer: plain data that prints as text and shows itself in notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import RenderableType


class Explanation(dict[str, Any]):
    """Who claims what: plain data that prints as text."""

    def view(self, everything: bool = False) -> RenderableType:
        """For a screen of rich: of an entry or quantity, of a finished run, of the deal's timeline, or a list.

        Parameters
        ----------
        everything : bool
            Of an entry: every claim about every quantity, rather than the figures that runs use.
        """
        if "groups" in self:
            from kalkan.views.claims.listed import listing_view

            return listing_view(self)
        if "statements" in self:
            from kalkan.views.claims.tables import timeline_view

            return timeline_view(self)
        if "preset" in self:
            from kalkan.views.claims.explain import preset_view

            return preset_view(self)
        if "figures" in self:
            from kalkan.views.claims.tables import used_view

            return used_view(self)
        if self["whole"] and not everything:
            from kalkan.views.claims.brief import brief_view

            return brief_view(self)
        from kalkan.views.claims.explain import explanation_view

        return explanation_view(self)

    def _repr_html_(self) -> str:
        from kalkan.views.cells import framed, from_rich

        return framed(from_rich(self.view()))

    def __repr__(self) -> str:
        import io

        from rich.console import Console

        screen = Console(file=io.StringIO(), width=100, color_system=None, force_jupyter=False)
        screen.print(self.view())
        assert isinstance(screen.file, io.StringIO)
        return screen.file.getvalue()
