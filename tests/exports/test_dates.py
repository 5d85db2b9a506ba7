"""Every date is written as it is or refused in a sentence about ``--start``, whatever the format."""

from __future__ import annotations

from datetime import datetime

import pytest

import kalkan
from kalkan.errors import ProblemsError
from kalkan.exports import FORMATS
from tests.apps.test_cli import kalkan as command

EVERY_FORMAT = [(name, suffix) for name, f in FORMATS.items() for suffix in (f.suffix, *f.others)]
IN_ALL = ("1970-01-01T00:00:00+00:00", "2106-02-07T00:00:00+00:00")
IN_NO_CAPTURE = (
    "1969-12-31T23:59:59+00:00", "1970-01-01T00:00:00+03:00", "1940-09-15T11:00:00+00:00", "0001-01-01T00:00:00",
    "2106-02-07T06:28:00+00:00", "2200-01-01T00:00:00+03:00",
)  # fmt: skip
IN_NONE = ("9999-12-31T23:59:00+00:00", "0001-01-01T00:00:00+03:00", "9999-12-31T23:00:00-03:00")


@pytest.mark.parametrize(("to", "suffix"), EVERY_FORMAT)
def test_the_calendar_has_room_for_every_format_and_a_capture_for_136_years(folder, tmp_path, to, suffix):
    """A capture counts seconds since 1970 in 32 bits."""
    is_capture = suffix == ".pcap"
    fits, refused = (IN_ALL, IN_NO_CAPTURE + IN_NONE) if is_capture else (IN_NO_CAPTURE[2:4] + IN_ALL[1:], IN_NONE)

    def export(start: str) -> list:
        return kalkan.export(
            folder, to, replications=0, out=tmp_path / f"dated{suffix}", start=datetime.fromisoformat(start)
        )

    for start in fits:
        assert export(start)[0].exists()
    for start in refused:
        with pytest.raises(ProblemsError, match="leads out of the calendar") as told:
            export(start)
        assert [p.where for p in told.value.problems] == ["--start"]
        assert ("1970-01-01 to 2106-02-07" in str(told.value)) == is_capture


def test_a_capture_tells_the_date_that_was_asked_for(folder, tmp_path):
    for start in map(datetime.fromisoformat, IN_ALL):
        (file,) = kalkan.export(folder, "dis", replications=0, out=tmp_path / "d.pcap", start=start)
        seconds = int.from_bytes(file.read_bytes()[24:28], "little")
        assert 0 <= seconds - start.timestamp() < 3600


def test_a_year_of_three_digits_has_four_in_tacview(folder, tmp_path):
    start = datetime.fromisoformat("0941-05-01T00:00:00Z")
    (file,) = kalkan.export(folder, "tacview", replications=0, out=tmp_path / "t.acmi", start=start)
    assert "ReferenceTime=0941-05-01T00:00:00Z" in file.read_text(encoding="utf-8-sig")


def test_on_the_command_line_too(folder, tmp_path):
    words = ("export", folder, "--to", "asterix", "--out", "a.pcap", "--start", "1940-09-15T11:00:00Z")
    assert "--start" in command(*words, cwd=tmp_path, code=2).stderr
    assert not (tmp_path / "a.pcap").exists()
