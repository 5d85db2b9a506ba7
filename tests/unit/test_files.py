"""Files are whole or as they were, whatever goes wrong, and whoever is at fault is named."""

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from kalkan.files import write_whole


def test_a_file_is_what_was_written_and_keeps_its_mode_and_link(tmp_path):
    file, link = tmp_path / "a.txt", tmp_path / "link.txt"
    assert write_whole(file, "Київ\r\n") == file and file.read_bytes() == "Київ\r\n".encode()
    file.chmod(0o640)
    link.symlink_to(file)
    write_whole(link, b"new")
    assert file.read_bytes() == b"new" and link.is_symlink() and stat.S_IMODE(file.stat().st_mode) == 0o640
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.txt", "link.txt"]


@pytest.mark.parametrize("before", [None, b"old"])
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_full_disk_leaves_what_was_there_and_names_the_file(tmp_path, monkeypatch, before, call):
    file = tmp_path / "report.html"
    if before is not None:
        file.write_bytes(before)

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk, pytest.raises(OSError, match="No space left") as told:
        disk.setattr(os, call, full)
        write_whole(file, b"new")
    assert told.value.filename == str(file) and told.value.errno == errno.ENOSPC
    assert [p.read_bytes() for p in tmp_path.iterdir()] == ([] if before is None else [before])


def test_a_stream_that_breaks_off_leaves_what_was_there(tmp_path):
    from kalkan.files import whole

    file = write_whole(tmp_path / "a", "old")
    with pytest.raises(KeyboardInterrupt), whole(file) as stream:
        stream.write(b"half")
        raise KeyboardInterrupt
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"old"]


def test_of_many_that_make_a_new_file_one_does(tmp_path):
    def make(i):
        try:
            write_whole(tmp_path / "new.toml", str(i), new=True)
        except FileExistsError as error:
            assert error.filename == str(tmp_path / "new.toml")
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(32)))
    assert sum(made) == 1 and (tmp_path / "new.toml").read_text() == str(made.index(True))


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError) as told:
        write_whole(tmp_path / "none" / "a.txt", "x")
    assert told.value.filename == str(tmp_path / "none" / "a.txt")
