"""Ways in which a file is damaged: bytes, numbers, words, and members of archives."""

import io
import re
import zipfile
from random import Random

_WORDS = [
    b"\0", b"\xff\xff\xff\xff", b"\xed\xa0\x80", b"\\ud800", b"\xb9\xe3", b"\xe5\x8c", b"\r",
    b"<!--", b"]]>", b"&#0;", b"&x;", b'encoding="gb2312"', b'encoding="utf-7"', b"<a:b/>", b'"',
    b"<td", b"</table>", b"[" * 3_000, b"<b>" * 3_000, b"{{", b"{% for x in x %}", b"{{ 9**9 }}",
    b"null", b"NaN", b"1e999", b"-1", b"0" * 400, b"\x1a", b"'", b",,,,", b"[h]:mm", b"#REF!",
]  # fmt: skip
_NUMBERS = [
    b"0", b"-1", b"1e308", b"-1e999", b"NaN", b"2147483647", b"4294967296", b"9" * 30, b"1e15",
    b"0.0000001", b"1.0", "１".encode(), b"1,5", b"60", b"2958466",
]  # fmt: skip
_NUMBER = re.compile(rb"\d+(?:\.\d+)?")
_WHOLE = [0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF]


def mutant(content: bytes, random: Random) -> bytes:
    """`content` damaged in one to four places; of an archive, mostly within a member."""
    if content.startswith(b"PK") and random.random() < 0.8:
        return _within(content, random)
    for _ in range(random.choice([1, 1, 1, 2, 4])):
        ways = _OF_BYTES if b"\0" in content else _OF_TEXT
        content = random.choice(ways)(content, random)
    return content


def _within(content: bytes, random: Random) -> bytes:
    """An archive with a damaged member, one that is missing, or one that has another's content."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = random.choice(list(members))
    chance = random.random()
    if chance < 0.05:
        del members[name]
    elif chance < 0.1:
        members[name] = members[random.choice(list(members))]
    else:
        members[name] = mutant(members[name], random)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, part in members.items():
            archive.writestr(member, part)
    return packed.getvalue()


def _byte(content: bytes, random: Random) -> bytes:
    place = random.randrange(len(content) + 1)
    return content[:place] + random.randbytes(1) + content[place + 1 :]


def _whole_number(content: bytes, random: Random) -> bytes:
    """A number of one, two or four bytes set to one that is large or nothing."""
    size = random.choice([1, 2, 4])
    place = random.randrange(len(content) + 1)
    number = random.choice(_WHOLE) & (1 << 8 * size) - 1
    order = random.choice(["little", "big"])
    return content[:place] + number.to_bytes(size, order) + content[place + size :]


def _written_number(content: bytes, random: Random) -> bytes:
    found = list(_NUMBER.finditer(content))
    if not found:
        return content
    start, end = random.choice(found).span()
    return content[:start] + random.choice(_NUMBERS) + content[end:]


def _word(content: bytes, random: Random) -> bytes:
    place = random.randrange(len(content) + 1)
    return content[:place] + random.choice(_WORDS) + content[place:]


def _cut(content: bytes, random: Random) -> bytes:
    return content[: random.randrange(len(content) + 1)]


def _without(content: bytes, random: Random) -> bytes:
    start, end = sorted(random.randrange(len(content) + 1) for _ in range(2))
    return content[:start] + content[min(end, start + 64) :]


def _twice(content: bytes, random: Random) -> bytes:
    start, end = sorted(random.randrange(len(content) + 1) for _ in range(2))
    return content[:end] + content[start:end] * random.randint(1, 3) + content[end:]


_MOVING = [_word, _cut, _without, _twice]
_OF_BYTES = [*[_byte, _whole_number] * 6, *_MOVING]
_OF_TEXT = [*[_written_number] * 4, _byte, _word, *_MOVING]
