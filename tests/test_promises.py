"""What the page on your data promises: every sentence has its tests, and every limit is the one that is held to."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from putright.disclosure import figuresfile
from putright.files import sheets, tables, textfiles, workbooks, yamlfiles
from putright.policy import documents

HERE = Path(__file__).parent
PAGE = (HERE.parent / "handbook" / "putright_handbook" / "pages" / "your-data.md").read_text("utf-8")

#: Each sentence that promises anything, by how it begins, with the tests of it.
PROMISES: dict[str, list[str]] = {
    "No command asks": ["test_documents::test_every_example_runs_and_asks_no_other_machine"],
    "Jupyter Book,": ["test_jupyterbook::test_node_reaches_this_machine_and_no_other"],
    "A committee pack is made": ["test_pack_command::test_a_pack_needs_no_other_program"],
    "The pages of a pack": [
        "test_pack_browser::test_nothing_is_asked_of_the_network",
        "test_handbook_browser::test_no_page_asks_any_other_host_or_fails",
        "test_handbook_lite::test_day_zero_runs_in_the_browser_and_asks_no_other_host",
    ],
    "A file that a command reads": ["test_claims::test_what_a_run_reads_is_never_written_over"],
    "An output takes the place": [
        "test_claims::test_a_file_of_someone_s_stays",
        "test_claims::test_a_former_output_is_replaced_where_it_is_surely_one",
    ],
    "A workbook that somebody": ["test_claims::test_a_former_output_that_someone_added_to_stays"],
    "In a folder, only": [
        "test_claims::test_a_folder_that_someone_has_edited_stays",
        "test_claims::test_a_file_with_a_pack_s_name_that_no_receipt_names_stays",
        "test_handbook_building::test_another_folder_is_never_written_over",
        "test_handbook_building::test_what_is_not_putright_s_stays_in_its_folders",
    ],
    "What a command writes": [
        "test_staging::test_a_file_killed_at_any_moment_is_the_old_or_the_new_one",
        "test_staging::test_a_folder_killed_at_any_moment_is_never_half_of_one_with_a_receipt",
        "test_staging::test_a_new_folder_killed_at_any_moment_is_there_with_all_its_files_or_not",
    ],
    "What a stopped command": [
        "test_staging::test_a_private_folder_of_a_killed_run_goes_with_the_next",
        "test_stopping::test_a_command_that_is_killed_leaves_nothing_that_looks_whole",
        "test_stopping::test_a_command_that_is_asked_to_end_leaves_nothing",
    ],
    "A change of a folder": ["test_staging::test_a_change_that_fails_half_way_is_undone"],
    "The receipt of a pack": ["test_pack_command::test_the_receipt_names_every_input_and_output"],
    "If one of them changes": ["test_claims::test_a_file_that_changes_while_it_is_read_stops_the_run"],
    "Files that name cases": ["test_claims::test_a_pack_with_its_owner_s_files"],
    "Work in progress": ["test_staging::test_a_private_folder_of_a_killed_run_goes_with_the_next"],
    "When putright itself": ["test_terminals::test_a_fault_of_our_own_says_where_and_nothing_of_the_records"],
    "Published figures name": ["test_pack_command::test_published_figures_name_no_case"],
    "Counts below the threshold": ["test_publication::test_nothing_withheld_can_be_worked_out"],
    "With `--published`": [
        "test_publication::test_quarters_and_what_they_make_up_give_nothing_away",
        "test_earlier::test_neighbouring_figures_that_were_not_given_are_named",
    ],
    "The receipt of published": ["test_pack_command::test_published_figures_name_no_case"],
    "Published figures that were": ["test_figuresfile::test_tampered_figures_are_refused_in_a_sentence"],
    "A cell of a CSV": ["test_formulas::test_every_text_is_inert_and_comes_back"],
    "In a workbook, text": ["test_batches::test_text_never_turns_into_a_formula"],
    "Nothing in a record or": ["test_terminals::test_nothing_of_a_file_or_its_name_moves_the_cursor"],
    "A file that cannot be read": [
        "test_contract_reading::*",
        "test_hostile_files::*",
        "test_yamlfiles::test_what_is_hostile_is_a_sentence",
    ],
    "So is one that passes": ["test_promises::test_the_limits_are_those_that_are_held_to"],
}


def sentences() -> list[str]:
    """The sentences of the page after its first words."""
    text = PAGE.split("\n## ", 1)[1]
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(("|", "#"))]
    paragraphs = " ".join(line for line in lines if not re.fullmatch(r"[A-Z][\w ]+", line))
    return re.split(r"(?<=[.:]) (?=[A-Z])", paragraphs.strip())


def functions(module: str) -> set[str]:
    tree = ast.parse((HERE / f"{module}.py").read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


def test_every_sentence_is_promised_here() -> None:
    found = sentences()
    assert len(found) == len(PROMISES)
    for sentence, start in zip(found, PROMISES, strict=True):
        assert sentence.startswith(start), sentence


@pytest.mark.parametrize("start", PROMISES)
def test_every_promise_has_its_tests(start: str) -> None:
    for named in PROMISES[start]:
        module, _, name = named.partition("::")
        assert functions(module) if name == "*" else name in functions(module), named


def test_the_limits_are_those_that_are_held_to() -> None:
    rows = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE))
    assert rows["one cell, or one value"] == f"{tables.LONGEST_CELL:,} letters"
    assert rows["one line of a text file"] == f"{textfiles.LONGEST_LINE:,} letters"
    assert rows["columns"] == f"{tables.MOST_COLUMNS:,}"
    assert rows["a sheet"] == f"{sheets.ROWS:,} rows and {sheets.COLUMNS:,} columns"
    assert rows["a workbook, unpacked"] == f"{workbooks.LARGEST // 1024**3} GB"
    assert rows["a rulebook, mapping or other YAML file"] == (
        f"{yamlfiles.LARGEST // 1024**2} MB, {yamlfiles.MOST:,} values, {yamlfiles.DEEPEST} levels"
    )
    assert rows["published figures"] == f"{figuresfile.LARGEST // 10**6} MB"
    assert rows["a council's document"] == f"{documents.LARGEST // 10**6} MB, {documents.LONGEST:,} letters"
