"""One broken plugin is named and left out; the others work; who wants to stop instead can."""

from __future__ import annotations

from pathlib import Path

import putright
import pytest
from casefiles import council, run
from putright import national, plugins
from putright.api.hosts import PluginWarning
from putright.hookspecs import hookimpl
from putright.mistakes import Mistake

GOOD = """\
rulebook: {name}
title: Complaints
authority: Testshire
edition: first
source: {{document: Made up for tests}}
owner: Complaints team
clauses:
  - id: "1"
    heading: Acknowledging
    text: In five days.
    rules:
      - {{rule: acknowledge-stage1, kind: deadline, from: received, to: stage1_acknowledged, within: {within}}}
"""
BAD = GOOD.format(name="oldtown.corporate", within="five days")
WHY = "'within': expected a number from 1 to 999"


def test_a_broken_plugin_is_named_and_the_others_work(tmp_path: Path) -> None:
    with council(tmp_path, "oldtown", [BAD]):
        result = run("due", "--council", "coventry", "--received", "2026-06-01")
        assert result.code == 0 and "acknowledge stage 1" in result.out
        (note,) = result.err.splitlines()
        assert note.startswith("putright: plugin 'oldtown' is left out: ") and WHY in note and "book0.yaml:12:" in note


def test_where_the_broken_plugin_is_the_council_asked_for_the_run_ends(tmp_path: Path) -> None:
    with council(tmp_path, "oldtown", [BAD]):
        for arguments in (
            ["due", "--council", "oldtown", "--received", "2026-06-01"],
            ["assess", "oldtown"],
            ["rules", "--council", "oldtown"],
        ):
            result = run(*arguments)
            assert result.code == 2 and not result.out
            assert "council 'oldtown' cannot be used, since something is wrong with its plugin:" in result.err
            assert WHY in result.err


@pytest.mark.parametrize("how", ["option", "variable"])
def test_strict_plugins_stops(tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if how == "variable":
        monkeypatch.setenv("PUTRIGHT_STRICT_PLUGINS", "1")
    with council(tmp_path, "oldtown", [BAD]):
        before = ["--strict-plugins"] if how == "option" else []
        result = run(*before, "due", "--council", "coventry", "--received", "2026-06-01")
    assert result.code == 2 and not result.out and "plugin 'oldtown': " in result.err and WHY in result.err


def test_from_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It warns, and keeps the reasons; a council that is named, or ``strict``, makes a mistake of it."""
    monkeypatch.setenv("PUTRIGHT_PLUGINS", "coventry,oldtown")
    with council(tmp_path, "oldtown", [BAD]):
        with pytest.warns(PluginWarning, match="plugin 'oldtown' is left out"):
            host = putright.load()
        assert host.councils == ("coventry",)
        (problem,) = host.left_out["oldtown"]
        assert (problem.line, problem.clause, problem.rule) == (12, "1", "acknowledge-stage1")
        for wanted in (lambda: putright.load(strict=True), lambda: putright.load(["coventry", "oldtown"])):
            with pytest.raises(Mistake, match="'within'") as caught:
                wanted()
            assert caught.value.file == problem.file and caught.value.line == 12
        with pytest.raises(Mistake, match="cannot be used"):
            putright.due(host, "oldtown", received=putright.api.dates.today())  # type: ignore[attr-defined]


def _plugin(folder: Path, text: str) -> type:
    path = folder / f"{abs(hash(text))}.yaml"
    path.write_text(text, "utf-8")
    return type("Plugin", (), {"putright_rulebooks": staticmethod(hookimpl(lambda: [path]))})


def test_what_rests_on_a_plugin_that_is_left_out_is_left_out_too(tmp_path: Path) -> None:
    code = _plugin(tmp_path, GOOD.format(name="hillcode", within="five days"))
    own = GOOD.format(name="hillton.corporate", within="5 working days, answers: [hillcode 1]")
    other = GOOD.format(name="dale.corporate", within="5 working days")
    given = [("hillcode", code, "1"), ("hillton", _plugin(tmp_path, own), "1"), ("dale", _plugin(tmp_path, other), "1")]
    host = plugins.build([("national", national, "1"), *given], strict=False)
    assert [plugin.name for plugin in host.plugins] == ["national", "dale"]
    assert "the plugin 'hillcode' is left out" in str(host.left_out["hillton"][0])


def test_a_command_that_cannot_be_had_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin whose hook gives something else, or a name that is taken, does not stop other commands."""
    with council(tmp_path, "oldtown", [GOOD.format(name="oldtown.corporate", within="5 working days")]):
        import putright_oldtown  # type: ignore[import-not-found]

        monkeypatch.setattr(putright_oldtown, "putright_commands", hookimpl(lambda: ["nonsense"]), raising=False)
        result = run("rules", "--council", "coventry")
        assert (
            result.code == 0 and "plugin 'oldtown' is left out: putright_commands must return a list of" in result.err
        )
        taken = putright.command.Command("audit", lambda _: None, lambda _: 0)  # type: ignore[attr-defined]
        monkeypatch.setattr(putright_oldtown, "putright_commands", hookimpl(lambda: [taken]))
        result = run("rules", "--council", "coventry")
        assert result.code == 0 and "there is a command 'audit' already" in result.err
        assert run("--strict-plugins", "rules", "--council", "coventry").code == 2


def test_two_distributions_that_bring_one_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = GOOD.format(name="oldtown.corporate", within="5 working days")
    with council(tmp_path, "oldtown", [good]):
        other = tmp_path / "another-2.0.dist-info"
        other.mkdir()
        (other / "METADATA").write_text("Metadata-Version: 2.1\nName: another\nVersion: 2.0\n")
        (other / "entry_points.txt").write_text("[putright]\noldtown = putright_oldtown\n")
        monkeypatch.setenv("PUTRIGHT_PLUGINS", "oldtown")
        with pytest.warns(PluginWarning, match="both bring a plugin of this name"):
            host = putright.load()
        assert host.councils == ("oldtown",)
