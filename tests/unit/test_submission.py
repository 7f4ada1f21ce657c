import copy
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import parents_partners
from parents_partners.cases.types import ConsentScope, Setting
from parents_partners.referrals.submission import (
    AgreeingParent,
    Circumstances,
    Reading,
    Section,
    canonical,
    judge_step,
    keyed_hash,
    read,
    read_as_sent,
    read_received_at,
    redacted,
    redacted_line,
    section,
)

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 21, 17, tzinfo=UTC)
KINDS = {
    "SPR": "Service Plan Review",
    "PDM": "PDM",
    "FTC": "Family Team Conference",
    "ICSC": "Initial Child Safety Conference",
    "COURT": "Court date",
}
CIRCUMSTANCES = Circumstances(NOW, NEW_YORK, KINDS)


def lines_of(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


PACKAGE = Path(parents_partners.__path__[0])
SAMPLES = lines_of(PACKAGE / "sample_data" / "referrals.jsonl")
BAD = lines_of(Path(__file__).parent.parent / "data" / "bad_referrals.jsonl")
# What an external id stands for already is known to the database alone.
REFUSED = [
    bad for bad in BAD if "field" in bad["expect"] and bad["expect"]["field"] != "external_id"
]
ACCEPTED = [bad for bad in BAD if bad["expect"].get("accepted")]


def reading_of(document: object) -> Reading:
    return read_as_sent(document, CIRCUMSTANCES)


def sample(number: int = 0) -> dict[str, Any]:
    """A valid online referral, received Mon, Nov 9, 2026; its second parent declined."""
    return copy.deepcopy(SAMPLES[number])


def complaints(document: object) -> list[tuple[str, str]]:
    return [(problem.path, problem.message) for problem in reading_of(document).problems]


def paths(document: object) -> list[str]:
    return [path for path, _ in complaints(document)]


def external_id(line: dict[str, Any]) -> str:
    return str(line.get("external_id") or line["referral"]["external_id"])


@pytest.mark.parametrize("document", SAMPLES, ids=external_id)
def test_every_sample_referral_is_accepted(document: dict[str, Any]) -> None:
    reading = reading_of(document)
    assert reading.problems == ()
    assert reading.submission is not None
    assert reading.submission.agreeing_parents


@pytest.mark.parametrize("bad", REFUSED, ids=external_id)
def test_every_bad_referral_is_refused_once_at_its_field_in_its_words(bad: dict[str, Any]) -> None:
    expected = bad["expect"]
    found = complaints(bad["referral"])
    words = [expected["message_contains"], *expected.get("or_contains", [])]
    assert all(path.startswith(expected["field"]) for path, _ in found)
    assert any(word.lower() in message.lower() for _, message in found for word in words)
    assert reading_of(bad["referral"]).submission is None


@pytest.mark.parametrize("line", ACCEPTED, ids=external_id)
def test_what_only_looks_dangerous_is_accepted(line: dict[str, Any]) -> None:
    assert complaints(line["referral"]) == []


def test_a_time_that_came_twice_is_taken_and_stated() -> None:
    line = next(line for line in ACCEPTED if "either" in line["expect"])
    reading = reading_of(line["referral"])
    assert reading.submission is not None
    assert reading.submission.children[0].removed_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert [note.path for note in reading.notes] == ["children[0].removed_at"]


# REF-01, REF-02: who refers


def test_a_channel_that_is_not_known_is_one_problem_and_hides_no_other_rule() -> None:
    document = sample()
    document["channel"] = "fax"
    del document["referrer"]
    assert paths(document) == ["channel"]


def test_a_parents_own_request_has_no_referrer_ref_02() -> None:
    document = sample()
    document["channel"] = "self"
    assert paths(document) == ["referrer"]


def test_a_parents_own_request_may_leave_the_history_empty_ref_04e() -> None:
    document = next(copy.deepcopy(line) for line in SAMPLES if line["channel"] == "self")
    document["history"] = {"issues": "", "progress": " ", "stage": ""}
    assert paths(document) == []


def test_the_programme_is_discussed_before_the_referral_ref_02() -> None:
    document = sample()
    document["programme_discussed"]["on"] = "2026-11-10"
    [(path, message)] = complaints(document)
    assert path == "programme_discussed.on"
    assert "Tue, Nov 10, 2026" in message
    assert "Mon, Nov 9, 2026" in message


def test_a_brochure_that_was_not_given_is_an_honest_answer_ref_02() -> None:
    document = sample()
    document["programme_discussed"]["brochure_given"] = False
    assert paths(document) == []


# REF-03: each parent for themself


def test_of_a_parent_who_did_not_agree_only_relationship_and_answer_are_read_ref_03() -> None:
    reading = reading_of(sample())
    assert reading.submission is not None
    luz, wilkin = reading.submission.parents
    assert isinstance(luz, AgreeingParent)
    assert not isinstance(wilkin, AgreeingParent)
    assert "Wilkin" not in repr(reading.submission)
    assert "Peña" not in json.dumps(redacted(reading.submission), ensure_ascii=False)


def test_the_name_of_a_parent_who_did_not_agree_need_not_be_sent_ref_03() -> None:
    document = sample()
    document["parents"][1] = {"agreement": {"answer": "declined"}}
    assert paths(document) == []


def test_an_agreement_without_who_when_and_how_is_asked_for_all_three_ref_03() -> None:
    document = sample()
    document["parents"][0]["agreement"] = {"answer": "agreed", "asked_by": " "}
    assert paths(document) == [
        "parents[0].agreement.asked_by",
        "parents[0].agreement.asked_on",
        "parents[0].agreement.how",
    ]


def test_a_parent_may_be_asked_on_the_day_of_the_referral_but_not_after_ref_03() -> None:
    document = sample()
    document["parents"][0]["agreement"]["asked_on"] = "2026-11-09"
    assert paths(document) == []
    document["parents"][0]["agreement"]["asked_on"] = "2026-11-10"
    assert paths(document) == ["parents[0].agreement.asked_on"]


def test_an_empty_scope_is_no_consent_to_anything_ref_03() -> None:
    document = sample()
    document["parents"][0]["agreement"]["scope"] = []
    assert paths(document) == ["parents[0].agreement.scope"]


def test_scope_is_support_where_nothing_is_said_ref_03() -> None:
    document = sample()
    document["parents"][0]["agreement"].pop("scope", None)
    reading = reading_of(document)
    assert reading.submission is not None
    assert reading.submission.agreeing_parents[0].scope == {ConsentScope.SUPPORT}


def test_a_scope_stands_once_ref_03() -> None:
    document = sample()
    document["parents"][0]["agreement"]["scope"] = ["support", "support"]
    assert paths(document) == ["parents[0].agreement.scope[1]"]


def test_an_answer_that_cannot_be_read_is_no_refusal_of_the_parent_ref_03() -> None:
    document = sample()
    document["parents"][0]["agreement"]["answer"] = "yes"
    assert paths(document) == ["parents[0].agreement.answer"]


def test_eleven_parents_are_too_many_and_the_eleventh_is_not_looked_at() -> None:
    document = sample()
    nobody = {"agreement": {"answer": "not_asked"}}
    document["parents"] = [nobody] * 10 + [{"nonsense": True}]
    [(path, message)] = complaints(document)
    assert path == "parents"
    assert "10" in message


# REF-04a, REF-04c: the case


@pytest.mark.parametrize(
    ("agency", "caseworker", "referrer"),
    [
        ({"agency_phone": "718-555-0120"}, {}, {}),
        ({}, {"phone": "718-555-0123"}, {}),
        ({}, {"email": "denise@harborview.example.org"}, {}),
        ({}, {}, {"phone": "718-555-0123"}),
        ({}, {}, {"email": "denise@harborview.example.org"}),
    ],
)
def test_one_contact_detail_is_enough_whoever_s_it_is_ref_04c(
    agency: dict[str, str], caseworker: dict[str, str], referrer: dict[str, str]
) -> None:
    document = sample()
    del document["case"]["agency_phone"]
    document["case"] |= {**agency, "caseworker": {"name": "Denise", **caseworker}}
    document["referrer"] = {"name": "Denise", **referrer}
    assert paths(document) == []


def test_without_any_contact_detail_nobody_could_be_reached_ref_04c() -> None:
    document = sample()
    document["case"] |= {"agency_phone": " ", "caseworker": {"name": "Denise", "phone": None}}
    document["referrer"] = {"name": "Denise", "email": ""}
    assert paths(document) == ["case.agency_phone"]


def test_a_case_number_may_be_unknown_ref_04a() -> None:
    document = sample()
    document["case"]["number"] = None
    reading = reading_of(document)
    assert reading.submission is not None
    assert reading.submission.case.number is None


def test_a_case_is_not_opened_after_its_referral() -> None:
    document = sample()
    document["case"]["opened_on"] = "2027-10-20"
    assert paths(document) == ["case.opened_on"]


def test_texts_are_kept_clean() -> None:
    document = sample()
    document["case"]["name"] = "  Marte\u0301, Luz "
    reading = reading_of(document)
    assert reading.submission is not None
    assert reading.submission.case.name == "Marté, Luz"


# REF-04b: the children


@pytest.mark.parametrize(
    ("born_on", "taken"),
    [
        ("2004-11-10", True),  # 21, and 22 tomorrow
        ("2004-11-09", False),
        ("2026-11-09", True),
        ("2026-11-10", False),
    ],
)
def test_a_child_is_born_by_the_day_of_receipt_and_not_22_ref_04b(
    born_on: str, taken: bool
) -> None:
    document = sample()
    document["children"][0] |= {"date_of_birth": born_on, "removed_at": None, "placed_at": None}
    assert paths(document) == ([] if taken else ["children[0].date_of_birth"])


def test_a_child_born_on_a_leap_day_is_21_until_the_first_of_march_ref_04b() -> None:
    document = sample()
    document["children"] = [
        {"first_name": "Ada", "last_name": "Marte", "date_of_birth": "2004-02-29"}
    ]
    document["received_at"] = "2026-02-28T12:00"
    document["programme_discussed"]["on"] = "2026-02-27"
    document["case"]["opened_on"] = None
    document["parents"][0]["agreement"]["asked_on"] = "2026-02-27"
    document["parents"][1]["agreement"] = {"answer": "declined"}
    assert paths(document) == []
    document["received_at"] = "2026-03-01T12:00"
    assert paths(document) == ["children[0].date_of_birth"]


def test_a_child_is_not_removed_after_its_referral() -> None:
    document = sample()
    document["children"][0] |= {"removed_at": "2026-11-09T23:59", "placed_at": None}
    assert paths(document) == []
    document["children"][0]["removed_at"] = "2026-11-10T00:00"
    assert paths(document) == ["children[0].removed_at"]


def test_both_times_of_a_mix_up_are_named_ref_04b() -> None:
    document = sample()
    document["children"][0] |= {
        "removed_at": "2026-11-05T21:30",
        "placed_at": "2026-11-05T09:30",
    }
    [(path, message)] = complaints(document)
    assert path == "children[0].placed_at"
    assert "9:30 AM" in message
    assert "9:30 PM" in message


def test_a_child_of_whom_nothing_is_said_lives_at_an_unknown_place() -> None:
    document = sample()
    document["children"] = [{"first_name": "Yandel", "last_name": "Marte"}]
    reading = reading_of(document)
    assert reading.submission is not None
    assert reading.submission.children[0].setting is Setting.UNKNOWN


def test_five_hundred_children_are_one_problem_and_thirty_are_looked_at_ref_04b() -> None:
    document = sample()
    document["children"] = [{"first_name": "A"}] * 500
    found = complaints(document)
    assert found[0][0] == "children"
    assert "30" in found[0][1]
    assert [path for path, _ in found[1:]] == [f"children[{n}].last_name" for n in range(30)]


# REF-04d: the conferences


def test_that_there_is_no_conference_is_an_answer_ref_04d() -> None:
    document = sample()
    document["conferences"] = []
    assert paths(document) == []


def test_earlier_on_the_day_of_receipt_is_taken_the_day_before_is_not_ref_04d() -> None:
    document = sample()
    document["conferences"] = [{"kind": "FTC", "starts_at": "2026-11-09T00:00"}]
    assert paths(document) == []
    document["conferences"] = [{"kind": "FTC", "starts_at": "2026-11-08T23:59"}]
    assert paths(document) == ["conferences[0].starts_at"]


def test_a_kind_that_may_be_a_name_is_not_repeated_ref_04d() -> None:
    document = sample()
    document["conferences"][0]["kind"] = "Luz Marte"
    [(_, message)] = complaints(document)
    assert "Luz" not in message
    assert "SPR (Service Plan Review)" in message


# REF-04e, REF-05


def test_an_agency_says_something_about_issues_and_stage_ref_04e() -> None:
    document = sample()
    document["history"] = {"issues": "", "progress": "", "stage": " "}
    assert paths(document) == ["history.issues", "history.stage"]


def test_a_reason_that_is_not_known_is_named_by_its_place_ref_05() -> None:
    document = sample()
    document["reasons"] = ["needs_not_met", "company"]
    assert paths(document) == ["reasons[1]"]


# All at once, in order, and nothing that must not be said


def test_all_problems_come_at_once_in_the_order_of_the_form() -> None:
    assert paths({}) == [
        "channel",
        "parents",
        "case",
        "children",
        "conferences",
        "history",
        "reasons",
    ]


def test_what_is_wrong_with_a_list_is_one_problem_without_followers() -> None:
    document = sample()
    document["children"] = "Yandel, Kiara"
    document["parents"] = {}
    assert paths(document) == ["parents", "children"]


def test_a_document_that_is_no_object_is_one_problem() -> None:
    for document in ([], None, "x", 3, [sample()]):
        assert paths(document) == [""]


def test_an_unknown_property_is_named_and_its_value_never() -> None:
    document = sample()
    document["social_security_number"] = "000-00-0000"
    document["parents"][0]["agreement"]["Luz Marte"] = "000-00-0000"
    found = complaints(document)
    assert [path for path, _ in found] == ["parents[0].agreement", "social_security_number"]
    assert "000" not in str(found)
    assert "Luz" not in str(found)


def test_no_message_repeats_a_name() -> None:
    document = sample()
    document["parents"][0]["first_name"] = "Marisol\0"
    document["case"]["name"] = "Marisol" * 100
    document["case"]["stage"] = "Marisol"
    document["referrer"]["email"] = "Marisol"
    document["children"][0]["removed_at"] = "Marisol"
    document["conferences"][0]["link"] = "Marisol"
    document["parents"][0]["preferred_language"] = "Marisol & her aunt"
    found = complaints(document)
    assert len(found) == 7
    assert "marisol" not in str(found).lower()


def test_null_and_blank_say_nothing() -> None:
    document = sample()
    document["referrer"]["title"] = None
    document["case"]["agency_phone"] = "  "
    document["parents"][0]["safe_contact"] = None
    reading = reading_of(document)
    assert reading.problems == ()
    assert reading.submission is not None
    assert reading.submission.case.agency_phone is None


# The time of receipt


def test_without_a_time_of_receipt_it_is_now() -> None:
    assert read_received_at({}, now=NOW, zone=NEW_YORK).at == NOW
    assert read_received_at(["x"], now=NOW, zone=NEW_YORK).at == NOW


def test_a_time_of_receipt_in_the_future_is_refused() -> None:
    later = (NOW + timedelta(days=1)).isoformat()
    received = read_received_at({"received_at": later}, now=NOW, zone=NEW_YORK)
    assert received.at == NOW
    assert [problem.path for problem in received.problems] == ["received_at"]


def test_an_unreadable_time_of_receipt_is_one_problem() -> None:
    document = sample()
    document["received_at"] = 3
    assert paths(document) == ["received_at"]
    assert reading_of(document).submission is None


# The steps of the form


@pytest.mark.parametrize(
    ("path", "step"),
    [
        ("channel", Section.BEFORE_YOU_REFER),
        ("referrer.email", Section.BEFORE_YOU_REFER),
        ("programme_discussed.on", Section.BEFORE_YOU_REFER),
        ("parents[0].agreement.asked_on", Section.PARENTS),
        ("case.agency_phone", Section.CASE),
        ("children[12]", Section.CHILDREN),
        ("conferences", Section.CONFERENCES),
        ("history.issues", Section.HISTORY),
        ("reasons", Section.HISTORY),
    ],
)
def test_each_problem_belongs_to_a_step(path: str, step: Section) -> None:
    assert section(path) is step


def test_a_step_is_judged_while_the_others_are_missing() -> None:
    document = {"channel": "online", "children": [{"first_name": "Yandel"}]}
    found = judge_step(Section.CHILDREN, document, CIRCUMSTANCES).problems
    assert [problem.path for problem in found] == ["children[0].last_name"]


@pytest.mark.parametrize("bad", REFUSED, ids=external_id)
def test_the_steps_together_find_what_the_whole_finds(bad: dict[str, Any]) -> None:
    document = bad["referral"]
    received_at = datetime.fromisoformat(document["received_at"])
    circumstances = Circumstances(received_at, NEW_YORK, KINDS)
    by_steps = [
        problem
        for step in Section
        for problem in judge_step(step, document, circumstances).problems
    ]
    whole = read(document, circumstances)
    assert by_steps == list(whole.problems)
    assert all(section(problem.path) is not None for problem in by_steps)


def test_a_step_states_what_it_assumed() -> None:
    document = {"children": [{"removed_at": "2026-11-01T01:30"}]}
    [note] = judge_step(Section.CHILDREN, document, CIRCUMSTANCES).notes
    assert note.path == "children[0].removed_at"


# What is kept, and what is given back


@pytest.mark.parametrize(
    "document", SAMPLES + [line["referral"] for line in ACCEPTED], ids=external_id
)
def test_a_kept_document_reads_as_the_same_submission(document: dict[str, Any]) -> None:
    submission = reading_of(document).submission
    assert submission is not None
    kept = json.loads(json.dumps(redacted(submission)))
    assert reading_of(kept) == Reading(submission, (), ())


def test_a_kept_document_has_the_form_of_the_schema() -> None:
    submission = reading_of(sample()).submission
    assert submission is not None
    kept = redacted(submission)
    assert kept["received_at"] == "2026-11-09T14:42:00+00:00"
    assert kept["programme_discussed"] == sample()["programme_discussed"]
    assert kept["case"] == sample()["case"]
    assert kept["history"] == sample()["history"]
    assert kept["parents"] == [
        sample()["parents"][0]
        | {
            "agreement": sample()["parents"][0]["agreement"]
            | {"scope": ["attend_meetings", "share_with_agency", "support"]}
        },
        {"relationship": "father", "agreement": {"answer": "declined"}},
    ]


def test_a_refused_line_says_nothing_of_who_did_not_agree_ref_03() -> None:
    document = sample()
    document["parents"].append({"first_name": "Ana", "agreement": "agreed", "phone": "555"})
    document["parents"].append({"first_name": "Eva", "relationship": "Eva, aunt"})
    document["parents"].append("Rosa")
    line = redacted_line(document)
    assert isinstance(line, dict)
    assert line["parents"] == [
        document["parents"][0],
        {"relationship": "father", "agreement": {"answer": "declined"}},
        {"agreement": {"answer": "[removed]"}},
        {"relationship": "[removed]", "agreement": {"answer": "[removed]"}},
        "[removed]",
    ]
    assert line["children"] == document["children"]


def test_a_refused_line_where_nobody_agreed_says_nothing_of_the_family_ref_03() -> None:
    refused = json.dumps(redacted_line(BAD[0]["referral"]))
    assert "Abernethy" not in refused
    assert "BAD-01" in refused


def test_a_refused_line_loses_the_values_that_the_schema_does_not_know() -> None:
    document = sample()
    document["children"][0]["social_security_number"] = "000-00-0000"
    document["case"]["caseworker"]["phone"] = {"home": "000-00-0000"}
    document["notes"] = ["000-00-0000"]
    refused = json.dumps(redacted_line(document))
    assert "000-00-0000" not in refused
    assert '"social_security_number": "[removed]"' in refused


def test_a_hash_knows_a_document_again_whatever_the_order_and_keeps_its_secret() -> None:
    document = sample()
    again = dict(reversed(document.items()))
    assert canonical(document) == canonical(again)
    assert keyed_hash(document, b"secret") == keyed_hash(again, b"secret")
    assert keyed_hash(document, b"secret") != keyed_hash(document, b"another")
    again["reasons"] = ["needs_not_met"]
    assert keyed_hash(document, b"secret") != keyed_hash(again, b"secret")


# Hostile input


any_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.sampled_from(["agreed", "2026-11-05", "0000-00-00", "9999-12-31T23:59-14:00", "\0"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*SAMPLES[0], "agreement", "name"]) | st.text(), inner)
    ),
    max_leaves=12,
)


