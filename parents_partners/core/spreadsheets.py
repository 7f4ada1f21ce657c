"""Lists as files. What somebody typed never becomes a formula (S-16)."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, TypeAlias

from xlsxwriter import Workbook

from parents_partners.core.types import Labelled

Cell: TypeAlias = str | int | date | datetime | None
"""A time of day is local already and says no zone: the head of its column does."""

_SIGNS = "=+\\-@＝＋－＠"
# Programs skip blanks and signs that nobody sees before they look for a formula's first sign.
_SKIPPED = r"\s\x00-\x1f\u200b-\u200f\u2060\ufeff"
_BEGINS_FORMULA = re.compile(rf"\A[{_SKIPPED}]*[{_SIGNS}|%]|\A[\t\r\n\x00]")
# Where a semicolon parts the columns, what follows one inside a text is a cell of its own, and a
# quotation mark that begins this cell is taken off.
_AFTER_A_BREAK = re.compile(rf"(?<=[;\t\r\n])(?=[{_SKIPPED}\"]*[{_SIGNS}])")
_BOM = "\ufeff"


class FileFormat(Labelled):
    """What a list can be saved as."""

    XLSX = "xlsx", "Spreadsheet (XLSX)"
    CSV = "csv", "Plain table (CSV)"

    @property
    def media_type(self) -> str:
        if self is FileFormat.CSV:
            return "text/csv; charset=utf-8"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Sheet:
    """The heads of the columns, and the rows, which may be read as they are written."""

    heads: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def write_sheet(sheet: Sheet, format_: FileFormat, file: IO[bytes]) -> int:
    """Write the sheet and give the number of its rows. Holds no more than a row at a time."""
    return _write_csv(sheet, file) if format_ is FileFormat.CSV else _write_xlsx(sheet, file)


def neutral(text: str) -> str:
    """The text with an apostrophe where a spreadsheet program would take it for a formula."""
    text = _AFTER_A_BREAK.sub("'", text)
    return f"'{text}" if _BEGINS_FORMULA.search(text) else text


def _write_csv(sheet: Sheet, file: IO[bytes]) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    text.write(_BOM)  # or spreadsheet programs read the accents wrongly
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow([neutral(head) for head in sheet.heads])
    count = 0
    for count, row in enumerate(sheet.rows, start=1):  # noqa: B007 (the last one is the number)
        writer.writerow([_plain(cell) for cell in row])
    text.flush()
    text.detach()
    return count


def _plain(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    return neutral(cell) if isinstance(cell, str) else "" if cell is None else str(cell)


def _write_xlsx(sheet: Sheet, file: IO[bytes]) -> int:
    with Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    ) as book:
        page = book.add_worksheet()
        head = book.add_format({"bold": True, "bottom": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        page.freeze_panes(1, 0)
        page.set_column(0, len(sheet.heads) - 1, 24)
        for column, words in enumerate(sheet.heads):
            page.write_string(0, column, words, head)
        count = 0
        for count, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    page.write_datetime(count, column, cell, moment)
                elif isinstance(cell, date):
                    page.write_datetime(count, column, cell, day)
                elif isinstance(cell, int):
                    page.write_number(count, column, cell)
                elif cell:
                    page.write_string(count, column, cell)
        return count
