"""Tasks, over HTTP only: a specialist on a bus, a supervisor at a desk."""

from datetime import timedelta

import pytest

from parents_partners.accounts.types import Role
from parents_partners.advocates.services.support import end
from parents_partners.advocates.types import AssignmentState, TaskState
from tests.factories import NOW, TODAY, make_assignment, make_specialist, make_task, make_user
from tests.html import text_of


@pytest.fixture
def specialist(session):
    return make_specialist(user=make_user(Role.SPECIALIST, name="Rosa Jimenez"))


@pytest.fixture
def supervisor(specialist):
    return make_user(Role.SUPERVISOR, unit=specialist.unit, name="Ana Ruiz")


@pytest.fixture
def stint(specialist, supervisor):
    return make_assignment(
        specialist=specialist, supervisor=supervisor, state=AssignmentState.IN_CONTACT
    )


def family_url(stint):
    return f"/families/{stint.case.public_id}"


def test_a_task_is_added_with_its_words_alone(browser_for, specialist, stint):
    """Open, type, add: the likely day and owner are chosen already."""
    browser = browser_for(specialist)
    form = browser.open(family_url(stint)).follow("Add a task").form("Add")
    page = form.fill(what="Ask for the papers").submit()
    assert page.path == family_url(stint)
    assert "Ask for the papers Due tomorrow Sun, Nov 22, 2026 · Yours" in page
    assert "Ask for the papers" in browser.open("/today")


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ("today", "Due today Sat, Nov 21, 2026"),
        ("tomorrow", "Due tomorrow Sun, Nov 22, 2026"),
        ("in_a_week", "Due in 7 days Sat, Nov 28, 2026"),
        ("other", "Due in 9 days Mon, Nov 30, 2026"),
    ],
)
def test_the_usual_days_are_one_press(browser_for, specialist, stint, due, words):
    page = browser_for(specialist).open(family_url(stint)).follow("Add a task").form("Add")
    page = page.fill(what="Ask", due=due, due_on="2026-11-30").submit()
    assert f"Ask {words}" in page


def test_a_refused_task_comes_back_with_all_that_was_typed(browser_for, specialist, stint):
    form = browser_for(specialist).open(family_url(stint)).follow("Add a task").form("Add")
    page = form.fill(what="x" * 301, due="other", due_on="2026-11-20").submit(status=422)
    assert page.problems == [
        "The task is 301 characters long; 300 characters are allowed. Shorten it."
    ]
    page = page.form("Add").fill(what="Ask").submit(status=422)
    assert page.problems == ["This day is over. Give today or a later day."]
    assert page.form("Add").values["due_on"] == "2026-11-20"
    page = page.form("Add").fill(due_on="").submit(status=422)
    assert page.problems == ["Give the date."]
    page = page.form("Add").fill(due="today").submit()
    assert "Ask Due today" in page


def test_one_press_in_today_and_a_wrong_press_is_taken_back_there(browser_for, specialist, stint):
    make_task(stint, what="Call the school", due_on=TODAY - timedelta(days=2))
    page = browser_for(specialist).open("/today")
    assert "1 task" in page
    assert "Overdue since Thu, Nov 19, 2026" in page
    page = page.form("Done Call the school").submit()
    assert page.path == "/today"
    assert "No task in the coming days" in page
    assert "Done today" in page
    page = page.form("Open again Call the school").submit()
    assert page.path == "/today"
    assert "1 task" in page


def test_a_task_is_changed_dropped_and_opened_again(browser_for, specialist, supervisor, stint):
    make_task(stint, what="Call the school")
    page = browser_for(specialist).open(family_url(stint)).follow("Change Call the school")
    page = page.form("Save").fill(what="Write to the school", due_on="2026-12-01")
    page = page.fill(owner=supervisor.public_id).submit()
    assert "Write to the school Due in 10 days Tue, Dec 1, 2026 · Ana Ruiz" in page
    page = page.follow("Change Write to the school").form("Drop it, it need not be done").submit()
    assert "No open task" in page
    assert "Dropped today" in page
    page = page.form("Open again Write to the school").submit()
    assert "No open task" not in page


