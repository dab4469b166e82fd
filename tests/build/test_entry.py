from __future__ import annotations

import os

import pytest

from modc.build import entry
from modc.build.entry import Damaged

KEY, TOOL = "ab" * 32, "cd" * 32
NOTE = entry.pack_note({"name": "Acc.add", "odd": "\ud800"}, "int x; /* é */\n")
DATA = entry.pack(entry.KERNEL, KEY, TOOL, b"image" * 9, NOTE)


def written(path, data=DATA, mode=0o400):
    path.write_bytes(data)
    path.chmod(mode)
    return str(path)


def test_an_entry_gives_back_what_was_packed():
    found = entry.unpack(DATA)
    assert (KEY, TOOL, b"image" * 9) == (found.key, found.tool, found.image)
    assert ({"name": "Acc.add", "odd": "\ud800"}, "int x; /* é */\n") == entry.unpack_note(
        found.note
    )


def test_the_same_parts_give_the_same_bytes():
    assert DATA == entry.pack(entry.KERNEL, KEY, TOOL, b"image" * 9, NOTE)


@pytest.mark.parametrize("length", range(0, len(DATA), 7))
def test_a_truncated_entry_is_refused(length):
    with pytest.raises(Damaged):
        entry.unpack(DATA[:length])


def test_a_flipped_bit_anywhere_is_refused():
    for position in range(len(DATA)):
        for bit in (0, 3, 7):
            data = bytearray(DATA)
            data[position] ^= 1 << bit
            with pytest.raises(Damaged):
                entry.unpack(bytes(data))


@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * len(DATA), os.urandom(5000), DATA + b"\0", b"\0" + DATA, DATA + DATA[:200]],
)
def test_other_bytes_are_refused(data):
    with pytest.raises(Damaged):
        entry.unpack(data)


def test_an_entry_of_a_file_knows_where_it_lay(tmp_path):
    path = written(tmp_path / "e.so")
    found = entry.read(path)
    assert (path, os.stat(path).st_ino) == (found.path, found.identity[1])


def test_a_file_that_is_not_there_is_no_entry_and_no_damage(tmp_path):
    assert entry.read(str(tmp_path / "none.so")) is None
    assert entry.read(str(tmp_path / "no" / "none.so")) is None


def test_links_directories_and_pipes_are_refused_without_waiting(tmp_path):
    written(tmp_path / "e.so")
    (tmp_path / "link.so").symlink_to("e.so")
    (tmp_path / "dangling.so").symlink_to("nowhere")
    (tmp_path / "folder.so").mkdir()
    os.mkfifo(tmp_path / "pipe.so", 0o600)
    for name in ("link", "dangling", "folder", "pipe"):
        with pytest.raises(Damaged):
            entry.read(str(tmp_path / f"{name}.so"))


@pytest.mark.parametrize("mode", [0o420, 0o402, 0o666, 0o777])
def test_a_file_that_others_can_write_is_refused(tmp_path, mode):
    with pytest.raises(Damaged, match="others can write"):
        entry.read(written(tmp_path / "e.so", mode=mode))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_file_of_another_user_is_refused(tmp_path):
    path = written(tmp_path / "e.so")
    os.chown(path, 12345, 12345)
    with pytest.raises(Damaged, match="belongs to user 12345"):
        entry.read(path)


def test_a_huge_file_is_refused_unread(tmp_path):
    path = written(tmp_path / "e.so", mode=0o600)
    os.truncate(path, 1 << 40)
    with pytest.raises(Damaged, match="its length"):
        entry.read(path)
