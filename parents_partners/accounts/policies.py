from parents_partners.accounts.types import Role
from parents_partners.core.permissions import Policy, role_rules

POLICY: Policy = {
    "home:open": role_rules(*Role),
    "account:list": role_rules(Role.ADMIN),
    "reference:change": role_rules(Role.ADMIN),
    # Declared here and not in audit/: the audit log lies below and knows no roles.
    "audit:read": role_rules(Role.AUDITOR),
}