def test_a_stale_change_shows_both_texts(browser_for, specialist, supervisor, stint):
    task = make_task(stint, what="Call the school")
    first = browser_for(specialist).open(f"/tasks/{task.public_id}").form("Save")
    second = browser_for(supervisor).open(f"/tasks/{task.public_id}").form("Save")
    first.fill(what="Write to the school").submit()
    page = second.fill(what="Visit the school").submit(status=409)
    assert "By Rosa Jimenez" in page
    assert "Write to the school" in page
    assert page.form("Save").values["what"] == "Visit the school"
    assert "Visit the school" in page.form("Save").submit()


def test_who_presses_done_second_reads_who_was_quicker(browser_for, specialist, supervisor, stint):
    make_task(stint, what="Call the school")
    pages = [browser_for(one).open(family_url(stint)) for one in (specialist, supervisor)]
    pages[0].form("Done Call the school").submit()
    page = pages[1].form("Done Call the school").submit(status=409)
    assert "This task is done." in page
    assert "Rosa Jimenez" in page


def test_a_supervisor_gives_the_specialist_a_task_and_keeps_their_own(
    browser_for, specialist, supervisor, stint
):
    browser = browser_for(supervisor)
    assert "You have no open task" in browser.open("/tasks")
    form = browser.open(family_url(stint)).follow("Add a task").form("Add")
    assert form.values["owner"] == specialist.public_id
    form = form.fill(what="Ask her about the school").submit().follow("Add a task").form("Add")
    form.fill(what="Call the agency", owner=supervisor.public_id).submit()
    page = browser.open("/tasks")
    assert "Call the agency" in page
    assert "Ask her about the school" not in page  # not overdue: it is the specialist's to do
    assert "Ask her about the school" in browser_for(specialist).open("/today")


def test_after_the_end_of_support_the_supervisor_takes_the_task_or_drops_it(
    browser_for, specialist, supervisor, stint
):
    make_task(stint, what="Call the school")
    end(stint, "moved_away", actor=specialist.as_actor(), now=NOW)
    assert "Call the school" not in browser_for(specialist).open("/today")
    page = browser_for(supervisor).open("/tasks")
    assert "Nobody's It was Rosa Jimenez's, who does not work with this family now." in page
    page = page.follow("Change Call the school")
    assert page.form("Save").values["owner"] == ""
    page = page.form("Save").submit(status=422)
    assert page.problems == ["Choose who does it: somebody who works with this family."]
    page.form("Save").fill(owner=supervisor.public_id).submit()
    page = browser_for(supervisor).open("/tasks")
    assert "Nobody's" not in page
    page = page.form("Done Call the school").submit()
    assert page.path == "/tasks"


def test_the_answer_to_a_press_stands_where_the_page_opens_again(browser_for, specialist, stint):
    """Not only at the top, which a phone scrolls past: with it comes how to take it back."""
    make_task(stint, what="Call the school")
    browser = browser_for(specialist)
    page = browser.open("/today").form("Done Call the school").submit()
    assert "A wrong press?" in text_of(page.by_id("tasks"))
    assert page.text.count("A wrong press?") == 1
    form = browser.open(family_url(stint)).follow("Add a task").form("Add")
    page = form.fill(what="Ask").submit()
    assert "The task is added." in text_of(page.by_id("tasks"))


def test_the_way_to_the_tasks_on_top_of_today_says_how_many_are_late(
    browser_for, specialist, stint
):
    make_task(stint, due_on=TODAY)
    browser = browser_for(specialist)
    assert "1 task" in browser.open("/today").links
    make_task(stint, due_on=TODAY - timedelta(days=1))
    assert "2 tasks, 1 overdue" in browser.open("/today").links


def test_on_the_page_of_tasks_the_way_back_of_a_wrong_press_is_the_familys_page(
    browser_for, supervisor, stint
):
    task = make_task(stint, what="Call the school", owner_id=supervisor.id)
    page = browser_for(supervisor).open("/tasks").form("Done Call the school").submit()
    assert "Open it again on the family's page." in text_of(page.by_id("tasks"))
    page = page.browser.open(family_url(stint)).form("Open again Call the school").submit()
    assert "Done Call the school" in page.buttons
    assert task.state is TaskState.OPEN
