"""``kalkan.export``: from a results folder to a file, or live to a program on this machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from kalkan.engine.identity import made_by
from kalkan.engine.recording import Recording
from kalkan.engine.replay import chosen_variant, record
from kalkan.engine.store import Store
from kalkan.engine.watch import Watcher
from kalkan.errors import KalkanError, Problem, ProblemsError
from kalkan.exports import live, pcap
from kalkan.exports.formats import FORMATS, Format, problem_of_format
from kalkan.exports.writers import writer_of
from kalkan.files import write_whole
from kalkan.results import chosen

START = datetime(2026, 1, 1, tzinfo=UTC)  # notional date of a scenario's time 0
Packets: TypeAlias = Iterator[tuple[float, bytes]]


def export(
    path: str | Path,
    to: str,
    *,
    variant: str | None = None,
    replications: int | Sequence[int] | None = None,
    wave: str | None = None,
    out: str | Path | None = None,
    start: datetime = START,
    progress: Watcher | None = None,
) -> list[Path]:
    """Write finished replications in another program's format.

    Parameters
    ----------
    path : path
        A results folder.
    to : str
        One of :data:`kalkan.exports.FORMATS`.
    variant : str, optional
        Default: the first; for tables: all.
    replications : int or sequence of int, optional
        Default: a typical one (:mod:`kalkan.results.chosen`); for tables: all.
    wave : str, optional
        Of a campaign, the wave to write; default: the first. Tables hold all of them.
    out : path, optional
        File (for ``parquet`` and ``csv``: folder); default ``DIR/exports/`` and a name that says what it holds.
        For several replications their numbers are added to the name. A name without a suffix is a
        folder, which gets files of the default names.
    start : datetime
        Date of the scenario's time 0, a notional one unless given; without a zone: UTC. Of a campaign's wave, when its
        window begins.
    progress : Watcher, optional
        ``kalkan.export`` takes False as well: by itself it shows lines on the error stream.

    Returns
    -------
    list of Path
        What was written; an older file of the name is replaced.

    Raises
    ------
    ProblemsError
        Unknown format, variant, replication, wave or suffix, or a date that the format has not; all at once.
    StoreError
        No results folder, or damaged, or it cannot be replayed.
    """
    store = Store.open(path)
    wanted = [replications] if isinstance(replications, int) else list(replications or ())
    problems = _problems(store, to, variant, wanted, wave, out, start)
    if problems:
        raise ProblemsError(problems)
    form = FORMATS[to]
    if progress is not None and (told := made_by(store.run)):
        progress.warning(told)
    if form.kind == "tables":
        return [_tables(store, form, to, variant, wanted, out)]
    written = []
    numbers = wanted or [chosen.wanted(path, variant)[1]]
    for number in numbers:
        recording = record(path, variant=variant, replication=number, wave=wave, progress=progress)
        file = _place(store, form, recording, out, several=len(numbers) > 1)
        _warn(to, recording, progress)
        written.append(_write(file, lambda r=recording, f=file: _content(to, r, f, start)))  # type: ignore[misc]
    return written


def go_live(
    path: str | Path,
    to: str,
    *,
    variant: str | None = None,
    replication: int | None = None,
    wave: str | None = None,
    host: str = live.HOST,
    port: int | None = None,
    speed: float = 1.0,
    start: datetime = START,
    progress: Watcher | None = None,
    sending: Callable[[str, int], None] | None = None,
) -> int:
    """Send one replication to a program on this machine, in its own time or faster; nothing is received.

    Parameters
    ----------
    path, variant, wave, start, progress
        As for :func:`export`.
    replication : int, optional
        Default: a typical one.
    to : str
        ``dis`` or ``asterix``.
    host : str
        A loopback address; any other is refused.
    port : int, optional
        Default 3000 for DIS, 8600 for ASTERIX.
    speed : float
        Simulated seconds per second, above 0; inf: as fast as it goes.
    sending : callable, optional
        Told the host and the port right before the first datagram.

    Returns
    -------
    int
        Datagrams sent.

    Raises
    ------
    ProblemsError
        The format is not a stream, the address not loopback, or an argument is out of range.
    """
    store = Store.open(path)
    problems = _problems(store, to, variant, [] if replication is None else [replication], wave, None, start)
    if to in FORMATS and FORMATS[to].kind != "stream":
        streams = " and ".join(n for n, f in FORMATS.items() if f.kind == "stream")
        problems.append(Problem("--live", f'cannot send "{to}"; {streams} can be sent live'))
    problems += live.problems(host, port, speed)
    if problems:
        raise ProblemsError(problems)
    name, number = chosen.wanted(path, variant, replication)
    recording = record(path, variant=name, replication=number, wave=wave, progress=progress)
    _warn(to, recording, progress)
    module = writer_of(to)
    port = port or int(module.PORT)
    if sending is not None:
        sending(host, port)
    return live.send(module.packets(recording, _utc(start)), host, port, speed)


def _problems(
    store: Store, to: str, variant: str | None, replications: list[int], wave: str | None, out: str | Path | None,
    start: datetime,
) -> list[Problem]:  # fmt: skip
    """Everything that is wrong with the arguments."""
    found = [p for p in [problem_of_format(to)] if p]
    for number in replications or [None]:  # type: ignore[list-item]
        try:
            chosen_variant(store, variant, number, wave)
        except ProblemsError as error:
            found += [p for p in error.problems if p not in found]
    form = FORMATS.get(to)
    if form and form.kind == "tables" and wave is not None:
        found.append(Problem("--wave", f"does not go with {to}, which holds every wave"))
    if form and out is not None and form.suffix and not _is_folder(out):
        known = (form.suffix, *form.others)
        if Path(out).suffix.lower() not in known:
            wanted = f"must end in {' or '.join(known)} for {to}; a name without a suffix is a folder"
            found.append(Problem("--out", f'= "{out}" {wanted}'))
    if form and out is not None and not form.suffix and Path(out).suffix.lower() == f".{to}" and not Path(out).is_dir():
        found.append(Problem("--out", f'= "{out}" must be a folder, without a suffix: {to} is {form.sentence}'))
    is_capture = out is not None and not _is_folder(out) and Path(out).suffix.lower() == ".pcap"
    return found + _problems_of_start(start, store.run["horizon_s"], is_capture)


def _problems_of_start(start: datetime, horizon_s: float, is_capture: bool) -> list[Problem]:
    """That the scenario would leave the dates that the calendar, or a capture, has."""
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    dates = "dates go from year 1 to year 9999"
    if is_capture:
        first, last = pcap.FIRST, pcap.LAST
        dates = f"dates in a .pcap go from {first:%Y-%m-%d} to {last:%Y-%m-%d}; a file without that suffix has none"
    try:
        if first <= _utc(start) and _utc(start) + timedelta(seconds=horizon_s) <= last:
            return []
    except OverflowError:
        pass
    return [Problem("--start", f"= {start.isoformat()} leads out of the calendar: {dates}")]


def _tables(
    store: Store, form: Format, to: str, variant: str | None, replications: list[int], out: str | Path | None
) -> Path:
    from kalkan.results.assemble import Results, load_records, only

    store, records = load_records(store.path, variants=[variant] if variant else None)
    results = Results(store, only(records, replications) if replications else records)
    name = f"{to}{form.suffix}"
    file = store.path / "exports" / name if out is None else Path(out)
    if out is not None and form.suffix and _is_folder(out):
        file = file / name
    module = writer_of(to)
    if not form.suffix:
        with _writing(file):
            file.mkdir(parents=True, exist_ok=True)
            module.write(results, file)
        return file
    return _write(file, lambda: module.write(results, file))


def _place(store: Store, form: Format, recording: Recording, out: str | Path | None, several: bool) -> Path:
    """The file that one recording goes to."""
    if out is None or _is_folder(out):
        folder = store.path / "exports" if out is None else Path(out)
        return folder / f"{recording.variant}-{recording.replication:05d}{_of_wave(recording)}{form.suffix}"
    file = Path(out)
    return file.with_name(f"{file.stem}-{recording.replication:05d}{file.suffix}") if several else file


def _of_wave(recording: Recording) -> str:
    """Which of several waves it is, as a part of a file's name: its letters and digits, and hyphens for the rest."""
    return "-" + "-".join(re.findall(r"\w+", recording.wave)) if len(recording.waves) > 1 else ""


