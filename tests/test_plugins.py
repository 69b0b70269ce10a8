"""The plugin host: what plugins may give, and that every mistake names the plugin."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from putright import hookspecs, national, plugins
from putright.auditing.audits import audit
from putright.calendars import Calendar
from putright.hookspecs import hookimpl
from putright.mistakes import PluginError
from putright.rulebooks.reading import RulebookError

BOOK = """\
rulebook: {name}
title: Testshire complaints
authority: Testshire
edition: {edition}
in_force: {{from: {start}, to: {end}}}
source: {{document: Made up for tests}}
owner: Complaints team
clauses:
  - id: "1"
    heading: Acknowledging
    text: In {days} days.
    rules:
      - rule: acknowledge-stage1
        kind: deadline
        from: received
        to: stage1_acknowledged
        within: {days} working days
      - rule: acknowledgement-stage1-contents
        kind: contents
        holds: [{word}]
"""


def book(folder: Path, file: str = "one.yaml", **changed: Any) -> Path:
    values = {"name": "testshire.corporate", "edition": "first", "start": "2025-01-01", "end": "", "days": 5}
    path = folder / file
    path.write_text(BOOK.format(**{**values, "word": "reason", **changed}), encoding="utf-8")
    return path


def plugin(**hooks: Any) -> Any:
    """A throw-away plugin: each hook by name, with what it returns."""

    def implementation(value: Any) -> Any:
        return staticmethod(hookimpl(lambda: value))

    return type("Testshire", (), {name: implementation(value) for name, value in hooks.items()})


def host(*modules: Any) -> plugins.Host:
    return plugins.build([("national", national, "1"), *(("testshire", module, "1") for module in modules)])


def test_installed_plugins_come_in_a_fixed_order_national_first() -> None:
    names = [found.name for found in plugins.load().plugins]
    assert names == ["national", *sorted(names[1:])]
    assert "coventry" in names


def test_allow_list(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [found.name for found in plugins.load(only=[]).plugins] == ["national"]
    assert [found.name for found in plugins.load(only=["coventry"]).plugins] == ["national", "coventry"]
    monkeypatch.setenv("PUTRIGHT_PLUGINS", "coventry, national")
    assert [found.name for found in plugins.load().plugins] == ["national", "coventry"]
    with pytest.raises(PluginError, match=r"no plugin is named covntry; did you mean 'coventry'\?; installed: "):
        plugins.load(only=["covntry"])


def test_national_rulebooks_come_through_the_same_hook() -> None:
    assert set(host().editions) == {
        *("lgsco", "housing", "children-2006", "adults-2009", "public-health-2012"),
    }
    assert host().plugins[0].hooks == ("putright_notebooks", "putright_rulebooks")


def test_a_council_s_rulebook_and_closure_days(tmp_path: Path) -> None:
    closed = dt.date(2026, 12, 29)
    made = host(plugin(putright_rulebooks=[book(tmp_path)], putright_closure_days={closed: "Christmas closure"}))
    assert made.councils == ("testshire",)
    (own,), (code,) = made.editions["testshire.corporate"], made.editions["lgsco"]
    start = dt.date(2026, 12, 23)
    assert made.calendar(own).add(start, 5) == dt.date(2027, 1, 5)
    assert made.calendar(code).add(start, 5) == Calendar().add(start, 5) == dt.date(2027, 1, 4)


def test_a_plugin_s_own_words(tmp_path: Path) -> None:
    rulebooks = [book(tmp_path, word="leaflet")]
    made = host(plugin(putright_rulebooks=rulebooks, putright_words={"leaflet": "the leaflet"}))
    assert made.words["leaflet"] == "the leaflet"
    with pytest.raises(RulebookError, match="'leaflet' is not a word for letter contents"):
        host(plugin(putright_rulebooks=rulebooks))


WRONG = [
    (
        {"putright_rulebooks": "one.yaml"},
        "putright_rulebooks must return a list of paths of YAML files; it returned 'one",
    ),
    ({"putright_rulebooks": [1]}, "putright_rulebooks must return a list of paths"),
    ({"putright_closure_days": ["2026-12-29"]}, "putright_closure_days must return a dict of date"),
    ({"putright_closure_days": {dt.datetime(2026, 12, 29): "x"}}, "putright_closure_days must return a dict of date"),
    ({"putright_closure_days": {dt.date(2026, 12, 29): ""}}, "putright_closure_days must return a dict of date"),
    ({"putright_closure_days": {dt.date(1826, 12, 29): "x"}}, "putright_closure_days: 1826-12-29 is outside"),
    ({"putright_words": ["leaflet"]}, "putright_words must return a dict"),
    ({"putright_words": {"Leaflet": "x"}}, "putright_words must return a dict of lower-case word"),
    ({"putright_words": {"reason": "x"}}, "putright_words: already a word: reason"),
    ({"putright_words": {"none": "x"}}, "putright_words: already a word: none"),
    ({"putright_words": {f"word{n}": "x" for n in range(40)}}, "more than 63 words"),
    ({"putright_rulebook": []}, "hooks: putright_rulebooks"),
]


@pytest.mark.parametrize(("hooks", "message"), WRONG)
def test_a_mistake_names_the_plugin(hooks: dict[str, Any], message: str) -> None:
    with pytest.raises(PluginError) as caught:
        host(plugin(**hooks))
    assert str(caught.value).startswith("plugin 'testshire': ")
    assert message in str(caught.value)


def fails() -> list[Path]:
    raise KeyError("rulebook.yaml")


def hangs_up() -> list[Path]:
    raise SystemError


def wants(council: str) -> list[Path]:
    return [Path(council)]


@pytest.mark.parametrize(
    ("hook", "said"),
    [
        (fails, "putright_rulebooks fails: KeyError: 'rulebook.yaml'"),
        (hangs_up, "putright_rulebooks fails: SystemError"),
        (wants, "Argument(s) {'council'} are declared in the hookimpl but can not be found in the hookspec"),
    ],
)
def test_a_hook_that_fails_names_the_plugin(hook: Any, said: str) -> None:
    """In one line, with nothing of Python's own."""
    module = type("Testshire", (), {"putright_rulebooks": staticmethod(hookimpl(hook))})
    with pytest.raises(PluginError) as caught:
        host(module)
    assert str(caught.value).startswith("plugin 'testshire': ") and said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert caught.value.__suppress_context__


