"""Fixtures for the tests of a council's plugin. pytest finds them by the entry point; nothing else imports this.

``putright_councils`` in pytest's configuration names the councils. Everything of putright is imported when a test asks
for a fixture, so that other tests of the same environment lose no time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from putright.api.audits import Audit
    from putright.api.dates import DueDates
    from putright.api.hosts import Host

_COUNCILS = "putright_councils"
_EXPECTED = "putright_expected"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the councils to what pytest's configuration may say."""
    parser.addini(_COUNCILS, "councils whose plugins putright's fixtures load; all if none is named", "args", [])


def _load(config: pytest.Config) -> Host:
    """The host of the councils, loaded once in a run."""
    from putright.api.hosts import load

    host = config.stash.get(_HOST, None)
    if host is None:
        host = load(config.getini(_COUNCILS) or None, strict=True)
        config.stash[_HOST] = host
    return host


_HOST = pytest.StashKey[Any]()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for ``putright_expected`` once for each expected case."""
    if _EXPECTED not in metafunc.fixturenames:
        return
    from putright.api.checks import expected
    from putright.mistakes import Mistake

    try:
        host = _load(metafunc.config)
        cases = expected(host, *(metafunc.config.getini(_COUNCILS) or host.councils))
    except Mistake as mistake:
        raise pytest.UsageError(*str(mistake).splitlines()) from None
    if not cases:
        raise pytest.UsageError(f"{_EXPECTED}: no rulebook has expected dates: write some under 'expect'")
    metafunc.parametrize(_EXPECTED, cases, ids=[case.name for case in cases])


@pytest.fixture(scope="session")
def putright_host(request: pytest.FixtureRequest) -> Host:
    """Gives the host of the councils that the configuration names, or of all; a plugin with a mistake stops the run."""
    return _load(request.config)


@pytest.fixture
def putright_audit(putright_host: Host) -> Callable[..., Audit]:
    """Gives a function that audits a case, or several: ``putright_audit({"received": date}, as_at=date)``.

    Cases are dictionaries by the fields of a case record. A case without a ``reference`` gets one, and without a
    ``council`` the first of those that are loaded.
    """

    def audit(cases: Mapping[str, Any] | Sequence[Mapping[str, Any]], *, as_at: dt.date) -> Audit:
        import putright

        listed = [cases] if isinstance(cases, Mapping) else cases
        given = [{"reference": f"case {number}", **case} for number, case in enumerate(listed, 1)]
        records = putright.Records.from_dicts(given, putright_host, council=putright_host.councils[0])
        return putright.audit(records, putright_host, as_at=as_at)

    return audit


@pytest.fixture
def putright_due(putright_host: Host) -> Callable[..., DueDates]:
    """Gives a function with the due dates of a case: ``putright_due(received=date, stage2_requested=date)``.

    ``council``, ``procedure`` and ``flags`` are as in ``putright.due``; the council is the first of those loaded.
    """

    def due(
        *, council: str | None = None, procedure: str = "corporate", flags: Sequence[str] = (), **events: dt.date
    ) -> DueDates:
        import putright

        council = council or putright_host.councils[0]
        return putright.due(putright_host, council, procedure, events=events, flags=flags)

    return due
