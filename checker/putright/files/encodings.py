"""Tell a text file in Windows-1252, as Excel's plain "CSV" is, from one in UTF-8 with bytes that are wrong."""

from __future__ import annotations

import codecs
from collections import Counter
from pathlib import Path

from putright.files.tables import open_binary

WESTERN = "windows-1252"
#: Bytes of what people write that is not in ASCII: currency, quotation marks, dashes, fractions and letters with
#: accents. Other bytes of Windows-1252 are more likely to be damage.
_USUAL = frozenset(
    bytes(
        [0x80, 0x85, *range(0x91, 0x98), 0xA0, 0xA3, 0xB0, 0xB7, 0xBC, 0xBD, 0xBE]
        + [letter for letter in range(0xC0, 0xFF) if letter not in (0xD0, 0xD7, 0xDE, 0xF0, 0xF7, 0xFE)]
    ).decode("cp1252")
)


def western_letters(path: Path, marks: tuple[bytes, ...]) -> Counter[str]:
    """The letters beyond ASCII that a file holds if it is in Windows-1252; empty if it cannot be.

    It is if it has bytes beyond ASCII, none of which are UTF-8 and all of which are Windows-1252. A file that begins
    with one of the ``marks`` says its encoding itself.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    found: Counter[str] = Counter()
    with open_binary(path, packed=path.name.lower().endswith(".gz")) as file:
        chunk = file.read(1 << 20)
        if chunk.startswith(marks):
            return Counter()
        while chunk:
            text = decoder.decode(chunk)
            if not text.isascii():
                found.update(letter for letter in text if letter > "\x7f")
            chunk = file.read(1 << 20)
    found.update(decoder.decode(b"", final=True))
    if any(not "\udc80" <= letter <= "\udcff" for letter in found):
        return Counter()
    try:
        return Counter({bytes([ord(letter) - 0xDC00]).decode("cp1252"): count for letter, count in found.items()})
    except UnicodeDecodeError:
        return Counter()


def is_usual(letters: Counter[str]) -> bool:
    """Whether letters are those of everyday text, so that the encoding is plain."""
    return bool(letters) and letters.keys() <= _USUAL


def shown(letters: Counter[str]) -> str:
    """The most frequent letters and how often each comes, for a person to check."""
    most = sorted(letters, key=lambda letter: -letters[letter])[:8]
    return ", ".join(f"{letter} ({letters[letter]:,})" for letter in most)
