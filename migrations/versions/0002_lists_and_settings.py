"""The lists and settings that the programme starts with, and the audit log's wall."""

from alembic import op
from sqlalchemy import column, table

from parents_partners.core.insert_only import make_insert_only, unmake_insert_only

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

list_item = table(
    "list_item",
    *(column(name) for name in ("list_name", "code", "label", "public_label", "position")),
)
setting = table("setting", *(column(name) for name in ("name", "value", "help")))

# PDM stands in the brochure without being spelled out and no source does: its label is its code.
LISTS = {
    "conference_kind": [
        ("ICSC", "Initial Child Safety Conference (ICSC)"),
        ("FTC", "Family Team Conference (FTC)"),
        ("SPR", "Service Plan Review (SPR)"),
        ("PDM", "PDM"),
        ("OTHER", "Other conference"),
        ("COURT", "Court date"),
    ],
    "decline_reason": [
        ("outside_target", "Outside the programme's target population"),
        ("outside_area", "Outside the area that the programme serves"),
        ("no_capacity", "No Family Specialist can be offered in time"),
        ("served_elsewhere", "Another programme already supports the parent"),
        ("cannot_reach_referrer", "What we needed to know could not be found out"),
        ("other", "Another reason", "We cannot take this referral"),
    ],
    "offer_decline_reason": [
        ("caseload_full", "My caseload is full"),
        ("know_family", "I know this family"),
        ("language", "The language does not fit"),
        ("schedule", "I cannot make the next dates"),
        ("not_for_me", "This family's situation is not right for me"),
        ("other", "Another reason"),
    ],
    "outcome": [
        ("goals_reached", "The parent reached what they wanted", "Support was completed"),
        ("reunified", "The family is together again", "Support was completed"),
        ("parent_ended", "The parent wanted to end", "Support has ended"),
        ("consent_withdrawn", "The parent withdrew their consent", "Closed"),
        ("no_contact", "The parent could not be reached", "Contact could not be made"),
        ("moved_away", "The family moved away", "Support has ended"),
        ("handed_elsewhere", "Another programme took over", "Support continues elsewhere"),
        ("rights_terminated", "Parental rights were terminated", "Support has ended"),
        ("other", "Another outcome", "Support has ended"),
    ],
    "concern": [
        ("substance_use", "Substance use"),
        ("mental_health", "Mental health"),
        ("domestic_violence", "Domestic violence"),
        ("sexual_abuse", "Sexual abuse"),
        ("physical_abuse", "Physical abuse"),
        ("neglect", "Neglect"),
        ("educational_neglect", "Educational neglect"),
        ("housing", "Housing"),
        ("immigration", "Immigration"),
        ("incarceration", "Incarceration of a parent"),
        ("disability", "Disability or illness of a parent"),
        ("child_special_needs", "A child with special needs"),
        ("teen_parent", "A parent who is a teenager"),
    ],
    # The City's ten designated languages, English, American Sign Language, and what came in.
    "language": [
        ("en", "English"),
        ("es", "Spanish"),
        ("zh-Hant", "Chinese (traditional)"),
        ("zh-Hans", "Chinese (simplified)"),
        ("ru", "Russian"),
        ("bn", "Bengali"),
        ("ht", "Haitian Creole"),
        ("ko", "Korean"),
        ("ar", "Arabic"),
        ("ur", "Urdu"),
        ("fr", "French"),
        ("pl", "Polish"),
        ("ff", "Fulani"),
        ("ase", "American Sign Language"),
    ],
}

SETTINGS = {
    "offer_unanswered_days": ("1", "Calendar days after which an unanswered offer lapses."),
    "first_contact_days": ("2", "Calendar days after acceptance in which a parent is contacted."),
    "no_contact_days": ("14", "Calendar days without contact after which a family is shown."),
    "draft_hidden_days": ("14", "Calendar days after which an untouched draft is hidden."),
    "draft_deleted_days": ("28", "Calendar days after which an untouched draft is deleted."),
    "early_case_days": (
        "14",
        "A case counts as early for this many calendar days after removal or opening.",
    ),
    "near_conference_days": (
        "7",
        "A conference within this many calendar days moves a family to the front of the queue.",
    ),
    "route_early_days": ("1", "Calendar days in which an early case is routed."),
    "route_days": ("3", "Calendar days in which any referral is routed."),
    "upcoming_days": ("14", "How many calendar days ahead Today shows conferences."),
    "helpline_phone": ("(212) 676-9421", "The helpline's telephone number."),
    "helpline_hours": ("Monday to Friday, 9 AM to 4 PM", "When somebody answers the helpline."),
    "consent_wording_version": ("2026-1", "Which wording of the consent parents are read."),
}


def upgrade():
    op.bulk_insert(
        list_item,
        [
            {
                "list_name": name,
                "code": code,
                "label": label,
                "public_label": public_label[0] if public_label else None,
                "position": position,
            }
            for name, items in LISTS.items()
            for position, (code, label, *public_label) in enumerate(items, start=1)
        ],
    )
    op.bulk_insert(
        setting,
        [{"name": name, "value": value, "help": help} for name, (value, help) in SETTINGS.items()],
    )
    make_insert_only(op.get_bind(), "audit_event")


def downgrade():
    unmake_insert_only(op.get_bind(), "audit_event")
    for name, items in LISTS.items():
        codes = [item[0] for item in items]
        op.execute(
            list_item.delete().where(list_item.c.list_name == name, list_item.c.code.in_(codes))
        )
    op.execute(setting.delete().where(setting.c.name.in_(SETTINGS)))