def test_an_unmarked_misspelt_hook_is_a_mistake_too() -> None:
    module = type("Testshire", (), {"putright_closuredays": staticmethod(lambda: {})})
    with pytest.raises(PluginError, match="'putright_closuredays' is not a hook"):
        host(module)


def test_a_broken_rulebook_names_the_plugin_and_the_line(tmp_path: Path) -> None:
    path = book(tmp_path, days="five")
    with pytest.raises(RulebookError) as caught:
        host(plugin(putright_rulebooks=[path]))
    assert str(caught.value).startswith(f"plugin 'testshire': {path}:17:9: clause 1: 'within'")


def test_a_rulebook_of_someone_else(tmp_path: Path) -> None:
    with pytest.raises(RulebookError, match=r"one\.yaml:1: rulebook 'lgsco' must be named 'testshire\.<procedure>'"):
        host(plugin(putright_rulebooks=[book(tmp_path, name="lgsco")]))


def test_each_case_is_judged_by_the_edition_of_its_day(tmp_path: Path) -> None:
    from casemaking import as_records

    first = book(tmp_path, "1.yaml", start="2024-01-01", end="2024-12-31", days=3)
    second = book(tmp_path, "2.yaml", start="2025-01-01", edition="second", days=5)
    made = host(plugin(putright_rulebooks=[second, first]))
    received = ["2023-12-29", "2024-12-31", "2025-01-01"]
    records = as_records([{"received": dt.date.fromisoformat(day)} for day in received], made.councils, "testshire")
    found = audit(records, made, dt.date(2026, 1, 1)).findings
    own = found.filter(found["rulebook"] == "testshire.corporate").to_dicts()
    assert [(row["edition"], str(row["due"]), row["marks"]) for row in own] == [
        ("first", "2024-01-04", ["not_recorded", "before_edition"]),
        ("first", "2025-01-06", ["not_recorded"]),
        ("second", "2025-01-08", ["not_recorded"]),
    ]


@pytest.mark.parametrize(
    ("end", "start"), [("2024-12-30", "2025-01-01"), ("2025-01-01", "2025-01-01"), ("", "2025-01-01")]
)
def test_editions_leave_no_gap_and_do_not_overlap(tmp_path: Path, end: str, start: str) -> None:
    first = book(tmp_path, "1.yaml", start="2024-01-01", end=end)
    second = book(tmp_path, "2.yaml", start=start, edition="second")
    with pytest.raises(RulebookError, match="must begin on the day after"):
        host(plugin(putright_rulebooks=[first, second]))


def test_every_hook_says_what_it_is_for() -> None:
    for name in vars(hookspecs):
        if name.startswith("putright_"):
            assert (vars(hookspecs)[name].__doc__ or "").strip()
