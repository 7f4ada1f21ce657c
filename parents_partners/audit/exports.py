"""A list as a file: read like a page, and out of our hands from then on. So whoever saves one says
why, where it names families, and what was saved is on record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile

from flask import Response, g, render_template, request, send_file
from flask.typing import ResponseReturnValue

from parents_partners.audit.forms import ExportForm
from parents_partners.audit.readings import note_export
from parents_partners.core.clock import programme_zone
from parents_partners.core.forms import problems_of
from parents_partners.core.local_time import local_day
from parents_partners.core.reference import choices_of
from parents_partners.core.spreadsheets import FileFormat, Sheet, write_sheet

IN_MEMORY = 1024 * 1024
"""Bytes of a file that are held before it goes to the disk, which forgets it when it was sent."""


@dataclass(frozen=True)
class Export:
    """A list that can be saved. `name` begins the file's name, so it says nothing of a family;
    `list_page` is the endpoint of the list. `asks_why`: it names families."""

    name: str
    title: str
    list_page: str
    heads: Sequence[str]
    asks_why: bool = True


def ask(export: Export) -> ResponseReturnValue:
    """The page that asks in which form, and why."""
    return _page(export, _form(export))


def save(export: Export, rows: Callable[[], Sheet]) -> ResponseReturnValue:
    """The file; or the page again, where the form was not filled in."""
    form = _form(export)
    if not form.validate():
        return _page(export, form), 422
    # Its own way to the disk for a long list: no more than a page of it is held at a time.
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (the answer closes it)
    count = write_sheet(rows(), form.chosen, file)
    file.seek(0)
    note_export(export.name, count, form.chosen.value, form.why)
    return _attachment(export, form, file)


def _attachment(export: Export, form: ExportForm, file: object) -> Response:
    today = local_day(g.now, programme_zone())
    return send_file(
        file,  # type: ignore[arg-type]
        mimetype=form.chosen.media_type,
        as_attachment=True,
        download_name=f"{export.name}-{today.isoformat()}.{form.chosen.value}",
        max_age=0,
        etag=False,
        conditional=False,
    )


def _form(export: Export) -> ExportForm:
    today = local_day(g.now, programme_zone())
    reasons = choices_of("export_reason", today=today) if export.asks_why else []
    if request.method == "POST":
        return ExportForm(reasons, formdata=request.form)
    return ExportForm(reasons, formdata=None, data={"format": FileFormat.XLSX.value})


def _page(export: Export, form: ExportForm) -> str:
    return render_template(
        "audit/export.html", export=export, form=form, problems=problems_of(form)
    )
