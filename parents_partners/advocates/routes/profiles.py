"""What a Family Specialist takes on, and when they are away: their own page, and their
supervisor's of it."""

from dataclasses import dataclass

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from parents_partners.accounts.actor import current_actor
from parents_partners.accounts.models import User
from parents_partners.accounts.types import Role
from parents_partners.advocates.forms.profile import AwayForm, ProfileForm
from parents_partners.advocates.models import Specialist
from parents_partners.advocates.queries import profiles as queries
from parents_partners.advocates.routes import blueprint
from parents_partners.advocates.services import profiles
from parents_partners.audit.readings import note_reading_of_list
from parents_partners.core.clock import programme_zone
from parents_partners.core.errors import AlreadyDone, Refused
from parents_partners.core.forms import add_problems, number_in, problems_of
from parents_partners.core.local_time import local_day
from parents_partners.core.permissions import requires
from parents_partners.core.reference import choices_of, labels_of, labels_of_lists

OF_SPECIALIST = "/specialists/<public_id:specialist_id>"


@blueprint.get("/profile")
@requires("profile:change", writes=True)
def profile() -> ResponseReturnValue:
    return _own().show()


@blueprint.post("/profile")
@requires("profile:change")
def save_profile() -> ResponseReturnValue:
    return _own().save()


@blueprint.post("/profile/away")
@requires("profile:change")
def add_days_away() -> ResponseReturnValue:
    return _own().be_away()


@blueprint.post("/profile/back")
@requires("profile:change")
def end_days_away() -> ResponseReturnValue:
    return _own().be_back()


@blueprint.get("/specialists")
@requires("profile:supervise")
def specialists() -> ResponseReturnValue:
    today = local_day(g.now, programme_zone())
    return render_template(
        "advocates/profiles.html",
        specialists=queries.specialists_of(current_actor(), today=today),
        languages=labels_of("language"),
    )


@blueprint.get(OF_SPECIALIST)
@requires("profile:supervise", writes=True)
def specialist(specialist_id: str) -> ResponseReturnValue:
    return _of_unit(specialist_id).show()


@blueprint.post(OF_SPECIALIST)
@requires("profile:supervise")
def save_specialist(specialist_id: str) -> ResponseReturnValue:
    return _of_unit(specialist_id).save()


@blueprint.post(f"{OF_SPECIALIST}/away")
@requires("profile:supervise")
def add_days_away_for(specialist_id: str) -> ResponseReturnValue:
    return _of_unit(specialist_id).be_away()


@blueprint.post(f"{OF_SPECIALIST}/back")
@requires("profile:supervise")
def end_days_away_for(specialist_id: str) -> ResponseReturnValue:
    return _of_unit(specialist_id).be_back()


def _own() -> "ProfilePage":
    return ProfilePage(
        queries.own_account(current_actor()),
        here=url_for("advocates.profile"),
        away_url=url_for("advocates.add_days_away"),
        back_url=url_for("advocates.end_days_away"),
    )


def _of_unit(specialist_id: str) -> "ProfilePage":
    return ProfilePage(
        queries.specialist_in_unit(current_actor(), specialist_id),
        here=url_for("advocates.specialist", specialist_id=specialist_id),
        away_url=url_for("advocates.add_days_away_for", specialist_id=specialist_id),
        back_url=url_for("advocates.end_days_away_for", specialist_id=specialist_id),
    )


@dataclass(frozen=True)
class ProfilePage:
    """One profile, for the specialist themself or for their supervisor: the same page, but that
    only the supervisor sets the capacity. The addresses are where its forms go."""

    user: User
    here: str
    away_url: str
    back_url: str

    def show(self) -> ResponseReturnValue:
        return self._draw(self._form(), AwayForm(formdata=None))

    def save(self) -> ResponseReturnValue:
        form = self._form(sent=True)
        if not form.validate():
            return self._draw(form, AwayForm(formdata=None)), 422
        try:
            profiles.change_profile(self.user, form.command(), actor=current_actor(), now=g.now)
        except Refused as refusal:
            add_problems(form, refusal.problems)
            return self._draw(form, AwayForm(formdata=None)), 422
        except AlreadyDone as earlier:
            known = queries.profile_of(self.user)
            form.version.data = str(known.version if known else 0)
            return self._draw(form, AwayForm(formdata=None), earlier=earlier), 409
        flash("The profile is saved. Suggestions follow it from now on.", "success")
        return redirect(self.here, 303)

    def be_away(self) -> ResponseReturnValue:
        form = AwayForm()
        known = queries.profile_of(self.user)
        if known is None:
            add_problems(form, {"": "Save the profile first, then add days away."})
        elif form.validate():
            try:
                profiles.be_away(
                    known, form.from_on.day, form.until_on.day, actor=current_actor(), now=g.now
                )
            except Refused as refusal:
                add_problems(form, refusal.problems)
            else:
                flash("The days are noted. Nothing is offered on them.", "success")
                return redirect(f"{self.here}#away", 303)
        return self._draw(self._form(), form), 422

    def be_back(self) -> ResponseReturnValue:
        away = queries.own_away(self.user, number_in(request.form.get("away")))
        if away is None:
            raise Refused("These days are not noted any more. Open the page again.")
        profiles.be_back(away, actor=current_actor(), now=g.now)
        flash("The days away are ended.", "success")
        return redirect(f"{self.here}#away", 303)

    def _form(self, *, sent: bool = False) -> ProfileForm:
        known = queries.profile_of(self.user)
        data = {} if sent else _as_typed(known)
        return ProfileForm(
            supervises=current_actor().role is Role.SUPERVISOR,
            languages=_choices("language", known.languages if known else []),
            concerns=_choices(
                "concern", [*known.concerns_taken, *known.concerns_not_taken] if known else []
            ),
            data=data,
            **({} if sent else {"formdata": None}),
        )

    def _draw(
        self, form: ProfileForm, away_form: AwayForm, *, earlier: AlreadyDone | None = None
    ) -> str:
        today = local_day(g.now, programme_zone())
        away = queries.away_of(current_actor(), self.user, today=today)
        note_reading_of_list(sum(len(row.uncovers) for row in away))
        return render_template(
            "advocates/profile.html",
            user=self.user,
            page=self,
            known=queries.profile_of(self.user),
            families=queries.families_carried(self.user),
            own=self.user.id == current_actor().id,
            form=form,
            away=away,
            away_form=away_form,
            today=today,
            earlier=earlier,
            labels=labels_of_lists("conference_kind", "concern", "language"),
            problems=[*problems_of(form), *problems_of(away_form)],
        )


def _as_typed(known: Specialist | None) -> dict[str, object]:
    if known is None:
        return {"version": "0", "capacity": ""}
    return {
        "version": str(known.version),
        "capacity": str(known.capacity),
        "languages": list(known.languages),
        "boroughs": list(known.boroughs),
        "age_bands": list(known.age_bands),
        "concerns_taken": list(known.concerns_taken),
        "concerns_not_taken": list(known.concerns_not_taken),
    }


def _choices(list_name: str, chosen: list[str]) -> list[tuple[str, str]]:
    """What can be chosen today, and what is chosen already, also if that has ended."""
    choices = dict(choices_of(list_name, today=local_day(g.now, programme_zone())))
    labels = labels_of(list_name)
    for code in chosen:
        choices.setdefault(code, labels.get(code, code))
    return list(choices.items())
