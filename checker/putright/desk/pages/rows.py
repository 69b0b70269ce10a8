"""Rows: what became of each, those to be put right, and how complete the data is, before any verdict."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from putright.api.audits import quality_sentences
from putright.desk.runs import Run
from putright.desk.screens import of_results, page
from putright.text import rounding
from putright.writing import outputs

#: How many rejected rows the page lists; the file has all of them.
_LISTED = 100


def _rows(request: Request, run: Run) -> Response:
    results = run.results
    assert results is not None
    summary = results.summary
    quality = summary["data_quality"]
    gaps = [
        {**each, "percent": rounding.percent(each["recorded"], each["base"])}
        for each in quality["fields"]
        if each["arises"] and each["in_file"] and each["blank"] == "missing" and each["base"] > each["recorded"]
    ]
    return page(
        request,
        "rows",
        run=run,
        summary=summary,
        counts=summary["reconciliation"],
        rejected=results.rejected.head(_LISTED).to_dicts(),
        gaps=gaps,
        sentences=list(quality_sentences(quality)),
    )


shown = of_results(_rows)


def _rejected(request: Request, run: Run) -> Response:
    assert run.results is not None
    path = run.folder / "rejected.xlsx"
    outputs.write_table(run.results.rejected, str(path), "xlsx", private=True)
    return FileResponse(path, filename=f"{run.export.stem}-rows-to-put-right.xlsx")


rejected = of_results(_rejected)
