"""What a run tells whoever watches it; the faces turn it into bars and lines."""

from __future__ import annotations


class Watcher:
    """Does nothing; override what is of interest. All calls come from the thread that runs the study."""

    def compiling_engine(self) -> None:
        """The engine is about to be compiled, once per version; it takes about a minute."""

    def preparing(self, label: str) -> None:
        """A variant is being made ready."""

    def stage(self, text: str) -> None:
        """What the replications to come are for, in a study of several stages."""

    def note(self, text: str) -> None:
        """A remark, such as which horizon table is being built."""

    def warning(self, text: str) -> None:
        """Something that the user should know about what comes out."""

    def started(self, kept: int, total: int) -> None:
        """Of `total` replications over all variants, `kept` were finished by an earlier run."""

    def foreseen(self, left_s: float) -> None:
        """Before each `advanced`, if it can be told: what is left will take so long [s]."""

    def advanced(self, done: int, total: int, simulated_s: float, elapsed_s: float) -> None:
        """One more block is safe on disk.

        Parameters
        ----------
        done, total : int
            Replications over all variants, those of earlier runs among them.
        simulated_s, elapsed_s : float
            Simulated time of this run so far and the time that it took [s].
        """


class Interrupted(KeyboardInterrupt):
    """The user stopped a run; what was finished is kept.

    Attributes
    ----------
    kept, total : int
        Replications that are finished and that were wanted, over all variants.
    out : str
        The results folder.
    """

    def __init__(self, kept: int, total: int, out: str) -> None:
        super().__init__(f"kept {kept} of {total} replications in {out}")
        self.kept, self.total, self.out = kept, total, out
