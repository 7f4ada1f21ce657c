"""The pages of the online referral form and of the helpline: one blueprint, one module a kind of
page."""

from flask import Blueprint
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import BaseConverter

from parents_partners.referrals.submission import Section


class StepConverter(BaseConverter):
    """`<step:section>`: a step of the form, `before-you-refer` in an address."""

    regex = "|".join(section.value.replace("_", "-") for section in Section)

    def to_python(self, value: str) -> Section:
        return Section(value.replace("-", "_"))

    def to_url(self, value: Section) -> str:
        return value.value.replace("_", "-")


blueprint = Blueprint("intake", __name__)


@blueprint.record_once
def _teach_addresses(state: BlueprintSetupState) -> None:
    """Before the routes, which use it, are registered."""
    state.app.url_map.converters["step"] = StepConverter


from parents_partners.intake.routes import (  # noqa: E402, F401
    call,
    calls,
    drafts,
    messages,
    sending,
    steps,
)
