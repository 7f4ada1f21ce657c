"""Parents as Partners: referrals and caseloads for a peer-advocate programme in child welfare."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect

from config import Settings
from parents_partners import navigation, reference_pages
from parents_partners.accounts import actor, sign_in
from parents_partners.accounts import hooks as account_hooks
from parents_partners.accounts.cli import commands as accounts_commands
from parents_partners.accounts.links import LinkTokenConverter
from parents_partners.accounts.policies import POLICY as ACCOUNTS_POLICY
from parents_partners.accounts.reference.routes import blueprint as reference_blueprint
from parents_partners.accounts.routes import blueprint as accounts_blueprint
from parents_partners.accounts.types import Role
from parents_partners.advocates.cli import offers as offers_commands
from parents_partners.advocates.cli import specialists as specialists_commands
from parents_partners.advocates.policies import POLICY as ADVOCATES_POLICY
from parents_partners.advocates.routes import blueprint as advocates_blueprint
from parents_partners.advocates.services import leaving
from parents_partners.advocates.services.keeping_out import take_back_from_kept_out
from parents_partners.advocates.services.support import stop_what_was_allowed
from parents_partners.audit.readings import write_readings
from parents_partners.audit.routes import blueprint as audit_blueprint
from parents_partners.cases.cli import commands as conflicts_commands
from parents_partners.cases.hooks import colleague_kept_out, consent_withdrawn
from parents_partners.cases.policies import POLICY as CASES_POLICY
from parents_partners.cases.routes import blueprint as cases_blueprint
from parents_partners.core import clock, edge, logs, static_files, words
from parents_partners.core.codes import CodeConverter
from parents_partners.core.db import db, migrate
from parents_partners.core.markup import PageEnvironment, WithoutIndentation
from parents_partners.core.permissions import Permissions, public, refuse_unmarked_views
from parents_partners.core.public_id import PublicIdConverter, addresses
from parents_partners.core.text import phone_e164
from parents_partners.demonstration import people
from parents_partners.demonstration.cli import commands as demonstration_commands
from parents_partners.intake.cli import commands as drafts_commands
from parents_partners.intake.policies import POLICY as INTAKE_POLICY
from parents_partners.intake.routes import blueprint as intake_blueprint
from parents_partners.referrals.cli import commands as referrals_commands
from parents_partners.referrals.policies import POLICY as REFERRALS_POLICY
from parents_partners.referrals.routes import blueprint as referrals_blueprint

ROOT = Path(__file__).resolve().parent.parent

csrf = CSRFProtect()


def create_app(settings: Settings | None = None) -> Flask:
    """Put the product together. Raises SettingsError if the environment lacks something, and
    RuntimeError if a view has no permission."""
    settings = settings or Settings.from_env()
    app = Flask(__name__, template_folder=str(ROOT / "templates"))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        DEMONSTRATION=settings.demonstration,
        DEMONSTRATION_ACCOUNTS=[people.one_per_role(), people.others()],
        TIME_ZONE=settings.time_zone,
        LOG_LEVEL=settings.log_level,
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # From when the cookie was last written. The browser forgets it when it is closed; a browser
        # that is never closed, or a copy of the cookie, is good for one working day.
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        # A form may lie open all afternoon; its token lives as long as the session.
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=16 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=16 * 1024 * 1024,
        MAX_FORM_PARTS=5000,
    )
    app.url_map.converters["public_id"] = PublicIdConverter
    app.url_map.converters["link_token"] = LinkTokenConverter
    app.url_map.converters["code"] = CodeConverter
    app.jinja_environment = PageEnvironment
    app.jinja_options = {
        "trim_blocks": True,
        "lstrip_blocks": True,
        "extensions": [WithoutIndentation],
    }

    logs.init_app(app)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    edge.init_app(app)
    actor.init_app(app)
    # Who is asking comes before the token: signed out while typing, one gets all of it back.
    app.before_request(edge.check_permission)
    csrf.init_app(app)
    sign_in.init_app(app)
    _teach_templates(app)

    permissions = Permissions()
    for policy in (
        ACCOUNTS_POLICY,
        CASES_POLICY,
        REFERRALS_POLICY,
        INTAKE_POLICY,
        ADVOCATES_POLICY,
    ):
        permissions.declare(policy)
    app.extensions["permissions"] = permissions

    account_hooks.role_about_to_change.connect(leaving.refuse_while_work_is_open)
    account_hooks.person_leaves.connect(leaving.take_back_what_waits)
    account_hooks.account_looked_at.connect(leaving.say_what_is_open)
    consent_withdrawn.connect(stop_what_was_allowed)
    colleague_kept_out.connect(take_back_from_kept_out)
    edge.page_goes_out.connect(write_readings)
    app.cli.add_command(reference_pages.commands)

    for blueprint in (
        navigation.blueprint,
        accounts_blueprint,
        reference_blueprint,
        audit_blueprint,
        cases_blueprint,
        referrals_blueprint,
        intake_blueprint,
        advocates_blueprint,
    ):
        app.register_blueprint(blueprint)
    for commands in (
        accounts_commands,
        conflicts_commands,
        drafts_commands,
        demonstration_commands,
        referrals_commands,
        specialists_commands,
        offers_commands,
    ):
        app.cli.add_command(commands)
    static_files.init_app(app)
    public(app.view_functions["static"])
    refuse_unmarked_views(app, permissions)
    return app


def _teach_templates(app: Flask) -> None:
    """The filters and names that every template may use."""
    zone = app.config["TIME_ZONE"]
    app.jinja_env.filters.update(
        date=words.date_words,
        time=lambda instant: words.time_words(instant, zone),
        when=lambda instant: words.when_words(instant, zone),
        local_date=lambda instant: instant.astimezone(zone).date(),
        day=lambda instant: words.date_words(instant.astimezone(zone)),
        iso=datetime.isoformat,
        dial=phone_e164,
        distance=lambda day: words.distance_words(day, clock.now().astimezone(zone).date()),
        count=words.count_words,
        joined=words.joined_words,
        first_upper=lambda text: text[:1].upper() + text[1:],
        role=lambda code: Role(code).label if code else "The system",
    )

    app.jinja_env.globals.update(addresses=addresses)

    @app.context_processor
    def shared() -> dict[str, Any]:
        return {
            "navigation": navigation.entries(),
            "signed_in": navigation.signed_in(),
            "demonstration": app.config["DEMONSTRATION"],
        }
