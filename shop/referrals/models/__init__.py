"""Who brought whom, and what it earns (DISTRIBUTION.md)."""

from shop.referrals.models.case import Case, CaseEvidence, CaseReport
from shop.referrals.models.commission import Attribution, Commission, Objection, Suspicion
from shop.referrals.models.link import Click, ClickClock, ClickDay, ClickSalt, Link
from shop.referrals.models.poster import PosterPicture
from shop.referrals.models.programme import Admission, Agreement, Channel, Programme, ProgrammeVersion

__all__ = [
    "Admission",
    "Agreement",
    "Attribution",
    "Case",
    "CaseEvidence",
    "CaseReport",
    "Channel",
    "Click",
    "ClickClock",
    "ClickDay",
    "ClickSalt",
    "Commission",
    "Link",
    "Objection",
    "PosterPicture",
    "Programme",
    "ProgrammeVersion",
    "Suspicion",
]
