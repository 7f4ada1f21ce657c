"""The referral form: what is typed becomes a document, and a problem finds its field."""

import pytest
from werkzeug.datastructures import MultiDict

from parents_partners.intake.forms import FORMS, Step, field_at, show
from parents_partners.intake.policies import may_tell_of_a_report
from parents_partners.referrals.submission import Problem, Section
from tests.documents import referral_document

LISTS = {
    "language": [("en", "English"), ("es", "Spanish")],
    "conference_kind": [("FTC", "Family Team Conference (FTC)")],
}


def typed(section: Section, **fields: str) -> Step:
    pairs = [(name.replace("__", "-"), value) for name, value in fields.items()]
    return FORMS[section].typed(MultiDict(pairs), LISTS)


def drafted(section: Section, document: dict[str, object]) -> Step:
    return FORMS[section].drafted(document, LISTS)


@pytest.mark.parametrize("section", Section)
def test_a_document_comes_out_of_the_form_as_it_went_in(section: Section) -> None:
    document = referral_document(conferences__0__starts_at="2026-11-25T10:00")
    document["parents"][0]["safe_contact"] = {"voicemail": False, "mail": True, "note": "Never"}
    document["parents"][0]["interpreter_needed"] = False
    del document["referrer"]["organization"]
    form = drafted(section, document)
    assert form.fragment() == {name: document[name] for name in form.properties()}


@pytest.mark.parametrize("section", Section)
def test_a_step_is_about_properties_that_no_other_step_is_about(section: Section) -> None:
    others = {
        name
        for other in Section
        if other is not section
        for name in drafted(other, {}).properties()
    }
    assert others.isdisjoint(drafted(section, {}).properties())


def test_the_steps_together_are_the_whole_document() -> None:
    names = {name for section in Section for name in drafted(section, {}).properties()}
    assert names == set(referral_document()) - {"channel", "received_at"}


@pytest.mark.parametrize("section", Section)
def test_every_place_of_a_document_has_a_field(section: Section) -> None:
    document = referral_document()
    del document["referrer"]["organization"]
    form = drafted(section, document)
    for path in paths_in({name: document[name] for name in form.properties()}):
        field = field_at(path, form)
        assert field is not None, path
        assert field.id == path.replace("[", "-").replace("].", "-").replace(".", "-"), path


def paths_in(value: object, path: str = "") -> list[str]:
    if isinstance(value, dict):
        return [
            one
            for name, item in value.items()
            for one in paths_in(item, f"{path}.{name}".strip("."))
        ]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [
            one for number, item in enumerate(value) for one in paths_in(item, f"{path}[{number}]")
        ]
    return [path]


def test_a_problem_is_put_to_its_field_and_says_where_that_is() -> None:
    form = typed(Section.PARENTS, parents__0__first_name="Luz", parents__1__first_name="Ada")
    shown = show([Problem("parents[1].agreement.asked_on", "Check the date.")], form)
    assert [(one.anchor, one.message) for one in shown] == [
        ("parents-1-agreement-asked_on", "Parent 2: Check the date.")
    ]
    assert form["parents"][1].form.agreement.form.asked_on.errors == ["Check the date."]
    assert not form["parents"][0].form.agreement.form.asked_on.errors


def test_a_problem_of_the_only_row_does_not_count_the_rows() -> None:
    form = typed(Section.PARENTS, parents__0__first_name="Luz")
    shown = show([Problem("parents[0].last_name", "Enter the last name.")], form)
    assert [one.message for one in shown] == ["Enter the last name."]


def test_problems_stand_in_the_order_of_the_page() -> None:
    form = typed(Section.PARENTS, parents__0__first_name="Luz", parents__1__first_name="Ada")
    first = ["email", "agreement.how", "last_name"]
    paths = ["parents[1].first_name", *(f"parents[0].{name}" for name in first), "", "parents"]
    shown = show([Problem(path, "Look here.") for path in paths], form)
    assert [one.anchor for one in shown] == [
        None,
        "parents",
        "parents-0-last_name",
        "parents-0-agreement-how",
        "parents-0-email",
        "parents-1-first_name",
    ]


@pytest.mark.parametrize(
    ("path", "anchor"),
    [
        ("parents", "parents"),
        ("parents[0].agreement.scope[2]", "parents-0-agreement-scope"),
        ("parents[0].agreement", "parents-0-agreement-answer"),
        ("parents[7].first_name", "parents"),
        ("channel", None),
        ("", None),
    ],
)
def test_a_problem_without_a_field_of_its_own_goes_to_the_nearest(
    path: str, anchor: str | None
) -> None:
    form = typed(Section.PARENTS, parents__0__first_name="Luz")
    assert show([Problem(path, "Look here.")], form)[0].anchor == anchor


def test_nothing_typed_says_nothing() -> None:
    assert typed(Section.CHILDREN, children__0__first_name="").fragment() == {"children": [{}]}
    assert typed(Section.CONFERENCES, coming_up="").fragment() == {}


def test_blanks_are_kept_as_typed() -> None:
    form = typed(Section.CASE, case__name="  Marte ")
    assert form.fragment()["case"]["name"] == "  Marte "  # type: ignore[index]


