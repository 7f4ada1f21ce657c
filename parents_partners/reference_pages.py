"""Pages of docs/ that are made from the code: `flask --app app docs lifecycles`.

They are committed, and a test compares them, so that they cannot fall behind."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import click
from flask import current_app
from flask.cli import AppGroup

from parents_partners.accounts.types import Role
from parents_partners.advocates.lifecycle import ASSIGNMENT_LIFECYCLE, HAND_OVER_LIFECYCLE
from parents_partners.advocates.service_lifecycle import SERVICE_LIFECYCLE
from parents_partners.advocates.types import AssignmentState, HandOverState, ServiceState
from parents_partners.core.lifecycle import Lifecycle
from parents_partners.core.permissions import Permissions
from parents_partners.referrals.lifecycle import REFERRAL_LIFECYCLE
from parents_partners.referrals.types import ReferralState
from parents_partners.rule_index import rules_page

commands = AppGroup("docs", help="Print the reference pages that are made from the code.")


@dataclass(frozen=True)
class Described:
    """A lifecycle, with what its table does not say: of what it is and where it begins."""

    title: str
    introduction: str
    lifecycle: Lifecycle
    states: type[StrEnum]
    start: StrEnum


LIFECYCLES = (
    Described(
        "Referral",
        "What was decided about what somebody said. A draft is no referral yet.",
        REFERRAL_LIFECYCLE,
        ReferralState,
        ReferralState.SUBMITTED,
    ),
    Described(
        "Assignment",
        "One Family Specialist's stint with one or several parents of a case. It is never used "
        "again: support that is reopened is a new assignment.",
        ASSIGNMENT_LIFECYCLE,
        AssignmentState,
        AssignmentState.OFFERED,
    ),
    Described(
        "Hand-over",
        "A stint that goes on with another Family Specialist: a supervisor asks, who carries the "
        "family gives, the other takes.",
        HAND_OVER_LIFECYCLE,
        HandOverState,
        HandOverState.ASKED,
    ),
    Described(
        "Referral to a service",
        "A service that a parent needs, followed to its end (ADV-03).",
        SERVICE_LIFECYCLE,
        ServiceState,
        ServiceState.OFFERED,
    ),
)


@commands.command("lifecycles")
def print_lifecycles() -> None:
    """docs/reference/lifecycles.md"""
    click.echo(lifecycles_page(current_app.extensions["permissions"]), nl=False)


@commands.command("permissions")
def print_permissions() -> None:
    """docs/reference/permissions.md"""
    click.echo(permissions_page(current_app.extensions["permissions"]), nl=False)


@commands.command("rules")
def print_rules() -> None:
    """docs/rules.md"""
    click.echo(rules_page(), nl=False)


def lifecycles_page(permissions: Permissions) -> str:
    parts = ["# Lifecycles", _made_by("lifecycles")]
    for one in LIFECYCLES:
        parts += [
            f"## {one.title}",
            f"{one.introduction} It begins as *{_label(one.start)}*.",
            _table(
                ["Action", "From", "To", "Who", "Event"],
                [
                    [
                        _label(transition.action),
                        ", ".join(_label(s) for s in one.states if s in transition.sources),
                        _label(transition.target),
                        _who(permissions, transition.permission),
                        f"`{transition.event}`",
                    ]
                    for transition in one.lifecycle.transitions
                ],
            ),
        ]
    return "\n\n".join(parts) + "\n"


def permissions_page(permissions: Permissions) -> str:
    return (
        "\n\n".join(
            [
                "# Permissions",
                _made_by("permissions"),
                "Who may ever do it. *Which* referral or family is a second question: each slice's "
                "`visible_to(viewer)` answers it, and what it does not show does not exist (404).",
                _table(
                    ["Permission", *(role.label for role in Role)],
                    [
                        [
                            f"`{permission}`",
                            *(
                                "yes" if role in permissions.roles(permission) else ""
                                for role in Role
                            ),
                        ]
                        for permission in permissions.names()
                    ],
                ),
            ]
        )
        + "\n"
    )


def _made_by(command: str) -> str:
    return f"Made by `flask --app app docs {command}`; a test compares this page with the code."


def _who(permissions: Permissions, permission: str | None) -> str:
    if permission is None:
        return "The clock"
    roles = permissions.roles(permission)
    return f"{', '.join(role.label for role in Role if role in roles)} (`{permission}`)"


def _label(member: StrEnum) -> str:
    label: str = member.label  # type: ignore[attr-defined]
    return label


def _table(heads: Iterable[str], rows: Iterable[list[str]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |".replace("  |", " |") for cells in lines)
