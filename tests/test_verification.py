"""Verifying a rulebook against a council's document: what is found, what is not, and every kind of file."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import docx
import pytest
import typst
from hypothesis import example, given
from hypothesis import strategies as st
from putright.policy import verification
from putright.policy.documents import DocumentError, read_lines
from putright.rulebooks.limits import Limit, Unit
from putright.rulebooks.reading import read_rulebook

BOOK = read_rulebook(Path(__file__).parent / "books" / "verified.yaml")
POLICY = """\
Our complaints policy
1. Contents
6.10 Acknowledging .... 4
6.10 Acknowledging
We acknowledge within five working days (6.11 below has more).
6.11 More time
We may take ten further working days.
Informal stage
We ring within 24 hours.
Appendix C
Answer: 20 working days from the acknowledgement.
You have one year to come to us.
"""


def found(text: str) -> dict[str, str]:
    """Clause, or clause and rule, and where it was found."""
    results = verification.verify(BOOK, text.splitlines())
    return {f"{each.clause} {each.rule}".strip(): each.found for each in results}


def test_everything_in_its_place() -> None:
    assert set(found(POLICY).values()) == {"in the clause"}
    assert len(found(POLICY)) == 4 + 5


#: what is changed in the policy, into what; what then is not in its clause, and where it is
CHANGES = [
    ("within five working", "within six working", {"6.10 acknowledge-stage1": "nowhere"}),
    ("within five working", "within fifteen working", {"6.10 acknowledge-stage1": "nowhere"}),
    ("24 hours", "2 working days", {"Informal stage resolve-informally": "nowhere"}),
    ("ten further", "five further", {"6.11 extend-stage1": "nowhere"}),
    ("ten further working days", "up to 30 working days in all", {}),
    ("one year", "twelve months", {}),
    ("one year", "6 months", {"App C (summary) complain-in-time": "nowhere"}),
    ("20 working", "10 working", {"App C (summary) respond-stage1": "nowhere"}),
    ("6.11 More time\n", "6.12 More time\n", {"6.11": "elsewhere", "6.11 extend-stage1": "elsewhere"}),
    (
        "Informal stage\n",
        "Early help\n",
        {"Informal stage": "nowhere", "Informal stage resolve-informally": "elsewhere"},
    ),
]


@pytest.mark.parametrize(("old", "new", "expected"), CHANGES, ids=[f"{old} > {new}" for old, new, _ in CHANGES])
def test_what_a_new_edition_changes(old: str, new: str, expected: dict[str, str]) -> None:
    assert old in POLICY
    differing = {name: where for name, where in found(POLICY.replace(old, new)).items() if where != "in the clause"}
    assert differing == expected


def test_the_times_that_the_clause_gives_now_are_named() -> None:
    results = verification.verify(BOOK, POLICY.replace("five working", "8 working").splitlines())
    (changed,) = [each for each in results if each.found != "in the clause"]
    assert changed.seen == ("8 working days",)
    sentences = [str(part) for part in results.render()]
    assert any(
        "acknowledge-stage1: 5 working days is nowhere" in part and "8 working days" in part for part in sentences
    )


@example(51, 50, Unit.WORKING_DAYS)
@given(st.integers(1, 99), st.integers(1, 99), st.sampled_from(list(Unit)))
def test_a_figure_is_read_in_words_and_never_mistaken_for_another(count: int, other: int, unit: Unit) -> None:
    noun = {"months inclusive": "calendar months"}.get(str(unit), str(unit))
    spelt = re.sub(r"\[.*?\]\?", "-", verification.spelt(count))
    for text in (f"within {count} {noun}", f"within {spelt} {noun}", f"within {spelt} ({count}) {noun} of it"):
        assert verification.gives(text, Limit(count, unit))
        same = other == count
        assert verification.gives(text, Limit(other, unit)) == same


# --- files ----------------------------------------------------------------------------------------


def text_file(path: Path) -> None:
    path.write_text(POLICY, encoding="utf-8")


def old_text_file(path: Path) -> None:
    path.write_bytes(POLICY.replace("Our", "\u2018Our\u2019").encode("cp1252"))


def wide_text_file(path: Path) -> None:
    path.write_text(POLICY, encoding="utf-16")


def pdf_file(path: Path) -> None:
    lines = "\n".join(f'#text("{line}") \\' for line in POLICY.splitlines())
    path.write_bytes(typst.compile(lines.encode()))


def word_file(path: Path) -> None:
    """Plain paragraphs, and a table for the appendix."""
    document = docx.Document()
    body, _, appendix = POLICY.partition("Appendix C\n")
    for line in body.splitlines():
        document.add_paragraph(line)
    document.add_paragraph("Appendix C")
    table = document.add_table(rows=0, cols=2)
    for line in appendix.splitlines():
        table.add_row().cells[1].text = line
    document.save(str(path))


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("policy.txt", text_file),
        ("policy.md", text_file),
        ("old.txt", old_text_file),
        ("wide.txt", wide_text_file),
        ("policy.pdf", pdf_file),
        ("policy.docx", word_file),
    ],
)
def test_every_kind_of_document(tmp_path: Path, name: str, write: object) -> None:
    assert callable(write)
    write(tmp_path / name)
    results = verification.verify(BOOK, read_lines(tmp_path / name))
    assert {each.found for each in results} == {"in the clause"}


def test_numbers_that_word_makes_itself(tmp_path: Path) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document()
    numbering = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="{start}"/><w:numFmt w:val="decimal"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level, start, text in ((0, 6, "%1."), (1, 9, "%1.%2"))
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    for level, text in (
        (0, "Stages"),
        (1, "Logging"),
        (1, "Acknowledging"),
        (1, "More time"),
        (0, "Next"),
        (1, "First"),
    ):
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        properties.append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
        )
    document.add_paragraph("No number")
    document.save(str(tmp_path / "p.docx"))
    lines = ["6. Stages", "6.9 Logging", "6.10 Acknowledging", "6.11 More time", "7. Next", "7.9 First", "No number"]
    assert [line for line in read_lines(tmp_path / "p.docx") if line] == lines


def locked(path: Path) -> None:
    import pypdf

    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret")
    writer.write(path)


def blank(path: Path) -> None:
    path.write_bytes(typst.compile(b"#rect()"))


#: name, what is in it, what the message says
BROKEN = [
    ("policy.odt", b"", "a document is read as .txt, .md, .html, .htm, .pdf, .docx"),
    ("policy.txt", None, "there is no such file"),
    ("policy.txt", b" \n\n", "holds no text"),
    ("policy.txt", b"PK\x03\x04\0\0\0", "is not a text file, whatever its name ends in"),
    ("policy.pdf", b"%PDF-1.7\nnonsense", "cannot be read as PDF"),
    ("policy.pdf", b"", "cannot be read as PDF"),
    ("policy.pdf", blank, "OCR"),
    ("policy.pdf", locked, "locked by a password"),
    ("policy.docx", b"PK\x03\x04nonsense", "cannot be read as Word"),
    ("policy.docx", b"", "cannot be read as Word"),
]


@pytest.mark.parametrize(("name", "content", "message"), BROKEN, ids=[f"{n} {m}" for n, _, m in BROKEN])
def test_a_broken_document_is_one_sentence(tmp_path: Path, name: str, content: object, message: str) -> None:
    path = tmp_path / name
    if callable(content):
        content(path)
    elif isinstance(content, bytes):
        path.write_bytes(content)
    with pytest.raises(DocumentError, match=re.escape(message)) as error:
        read_lines(path)
    assert str(error.value).startswith(str(path)) and "\n" not in str(error.value)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "putright", *arguments], capture_output=True, text=True, check=False)


def test_the_command(tmp_path: Path) -> None:
    text_file(tmp_path / "policy.txt")
    book = str(Path(__file__).parent / "books" / "verified.yaml")
    shown = run("verify", book, "--document", str(tmp_path / "policy.txt"))
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "4 of 4 clauses found; 5 of 5 figures" in shown.stdout
    (tmp_path / "new.txt").write_text(POLICY.replace("five", "six"), encoding="utf-8")
    strict = run("verify", book, "--document", str(tmp_path / "new.txt"), "--strict")
    assert strict.returncode == 1 and "6.10" in strict.stdout
    missing = run("verify", "coventry", "--document", str(tmp_path / "none.txt"))
    assert missing.returncode == 2 and "there is no such file" in missing.stderr


def test_a_policy_that_is_spread_over_several_pages(tmp_path: Path) -> None:
    """A clause ends with its page, and what one page lacks another may have."""
    first, second = POLICY.split("Informal stage")
    pages = [first.splitlines(), f"Our promise\n20 working days\nInformal stage{second}".splitlines()]
    assert all(each.found == "in the clause" for each in verification.verify(BOOK, *pages))
    assert any(each.found == "nowhere" for each in verification.verify(BOOK, pages[0]))
    swapped = verification.verify(BOOK, ["6.10 Acknowledging"], ["We acknowledge within five working days"])
    assert {each.rule: each.found for each in swapped}["acknowledge-stage1"] == "elsewhere"
    paths = [tmp_path / "one.txt", tmp_path / "two.txt"]
    for path, lines in zip(paths, pages, strict=True):
        path.write_text("\n".join(lines), encoding="utf-8")
    book = str(Path(__file__).parent / "books" / "verified.yaml")
    for words in (
        ["verify", book, *map(str, paths), "--strict"],
        ["verify", book, "--strict", "--document", *map(str, paths)],
        ["verify", book, str(paths[0]), "--strict", "--document", str(paths[1])],
    ):
        done = run(*words)
        assert (done.returncode, done.stderr) == (0, ""), words
        assert "4 of 4 clauses found; 5 of 5 figures" in done.stdout
    none = run("verify", book)
    assert none.returncode == 2 and "no document is named" in none.stderr


def test_a_rulebook_of_a_council_is_named_with_its_procedure(tmp_path: Path) -> None:
    (tmp_path / "policy.txt").write_text(POLICY, encoding="utf-8")
    named = run("verify", "coventry.adults", str(tmp_path / "policy.txt"))
    assert named.returncode == 0 and named.stdout.startswith("coventry.adults: ")
    assert "coventry.corporate" not in named.stdout
    wrong = run("verify", "coventry.housing", str(tmp_path / "policy.txt"))
    assert wrong.returncode == 2 and "there is no rulebook coventry.housing" in wrong.stderr


WEB_PAGE = """<!doctype html><html><head><title>Complaints</title><style>p {}</style></head><body>
<nav><ul><li>6.10 Menu</li></ul></nav>
<main><h2>6.10&nbsp;Acknowledging</h2><p>We acknowledge <b>within
five</b> working&nbsp;days.<br>And so on.</p>
<table><tr><th>Stage</th><td>10 working days</td></tr></table><script>var day = 1</script></main>
<footer>6.11 Contact</footer></body></html>"""


def test_a_saved_web_page(tmp_path: Path) -> None:
    for name in ("page.html", "page.htm"):
        (tmp_path / name).write_text(WEB_PAGE, encoding="utf-8")
        lines = read_lines(tmp_path / name)
        assert lines == ["6.10 Acknowledging", "We acknowledge within five working days.", "And so on.",
                         "Stage 10 working days"]  # fmt: skip
    with pytest.raises(DocumentError, match="holds no text"):
        (tmp_path / "page.html").write_text("<nav>Menu</nav>")
        read_lines(tmp_path / "page.html")
