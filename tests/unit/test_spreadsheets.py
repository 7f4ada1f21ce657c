"""Lists as files, and what somebody typed in them."""

import csv
import io
import zipfile
from datetime import date, datetime

import pytest

from parents_partners.core.spreadsheets import FileFormat, Sheet, neutral, write_sheet

FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\u200e=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "|cmd",
    "%0A=1",
    '=HYPERLINK("https://example.org","Marte")',
    "Marte;=1+1",
    "Marte\n=1+1",
    'Marte;"=1+1;',
    'Marte;\u200b" =1+1;',
    'Marte\n"=1+1',
    'Marte;""" "=1+1',
]


def written(sheet: Sheet, format_: FileFormat) -> tuple[int, bytes]:
    file = io.BytesIO()
    return write_sheet(sheet, format_, file), file.getvalue()


def read_as_table(content: bytes, delimiter: str = ",") -> list[list[str]]:
    text = content.decode("utf-8").removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    """S-16."""
    assert "'" in neutral(text)
    assert neutral(text).replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize(
    "text", ["Marte, Luz", "O'Neil", "Room 4-B", "Li-Ming", "100%", "ana@example.org", "", "عائشة"]
)
def test_a_plain_text_stays_as_it_is(text: str) -> None:
    assert neutral(text) == text


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_no_cell_of_a_plain_table_is_a_formula_however_its_columns_are_parted(
    text: str, delimiter: str
) -> None:
    """S-16."""
    # Semicolons part only what is not in quotation marks: the first cell is, the second is not.
    _, content = written(Sheet(["Name", "=Head"], [[text, text]]), FileFormat.CSV)
    for row in read_as_table(content, delimiter):
        for cell in row:
            for line in cell.splitlines() or [cell]:
                assert line.strip(' \t\x00\u00a0\ufeff\u200b\u200e"')[:1] not in set(
                    "=+-@＝＋－＠"
                ), cell


@pytest.mark.parametrize("text", [one for one in FORMULAS if "\x00" not in one])
def test_no_cell_of_a_spreadsheet_is_a_formula_or_a_link(text: str) -> None:
    """S-16."""
    _, content = written(Sheet(["Name"], [[text]]), FileFormat.XLSX)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheets = [book.read(name) for name in book.namelist() if "worksheets" in name]
    assert sheets
    assert all(b"<f>" not in one and b"hyperlink" not in one for one in sheets)


@pytest.mark.parametrize("format_", FileFormat)
def test_a_file_says_how_many_rows_it_has(format_: FileFormat) -> None:
    assert written(Sheet(["Name"], iter([["Ana"], ["Luz"]])), format_)[0] == 2
    assert written(Sheet(["Name"], []), format_)[0] == 0


def test_a_plain_table_says_days_and_times_so_that_they_sort() -> None:
    row = [date(2026, 11, 2), datetime(2026, 11, 2, 9, 5), 12, None, "Ana"]  # noqa: DTZ001
    _, content = written(Sheet(["a", "b", "c", "d", "e"], [row]), FileFormat.CSV)
    assert read_as_table(content)[1] == ["2026-11-02", "2026-11-02 09:05", "12", "", "Ana"]


def test_a_plain_table_begins_with_the_mark_that_keeps_its_accents() -> None:
    _, content = written(Sheet(["Náme"], []), FileFormat.CSV)
    assert content.startswith(b"\xef\xbb\xbf")
