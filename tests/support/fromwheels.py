"""putright with every extra of the handbook, and councils, installed from wheels: every command run there, once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import basevenv
import councils
from basevenv import BaseVenv
from shared import made_once

#: A toy of five clauses, three stages, no extension, closure days, fields of its own.
COUNCILS = ("fiveways", "threestages", "plainly", "shutford", "earlyham")
_EACH = (
    "sample --council {name} --cases 12 --seed 3 --year-ending 2026-11-30 --output {name}.csv",
    "audit {name}.csv --council {name} --as-at 2026-11-30 --output {name}.xlsx",
    "explain {name}.csv SYNTHETIC-0001 --council {name} --as-at 2026-11-30",
    "due --council {name} --received 2026-12-18",
    "assess {name}",
)
_COMMANDS = (
    "plugins",
    "sample --council fife --cases 12 --seed 3 --year-ending 2026-11-30 --output cases.csv",
    "audit cases.csv --council fife --as-at 2026-11-30 --output pack/",
    "annual cases.csv --council fife --year 2025-26 --as-at 2026-11-30 --output annual/",
    "explain cases.csv SYNTHETIC-0001 --council fife --as-at 2026-11-30",
    "watch cases.csv --council fife --as-at 2026-11-30",
    "due --council fife --received 2026-12-18",
    "assess fife",
    "compare fife",
    "verify fife.corporate policy.md",
    *(command.format(name=name) for name in COUNCILS for command in _EACH),
    "due --council earlyham --event early_resolution_offered=2026-12-18",
    "notebooks --council twofold --notebook 4-stage-1-to-stage-2 --output training",
    f"handbook {' '.join(f'--council {name}' for name in ('fife', *COUNCILS))} --as-at 2026-11-30 --output site",
)


@cache
def made() -> tuple[BaseVenv, Path]:
    """The environment, and the folder with what the commands wrote."""
    folder = made_once("from-wheels", _make)
    return basevenv.at(folder / "env"), folder / "work"


def _make(folder: Path) -> None:
    chosen = [council for council in councils.COUNCILS if council.name in ("fife", "twofold", *COUNCILS)]
    env = basevenv.make(folder / "env", "putright[handbook]", without_putright=True)
    built = basevenv.wheels([councils.write(each, folder) for each in chosen], folder / "wheels")
    assert len(built) == len(chosen)
    basevenv.install(env, basevenv.putright_wheel(), *built)
    work = folder / "work"
    work.mkdir()
    (work / "policy.md").write_text("1 We respond within 5 working days.\n", "utf-8")
    env.run_all(_COMMANDS, work)