def test_nothing_is_ticked_for_a_parent_beforehand() -> None:
    """REF-03: a consent is what the parent said."""
    fresh = drafted(Section.PARENTS, {}).fragment()["parents"]
    assert fresh[0]["agreement"]["scope"] == []  # type: ignore[index]


def test_a_conference_that_was_filled_in_answers_the_question() -> None:
    """REF-04d"""
    form = typed(Section.CONFERENCES, conferences__0__kind="FTC")
    assert form.fragment() == {"conferences": [{"kind": "FTC"}]}


def test_none_takes_back_the_conferences() -> None:
    """REF-04d"""
    form = typed(Section.CONFERENCES, coming_up="none", conferences__0__kind="FTC")
    assert form.fragment() == {"conferences": []}


@pytest.mark.parametrize(
    ("day", "time", "said"),
    [
        ("2026-11-25", "10:00", "2026-11-25T10:00"),
        ("2026-11-25", "", "2026-11-25"),
        ("", "10:00", "T10:00"),
        ("", "", None),
    ],
)
def test_a_day_and_a_time_are_one_text_and_come_apart_again(
    day: str, time: str, said: str | None
) -> None:
    fields = {"children-0-removed_at": day, "children-0-removed_at-time": time}
    fragment = FORMS[Section.CHILDREN].typed(MultiDict(fields), LISTS).fragment()
    assert fragment["children"][0].get("removed_at") == said  # type: ignore[index]
    again = drafted(Section.CHILDREN, fragment)["children"][0].form.removed_at
    assert (again.day, again.time) == (day, time)


def test_a_language_off_the_list_comes_back_as_its_code() -> None:
    fields = {"parents-0-preferred_language": "?", "parents-0-preferred_language-code": "wo"}
    fragment = FORMS[Section.PARENTS].typed(MultiDict(fields), LISTS).fragment()
    assert fragment["parents"][0]["preferred_language"] == "wo"  # type: ignore[index]
    again = drafted(Section.PARENTS, fragment)["parents"][0].form.preferred_language
    assert (again.is_other, again.code) == (True, "wo")


def test_a_language_of_the_list_wins_over_a_code_left_beside_it() -> None:
    fields = {"parents-0-preferred_language": "es", "parents-0-preferred_language-code": "wo"}
    fragment = FORMS[Section.PARENTS].typed(MultiDict(fields), LISTS).fragment()
    assert fragment["parents"][0]["preferred_language"] == "es"  # type: ignore[index]


def test_rows_with_gaps_between_their_numbers_close_up() -> None:
    form = typed(Section.CHILDREN, children__3__first_name="Yandel", children__9__first_name="Ada")
    assert [child["first_name"] for child in form.fragment()["children"]] == ["Yandel", "Ada"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("number", ["²", "٣", "-1", "1e3", "9" * 5000])
def test_a_row_of_no_number_is_no_row(number: str) -> None:
    form = FORMS[Section.CHILDREN].typed(
        MultiDict({f"children-{number}-first_name": "Yandel"}), LISTS
    )
    assert form.fragment() == {"children": [{}]}


def test_only_what_is_sent_of_a_parent_who_declined_is_shown_for_checking() -> None:
    """REF-03"""
    document = referral_document(parents__0__agreement__answer="declined")
    (answers,) = drafted(Section.PARENTS, document).answers()
    assert dict(answers.rows) == {
        "Relationship to the children": "Mother",
        "Does this parent want a Family Specialist?": "Declined",
    }
    assert answers.remark


def test_answers_are_read_in_words() -> None:
    words = dict(
        row
        for section in Section
        for part in drafted(section, referral_document()).answers()
        for row in part.rows
    )
    assert words["Case opened on"] == "Sun, Nov 1, 2026"
    assert words["Language the parent prefers"] == "Spanish"
    assert words["Leave a voicemail?"] == "Yes"
    assert words["Kind of conference"] == "Family Team Conference (FTC)"
    assert "A Family Specialist at meetings" in words["What did the parent agree to?"]


@pytest.mark.parametrize(
    "text",
    [
        "SCR Intake Stage 00000000 rec'd 11/13",
        "source is the hospital SW",
        "The mandated reporter called twice",
        "report number 12345678",
        "Hotline call in May",
    ],
)
def test_a_history_that_may_hold_a_report_is_noticed(text: str) -> None:
    assert may_tell_of_a_report(text)


@pytest.mark.parametrize(
    "text",
    [
        "Remand on 5 November. First visit was warm.",
        "School reports 12 absences.",
        "Her sister is a source of strength.",
        "Mother describes being scared.",
    ],
)
def test_an_ordinary_history_is_not(text: str) -> None:
    assert not may_tell_of_a_report(text)


def test_of_a_parent_who_has_not_answered_nothing_is_sent_and_nothing_seems_lost() -> None:
    """REF-03"""
    (answers,) = drafted(Section.PARENTS, {"parents": [{"first_name": "Luz"}]}).answers()
    assert answers.rows == ()
    assert answers.remark.endswith("What you typed about them is kept.")
    (answers,) = drafted(Section.PARENTS, {}).answers()
    assert answers.remark == ""
