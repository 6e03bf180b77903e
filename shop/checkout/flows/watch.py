"""The nightly audit: ask all invariants, and let nobody overlook a violation."""

import logging

from shop.checkout.audit import Finding, findings
from shop.checkout.flows.tell_owners import tell_of_violations

logger = logging.getLogger(__name__)


def audit_money() -> list[Finding]:
    """What the audit found; every broken invariant is an error in the log and named to the owners. Writes nothing else."""
    found = findings()
    broken = [finding for finding in found if finding.violations]
    for finding in broken:
        logger.error(
            "money invariant broken",
            extra={"invariant": finding.code, "violations": finding.violations, "examples": "; ".join(finding.examples)},
        )
    if broken:
        tell_of_violations(names=[f"{finding.code} × {finding.violations}: {', '.join(finding.examples)}" for finding in broken])
    return found
