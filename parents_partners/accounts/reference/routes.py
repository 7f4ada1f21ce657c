"""The programme's lists and settings."""

from datetime import date

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.accounts.reference import queries, services
from parents_partners.accounts.reference.forms import EndEntryForm, EntryForm, SettingForm
from parents_partners.accounts.reference.types import LISTS, Move, SettingKind
from parents_partners.core.clock import programme_zone
from parents_partners.core.errors import Absent, AlreadyDone, Refused
from parents_partners.core.forms import add_problems, problems_of
from parents_partners.core.local_time import local_day
from parents_partners.core.permissions import requires
from parents_partners.core.reference import ListItem, Setting, needed_codes

blueprint = Blueprint("reference", __name__)

ENTRY = "/lists/<code:list_name>/<code:entry_code>"


@blueprint.get("/lists")
@requires("reference:change")
def lists() -> ResponseReturnValue:
    rows = queries.lists(today=_today())
    return render_template("reference/lists.html", lists=rows, settings=queries.settings())


@blueprint.get("/lists/<code:list_name>")
@requires("reference:change")
def entries(list_name: str) -> ResponseReturnValue:
    return _list_page(list_name, _entry_form(list_name))


@blueprint.post("/lists/<code:list_name>")
@requires("reference:change")
def add_entry(list_name: str) -> ResponseReturnValue:
    form = _entry_form(list_name)
    form.validate()
    try:
        item = services.add_entry(list_name, form.command(), actor=current_actor(), now=g.now)
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _list_page(list_name, form), 422
    flash(f"“{item.label}” is in the list and can be chosen.", "success")
    return _back_to_list(list_name)


@blueprint.get(ENTRY)
@requires("reference:change")
def entry(list_name: str, entry_code: str) -> ResponseReturnValue:
    item = queries.entry_in(list_name, entry_code)
    return _entry_page(item, _seen(item), EndEntryForm(data={"ended_on": _today().isoformat()}))


@blueprint.post(ENTRY)
@requires("reference:change")
def reword_entry(list_name: str, entry_code: str) -> ResponseReturnValue:
    item = queries.entry_in(list_name, entry_code)
    form = EntryForm(LISTS[list_name], new=False)
    form.validate()
    end_form = EndEntryForm(formdata=None, data={"ended_on": _today().isoformat()})
    try:
        services.reword_entry(
            item, form.command(), seen=form.seen(), actor=current_actor(), now=g.now
        )
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _entry_page(item, form, end_form), 422
    except AlreadyDone as earlier:
        form.seen_label.data, form.seen_public_label.data = item.label, item.public_label or ""
        return _entry_page(item, form, end_form, earlier=earlier), 409
    flash("The entry is changed, wherever it was used too.", "success")
    return _back_to_list(list_name)


@blueprint.post(f"{ENTRY}/move")
@requires("reference:change")
def move_entry(list_name: str, entry_code: str) -> ResponseReturnValue:
    item = queries.entry_in(list_name, entry_code)
    if request.form.get("go") not in set(Move):
        raise Refused("Choose up or down.")
    services.move_entry(item, Move(request.form["go"]), actor=current_actor(), now=g.now)
    return redirect(
        url_for("reference.entries", list_name=list_name, _anchor=f"entry-{entry_code}"), 303
    )


@blueprint.post(f"{ENTRY}/end")
@requires("reference:change")
def end_entry(list_name: str, entry_code: str) -> ResponseReturnValue:
    item = queries.entry_in(list_name, entry_code)
    form = EndEntryForm()
    words = _seen(item)
    if not form.validate():
        return _entry_page(item, words, form), 422
    try:
        services.end_entry(item, form.ended_on.day, actor=current_actor(), now=g.now)
    except Refused as refusal:
        if item.code in needed_codes(list_name):
            raise  # its page has no form to put the words beside
        add_problems(form, refusal.problems)
        return _entry_page(item, words, form), 422
    flash("The end is recorded. What it was used for keeps its words.", "success")
    return _back_to_list(list_name)


@blueprint.post(f"{ENTRY}/take-back-end")
@requires("reference:change")
def take_back_end(list_name: str, entry_code: str) -> ResponseReturnValue:
    item = queries.entry_in(list_name, entry_code)
    services.take_back_end(item, actor=current_actor(), now=g.now)
    flash(f"“{item.label}” can be chosen again.", "success")
    return _back_to_list(list_name)


@blueprint.get("/settings/<code:setting_name>")
@requires("reference:change")
def setting(setting_name: str) -> ResponseReturnValue:
    found = queries.setting_called(setting_name)
    return _setting_page(found, SettingForm(data={"value": found.value, "seen": found.value}))


@blueprint.post("/settings/<code:setting_name>")
@requires("reference:change")
def change_setting(setting_name: str) -> ResponseReturnValue:
    found = queries.setting_called(setting_name)
    form = SettingForm()
    form.validate()
    try:
        changed = services.change_setting(
            found,
            form.value.data or "",
            seen=form.seen.data or "",
            actor=current_actor(),
            now=g.now,
        )
    except Refused as refusal:
        add_problems(form, refusal.problems)
        return _setting_page(found, form), 422
    except AlreadyDone as earlier:
        form.seen.data = found.value
        return _setting_page(found, form, earlier=earlier), 409
    if changed:
        flash("The setting is changed. It is in force from now on.", "success")
    else:
        flash("Nothing was changed: this value is in force already.", "info")
    return redirect(url_for("reference.lists", _anchor="settings"), 303)


def _today() -> date:
    return local_day(g.now, programme_zone())


def _entry_form(list_name: str) -> EntryForm:
    if list_name not in LISTS:
        raise Absent
    return EntryForm(LISTS[list_name], new=True)


def _seen(item: ListItem) -> EntryForm:
    return EntryForm(
        LISTS[item.list_name],
        new=False,
        formdata=None,
        data={
            "label": item.label,
            "public_label": item.public_label or "",
            "seen_label": item.label,
            "seen_public_label": item.public_label or "",
        },
    )


def _list_page(list_name: str, form: EntryForm) -> str:
    return render_template(
        "reference/entries.html",
        name=list_name,
        words=LISTS[list_name],
        entries=queries.entries_of(list_name, today=_today()),
        changed=queries.last_change_of_list(list_name),
        form=form,
        problems=problems_of(form),
    )


def _entry_page(
    item: ListItem,
    form: EntryForm,
    end_form: EndEntryForm,
    *,
    earlier: AlreadyDone | None = None,
) -> str:
    return render_template(
        "reference/entry.html",
        item=item,
        words=LISTS[item.list_name],
        needed=item.code in needed_codes(item.list_name),
        form=form,
        end_form=end_form,
        earlier=earlier,
        problems=[*problems_of(form), *problems_of(end_form)],
    )


def _setting_page(found: Setting, form: SettingForm, *, earlier: AlreadyDone | None = None) -> str:
    return render_template(
        "reference/setting.html",
        setting=found,
        kind=SettingKind.of(found.name),
        changed=queries.last_change_of_setting(found.name),
        form=form,
        earlier=earlier,
        problems=problems_of(form),
    )


def _back_to_list(list_name: str) -> ResponseReturnValue:
    return redirect(url_for("reference.entries", list_name=list_name), 303)