def places(value: object) -> list[tuple[dict[str, Any] | list[Any], Any]]:
    """Every container and key of a document, at which something else could stand."""
    found: list[tuple[dict[str, Any] | list[Any], Any]] = []
    keys: list[Any] = []
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = list(range(len(value)))
    for key in keys:
        assert isinstance(value, dict | list)
        found += [(value, key), *places(value[key])]
    return found


def judge(document: object) -> None:
    reading = reading_of(document)
    assert (reading.submission is None) == bool(reading.problems)
    assert len(reading.problems) <= 101  # a hundred, and the time of receipt
    for problem in reading.problems:
        assert len(problem.message) < 1000
        assert problem.message.encode()
    redacted_line(document)
    for step in Section:
        judge_step(step, document, CIRCUMSTANCES)
    if reading.submission is not None:
        keyed_hash(document, b"secret")
        assert reading_of(redacted(reading.submission)).submission == reading.submission


@given(any_json)
@settings(max_examples=60, deadline=None)
def test_any_json_is_judged_f_01(document: object) -> None:
    judge(document)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_json_at_any_place_of_a_referral_is_judged_f_01(data: st.DataObject) -> None:
    document = sample(data.draw(st.integers(0, len(SAMPLES) - 1)))
    container, key = data.draw(st.sampled_from(places(document)))
    container[key] = data.draw(any_json)
    judge(document)


def test_what_is_huge_or_deep_is_judged_f_01() -> None:
    deep: Any = "x"
    for _ in range(100_000):
        deep = [deep]
    for value in (deep, "x" * 10_000_000, 10**5000, float("nan"), {str(n): n for n in range(9999)}):
        document = sample()
        document["children"] = [{"first_name": value, "date_of_birth": value, "removed_at": value}]
        document["history"]["issues"] = value
        document["case"] = value
        judge(document)
    # Taken apart by hand: the interpreter cannot free so deep a list at once.
    while isinstance(deep, list):
        deep = deep.pop()


def test_no_more_than_a_hundred_problems_are_told() -> None:
    document = sample()
    document["children"] = [{f"p{n}": n for n in range(50)}] * 30
    assert len(reading_of(document).problems) == 100


def test_dates_are_real_dates() -> None:
    submission = reading_of(sample()).submission
    assert submission is not None
    assert submission.children[0].date_of_birth == date(2016, 11, 10)
    assert submission.children[0].placed_at == datetime(2026, 11, 6, 8, 15, tzinfo=UTC)
    assert submission.conferences[1].starts_at == datetime(2026, 12, 2, 14, 30, tzinfo=UTC)
