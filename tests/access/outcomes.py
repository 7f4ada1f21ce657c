"""Who reaches what: the authorisation table of security.md, route by route.

    yes   let in
    own   let in for what is theirs; another's answers as if there were none (404)
    no    never: 403, whatever the object

RF referrer, HL helpline, FS Family Specialist, SV supervisor, AD admin, AU auditor. Who is not
signed in reaches none of it. A route that stands here is tested; one that does not, fails.
"""

from dataclasses import dataclass

from parents_partners.accounts.types import Role

TABLE = """
method  endpoint                      RF   HL   FS   SV   AD   AU
GET     home.landing                  yes  yes  yes  yes  yes  yes
GET     accounts.accounts             no   no   no   no   yes  no
GET     accounts.export_accounts      no   no   no   no   yes  no
POST    accounts.save_accounts        no   no   no   no   yes  no
GET     accounts.invite               no   no   no   no   yes  no
POST    accounts.save_invitation      no   no   no   no   yes  no
GET     accounts.account              no   no   no   no   own  no
GET     accounts.change_account       no   no   no   no   own  no
POST    accounts.save_account         no   no   no   no   own  no
POST    accounts.make_link            no   no   no   no   own  no
POST    accounts.disable_account      no   no   no   no   own  no
POST    accounts.enable_account       no   no   no   no   own  no
GET     accounts.organisations        no   no   no   no   yes  no
GET     accounts.add_organisation     no   no   no   no   yes  no
POST    accounts.save_new_organisation no  no   no   no   yes  no
GET     accounts.organisation         no   no   no   no   own  no
POST    accounts.save_organisation    no   no   no   no   own  no
POST    accounts.link_spelling        no   no   no   no   own  no
POST    accounts.unlink_spelling      no   no   no   no   own  no
GET     accounts.units                no   no   no   no   yes  no
GET     accounts.add_unit             no   no   no   no   yes  no
POST    accounts.save_new_unit        no   no   no   no   yes  no
GET     accounts.change_unit          no   no   no   no   own  no
POST    accounts.save_unit            no   no   no   no   own  no
GET     audit.events                  no   no   no   no   no   yes
GET     audit.export_events           no   no   no   no   no   yes
POST    audit.save_events             no   no   no   no   no   yes
GET     audit.readers                 no   no   no   no   no   yes

GET     intake.drafts                 yes  yes  no   yes  no   no
POST    intake.start                  yes  yes  no   yes  no   no
GET     intake.step                   own  own  no   own  no   no
POST    intake.save_step              own  own  no   own  no   no
POST    intake.autosave               own  own  no   own  no   no
GET     intake.check                  own  own  no   own  no   no
POST    intake.submit                 own  own  no   own  no   no
POST    intake.delete                 own  own  no   own  no   no
GET     intake.receipt                own  own  no   own  no   no

GET     intake.calls                  no   yes  no   no   no   no
GET     intake.take_call              no   yes  no   no   no   no
POST    intake.save_call              no   yes  no   no   no   no
GET     intake.call                   no   own  no   no   no   no
POST    intake.change_call            no   own  no   no   no   no
POST    intake.call_back              no   own  no   no   no   no
POST    intake.start_from_call        no   own  no   no   no   no
GET     intake.leave_message          no   own  no   no   no   no
POST    intake.save_message           no   own  no   no   no   no
GET     intake.hear_withdrawal        no   own  no   no   no   no
POST    intake.save_heard_withdrawal  no   own  no   no   no   no
POST    advocates.see_message         no   no   own  own  no   no

GET     referrals.referrals           yes  yes  no   no   no   no
GET     referrals.referral            own  own  own  own  no   no
POST    referrals.answer              own  own  no   own  no   no
POST    referrals.withdraw            own  own  no   own  no   no
GET     referrals.export_referrals    yes  no   no   no   no   no
POST    referrals.save_referrals      yes  no   no   no   no   no

GET     advocates.today               no   no   yes  no   no   no
GET     advocates.caseload            no   no   yes  no   no   no
GET     advocates.export_caseload     no   no   yes  no   no   no
POST    advocates.save_caseload       no   no   yes  no   no   no
GET     advocates.offer               no   no   own  no   no   no
POST    advocates.accept_offer        no   no   own  no   no   no
POST    advocates.decline_offer       no   no   own  no   no   no
GET     advocates.family              no   no   own  own  no   no
GET     advocates.readers             no   no   own  own  no   no
GET     advocates.log_activity        no   no   own  no   no   no
POST    advocates.save_activity       no   no   own  no   no   no
POST    advocates.save_activity_draft no   no   own  no   no   no
GET     advocates.end_support         no   no   own  own  no   no
POST    advocates.save_end_of_support no   no   own  own  no   no
GET     advocates.reopen_support      no   no   no   own  no   no
POST    advocates.save_reopening      no   no   no   own  no   no
GET     advocates.add_task            no   no   own  own  no   no
POST    advocates.save_new_task       no   no   own  own  no   no
GET     advocates.change_task         no   no   own  own  no   no
POST    advocates.save_task           no   no   own  own  no   no
POST    advocates.finish_task         no   no   own  own  no   no
POST    advocates.drop_task           no   no   own  own  no   no
POST    advocates.reopen_task         no   no   own  own  no   no
GET     advocates.tasks               no   no   no   yes  no   no
GET     advocates.offer_service       no   no   own  no   no   no
POST    advocates.save_service        no   no   own  no   no   no
GET     advocates.service             no   no   own  own  no   no
POST    advocates.go_on_with_service  no   no   own  own  no   no

GET     advocates.hand_over_ask       no   no   no   own  no   no
POST    advocates.hand_over_save_request no no  no   own  no   no
GET     advocates.hand_over_give      no   no   own  no   no   no
POST    advocates.hand_over_save      no   no   own  no   no   no
POST    advocates.hand_over_decline_giving no no own no   no   no
GET     advocates.hand_over           no   no   own  no   no   no
POST    advocates.hand_over_take      no   no   own  no   no   no
POST    advocates.hand_over_decline_taking no no own no   no   no
POST    advocates.hand_over_take_back no   no   no   own  no   no
GET     advocates.workload            no   no   no   yes  no   no
GET     advocates.workload_list       no   no   no   yes  no   no

GET     advocates.families            no   no   no   yes  no   no
GET     advocates.export_families     no   no   no   yes  no   no
POST    advocates.save_families       no   no   no   yes  no   no
GET     advocates.search              no   yes  yes  yes  no   no
POST    advocates.search_for          no   yes  yes  yes  no   no
GET     advocates.triage_queue        no   no   no   yes  no   no
GET     advocates.triage_referral     no   no   no   own  no   no
POST    advocates.triage_offer        no   no   no   own  no   no
POST    advocates.triage_ask          no   no   no   own  no   no
POST    advocates.triage_decline      no   no   no   own  no   no
POST    advocates.triage_duplicate    no   no   no   own  no   no
GET     advocates.compare_referral    no   no   no   own  no   no
POST    advocates.say_of_referral     no   no   no   own  no   no
GET     advocates.compare_family      no   no   no   own  no   no
POST    advocates.say_of_family       no   no   no   own  no   no
POST    advocates.take_back_likeness  no   no   no   own  no   no
GET     advocates.triage_family       no   no   no   own  no   no
POST    advocates.triage_family_offer no   no   no   own  no   no
POST    advocates.triage_take_back    no   no   no   own  no   no

GET     cases.add_conference          no   no   own  own  no   no
POST    cases.save_new_conference     no   no   own  own  no   no
GET     cases.change_conference       no   no   own  own  no   no
POST    cases.save_conference         no   no   own  own  no   no
POST    cases.cancel_conference       no   no   own  own  no   no
GET     cases.record_consents         no   no   own  no   no   no
POST    cases.save_consents           no   no   own  no   no   no
GET     cases.confirm_consents        no   no   own  no   no   no
POST    cases.save_confirmation       no   no   own  no   no   no
GET     cases.withdraw_consents       no   no   own  own  no   no
POST    cases.save_withdrawal         no   no   own  own  no   no

GET     cases.conflicts               no   no   no   yes  yes  no
POST    cases.keep_out_by_number      no   no   no   yes  yes  no
POST    cases.end_conflict            no   no   no   own  own  no
GET     cases.family_conflicts        no   no   no   own  no   no
POST    cases.keep_out                no   no   no   own  no   no
GET     cases.keep_me_out             no   no   yes  no   no   no
POST    cases.save_keep_me_out        no   no   yes  no   no   no

GET     advocates.profile             no   no   yes  no   no   no
POST    advocates.save_profile        no   no   yes  no   no   no
POST    advocates.add_days_away       no   no   yes  no   no   no
POST    advocates.end_days_away       no   no   yes  no   no   no
GET     advocates.specialists         no   no   no   yes  no   no
GET     advocates.specialist          no   no   no   own  no   no
POST    advocates.save_specialist     no   no   no   own  no   no
POST    advocates.add_days_away_for   no   no   no   own  no   no
POST    advocates.end_days_away_for   no   no   no   own  no   no

GET     reference.lists               no   no   no   no   yes  no
GET     reference.entries             no   no   no   no   own  no
POST    reference.add_entry           no   no   no   no   own  no
GET     reference.entry               no   no   no   no   own  no
POST    reference.reword_entry        no   no   no   no   own  no
POST    reference.move_entry          no   no   no   no   own  no
POST    reference.end_entry           no   no   no   no   own  no
POST    reference.take_back_end       no   no   no   no   own  no
GET     reference.setting             no   no   no   no   own  no
POST    reference.change_setting      no   no   no   no   own  no
"""

COLUMNS = (
    Role.REFERRER,
    Role.HELPLINE,
    Role.SPECIALIST,
    Role.SUPERVISOR,
    Role.ADMIN,
    Role.AUDITOR,
)


@dataclass(frozen=True)
class Outcome:
    method: str
    endpoint: str
    role: Role
    word: str

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint} {self.role}"


def declared() -> list[Outcome]:
    """The table, cell by cell."""
    lines = [line.split() for line in TABLE.strip().splitlines()[1:] if line]
    return [
        Outcome(method, endpoint, role, word)
        for method, endpoint, *words in lines
        for role, word in zip(COLUMNS, words, strict=True)
    ]
