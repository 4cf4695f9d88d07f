"""An XLS that is cut off, damaged or made to harm gives no facts, and no error of the library."""

import io
import struct

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.formats import xls_biff
from tests.support.bank_files import HEADER, ROWS, write

SECTOR, ENTRY = 512, 128
NONE, END, OF_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return write(tmp_path_factory.mktemp("xls") / "来件", [HEADER, *ROWS], "xls").read_bytes()


def chain(entries):
    """A compound file whose directory is one chain of `entries`, each the next one's sibling."""
    sectors = -(-entries * ENTRY // SECTOR)
    fats = sectors // (SECTOR // 4) + 1
    fat = [*[OF_FAT] * fats, *range(fats + 1, fats + sectors), END]
    fat += [NONE] * (fats * SECTOR // 4 - len(fat))
    head = struct.pack(
        "<8s16x5H6x9I", olefile.MAGIC, 0x3E, 3, 0xFFFE, 9, 6, 0, fats, fats, 0, 4096, END, 0, END, 0
    )
    head += struct.pack("<109I", *range(fats), *[NONE] * (109 - fats))
    directory = [
        struct.pack(
            "<64sHBBIII36xIQ",
            (name := ("Root Entry" if number == 0 else f"e{number}").encode("utf-16-le")),
            len(name) + 2,
            2 if number else 5,
            1,
            NONE,
            number + 1 if 0 < number < entries - 1 else NONE,
            NONE if number else 1,
            END,
            0,
        )
        for number in range(sectors * SECTOR // ENTRY)
    ]
    return head + struct.pack(f"<{len(fat)}I", *fat) + b"".join(directory)


def test_the_facts_of_a_sound_file(content):
    (sheet,) = xls_biff.book(content).sheets
    assert sheet.rows == len(ROWS) + 1


def test_a_file_may_be_cut_off_anywhere(content):
    for end in range(0, len(content), 97):
        assert not xls_biff.book(content[:end]).locked


@given(data=st.data())
def test_any_bytes_may_be_wrong(content, data):
    last = len(content) - 1
    head = st.integers(0, SECTOR - 1)
    places = st.one_of(head, st.integers(last - 4 * SECTOR, last), st.integers(0, last))
    damaged = bytearray(content)
    for place, byte in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1)):
        damaged[place] = byte
    xls_biff.book(bytes(damaged))


@pytest.mark.parametrize("field", range(0x18, 0x50, 2))
@pytest.mark.parametrize("number", [0, 1, 0x1F, 0x7FFF, 0xFFFF])
def test_any_size_in_the_head_may_be_wrong(content, field, number):
    damaged = bytearray(content)
    struct.pack_into("<H", damaged, field, number)
    xls_biff.book(bytes(damaged))


@pytest.mark.parametrize("entries", [10, 5000])
def test_a_directory_may_be_one_long_chain(entries):
    assert xls_biff.book(chain(entries)).sheets == []


def test_a_compound_file_may_hold_no_workbook():
    with olefile.OleFileIO(io.BytesIO(chain(10))) as files:
        assert len(files.listdir()) == 9
    assert xls_biff.book(chain(10)).sheets == []
