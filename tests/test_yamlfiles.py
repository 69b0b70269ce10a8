"""YAML from anywhere: what is hostile is a sentence with its place, in time and memory that are bounded."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from casefiles import run
from hypothesis import given, settings
from hypothesis import strategies as st
from putright.files import yamlfiles
from putright.files.yamlfiles import YamlError, read_document
from putright.mistakes import Mistake
from putright.rulebooks.reading import read_rulebook

LAUGHS = "\n".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}' if n else 'x'] * 9)}]" for n in range(12)
)  # 9 to the 12th values
MANY = "a: [" + "x," * (yamlfiles.MOST + 1) + "]"
#: What the file holds, and a part of the sentence.
HOSTILE = [
    ("aliases that multiply", LAUGHS, f"aliases make more than {yamlfiles.MOST:,} values"),
    ("keys that multiply", LAUGHS.replace("[", "{a: [").replace("]", "]}"), "aliases make more than"),
    ("a list within itself", "x: &a [*a]", "it contains itself"),
    ("keys within themselves", "x: &a {b: *a}", "it contains itself"),
    ("brackets", "x: " + "[" * 30_000, "more than 50 levels deep"),
    ("braces", "x: " + "{a: " * 30_000, "more than 50 levels deep"),
    ("dashes", "- " * 30_000 + "x", "more than 50 levels deep"),
    ("brackets that close", "x: " + "[" * 30_000 + "]" * 30_000, "more than 50 levels deep"),
    ("very many values", MANY, f"more than {yamlfiles.MOST:,} values"),
    ("a control character", "x: a\x07b", ":1:5: not YAML: the character U+0007 is not allowed"),
    ("the same in a comment on a later line", "x: a\n# \x1b\n", ":2:3: not YAML: the character U+001B"),
    ("no character at all", "x: \x00", "U+0000"),
    ("a list for a key", "? [a, b]\n: c", "a key must be a word"),
    ("an alias to nothing", "x: *nobody", "undefined alias"),
    ("an alias before what it names", "x: *a\ny: &a b", ":1:4: not YAML: found undefined alias"),
    ("a name given twice", "x: &a b\ny: &a c", ":2:4: not YAML: second occurrence"),
    ("two documents", "a: 1\n---\nb: 2", "not YAML"),
    ("a tag of Python's", "x: !!python/object/apply:os.system [ls]", None),
    ("nothing", "", "expected"),
    ("a word", "x", "expected"),
    ("a list", "- x", "expected"),
]
IDS = [row[0] for row in HOSTILE]


@pytest.mark.parametrize(("content", "says"), [row[1:] for row in HOSTILE], ids=IDS)
def test_what_is_hostile_is_a_sentence(tmp_path: Path, content: str, says: str | None) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(content, "utf-8")
    if says is None:  # read as the words that it is, and nothing run
        assert read_document(path).data == {"x": ["ls"]}
        return
    with pytest.raises(YamlError) as raised:
        read_document(path)
    assert says in str(raised.value)
    assert str(path) in str(raised.value)
    assert len(str(raised.value)) < 500 or "appears twice" in str(raised.value)


@pytest.mark.parametrize(
    ("content", "data"),
    [
        ("a: &x [b, ~]\nc: *x", {"a": ["b", None], "c": ["b", None]}),
        ("a: &x {b: &y [c, '~']}\nd: *y\ne: *x", {"a": {"b": ["c", "~"]}, "d": ["c", "~"], "e": {"b": ["c", "~"]}}),
        ("&x a: 1\nb: *x\nc:\n  *x : d", {"a": "1", "b": "a", "c": {"a": "d"}}),
        ("a: &x\nb: [*x, *x]", {"a": None, "b": [None, None]}),
    ],
    ids=["a list", "one within another", "a key", "nothing"],
)
def test_a_part_that_is_named_stands_wherever_it_is_referred_to(tmp_path: Path, content: str, data: object) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(content, "utf-8")
    assert read_document(path).data == data


@pytest.mark.parametrize("content", [row[1] for row in HOSTILE], ids=IDS)
def test_every_command_says_it(tmp_path: Path, content: str) -> None:
    """Whichever file it is given as: exit code 2, a sentence and nothing written."""
    cases, bad, document = tmp_path / "cases.csv", tmp_path / "bad.yaml", tmp_path / "policy.txt"
    document.write_text("1. A policy.", "utf-8")
    cases.write_text("reference,received\nA,2026-03-02\n", "utf-8")
    bad.write_text(content, "utf-8")
    audit = ("audit", cases, "--council", "coventry", "--as-at", "2026-06-30")
    for arguments in (
        (*audit, "--mapping", bad),
        (*audit, "--waivers", bad),
        (*audit, "--output", f"{tmp_path}/pack/", "--supplied", bad),
        ("verify", bad, "--document", document),
    ):
        done = run(*arguments)
        assert done.code == 2, arguments
        assert "bad.yaml" in done.err and "Traceback" not in done.err
        assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.yaml", "cases.csv", "policy.txt"]


def test_a_bomb_takes_neither_time_nor_memory(tmp_path: Path) -> None:
    """In a process of its own, with a gigabyte and twenty seconds of the processor."""
    bomb = tmp_path / "bomb.yaml"
    bomb.write_text(LAUGHS, "utf-8")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (1024**3, 1024**3))
        resource.setrlimit(resource.RLIMIT_CPU, (20, 20))

    said = (
        "from putright.files.yamlfiles import *; from pathlib import Path; import sys; read_document(Path(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", said, bomb], preexec_fn=limit, capture_output=True, text=True, check=False
    )
    assert "YamlError" in done.stderr and "aliases make more than" in done.stderr


def test_what_is_not_a_file_or_too_large(tmp_path: Path) -> None:
    large = tmp_path / "large.yaml"
    large.write_bytes(b"# " + b"x" * yamlfiles.LARGEST)
    os.mkfifo(tmp_path / "pipe.yaml")
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"a: 1\nb: caf\xe9\n")
    for path, says in (
        (large, "larger than 5 MB"),
        (tmp_path / "pipe.yaml", "is not a file that can be read"),
        (Path("/dev/zero"), "is not a file that can be read"),
        (tmp_path, "is not a file that can be read"),
        (tmp_path / "none.yaml", "cannot be read"),
        (latin, "latin.yaml:2: is not in UTF-8"),
    ):
        with pytest.raises(YamlError, match=says):
            read_document(path)


GOOD = (Path(__file__).parent / "books" / "testshire.yaml").read_text("utf-8")
#: Values of every type, for any key.
VALUES = st.recursive(
    st.sampled_from(["", "null", "1", "-1", "9" * 30, "1e999", "true", "2026-02-30", "a", "[]", "{}", "~", "'\\0'"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda some: f"[{', '.join(some)}]"),
        st.dictionaries(st.sampled_from(["rule", "kind", "id", "if", "holds"]), inner, max_size=3).map(
            lambda some: "{" + ", ".join(f"{key}: {value}" for key, value in some.items()) + "}"
        ),
    ),
    max_leaves=6,
)
LINES = [number for number, line in enumerate(GOOD.splitlines()) if ": " in line and not line.startswith("#")]


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(LINES), VALUES)
def test_a_wrong_type_anywhere_in_a_rulebook_is_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, number: int, value: str
) -> None:
    lines = GOOD.splitlines()
    key, _, _ = lines[number].partition(": ")
    lines[number] = f"{key}: {value}"
    path = tmp_path_factory.mktemp("book") / "book.yaml"
    path.write_text("\n".join(lines), "utf-8")
    try:
        read_rulebook(path)
    except Mistake as error:
        assert str(path) in str(error)
