"""Options that commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

File = Annotated[Path, typer.Argument(metavar="FILE", help="A scenario file (TOML).")]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A results folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print the same content as JSON.")]
Ranges = Annotated[
    bool, typer.Option("--ranges", help="Where raids are seen, tracked, shot at and met, with antennas and horizons.")
]
Missiles = Annotated[bool, typer.Option("--missiles", help="Interceptors, engagements, money and hits on each asset.")]
Everything = Annotated[bool, typer.Option("--all", help="Every table.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on the error stream.")]
Catalogues = Annotated[
    list[Path] | None, typer.Option("--catalogue", metavar="FILE", help="Another catalogue file; may be repeated.")
]
# of studies
Seed = Annotated[int | None, typer.Option("--seed", metavar="S", help="Seed; default the file's.")]
Threads = Annotated[int | None, typer.Option("--threads", metavar="N", help="Threads; default all processors.")]
Variants = Annotated[
    list[str] | None, typer.Option("--variant", metavar="NAME", help="This variant only; may be repeated.")
]
Whose = Annotated[str | None, typer.Option("--stance", metavar="WHOSE", help="Whose figures; default the file's.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder of the study; default out/ and the file's name.")
]
Of = Annotated[
    str, typer.Option("--of", metavar="MEASURE", help='Such as leakers, p_no_leaker or "leakers difference".')
]