def _is_folder(out: str | Path) -> bool:
    return Path(out).is_dir() or not Path(out).suffix


def _content(to: str, recording: Recording, file: Path, start: datetime) -> bytes:
    """The whole file."""
    module = writer_of(to)
    start = _utc(start)
    if FORMATS[to].kind == "stream":
        packets: Packets = module.packets(recording, start)
        if file.suffix.lower() == ".pcap":
            return pcap.capture(packets, start, module.PORT)
        return b"".join(data for _, data in packets)
    content: bytes = module.content(recording, start)
    if file.suffix.lower() == ".kmz":
        content = module.packed(content)
    return content


def _warn(to: str, recording: Recording, progress: Watcher | None) -> None:
    """Tell what the format cannot hold."""
    module = writer_of(to)
    left_out = getattr(module, "left_out", None)
    text = left_out(recording) if left_out else ""
    if text and progress is not None:
        progress.warning(text)


def _utc(start: datetime) -> datetime:
    return start.replace(tzinfo=UTC) if start.tzinfo is None else start.astimezone(UTC)


class _writing:  # noqa: N801 - used like a function
    """The system's errors as an error with a remedy."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
            place = error.filename or self.file
            raise KalkanError(f"{place} cannot be written: {reason}; choose another --out") from error


def _write(file: Path, content: Callable[[], bytes]) -> Path:
    """Write a file whole or not at all."""
    data = content()
    with _writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, data)
    return file
