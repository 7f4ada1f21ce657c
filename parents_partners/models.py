"""Every model of every slice, so that the schema is whole wherever somebody asks for it."""

from parents_partners.accounts import models as accounts
from parents_partners.advocates import models as advocates
from parents_partners.audit import models as audit
from parents_partners.cases import models as cases
from parents_partners.core import reference
from parents_partners.intake import models as intake
from parents_partners.referrals import models as referrals

__all__ = ["accounts", "advocates", "audit", "cases", "intake", "reference", "referrals"]
