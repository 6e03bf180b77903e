from notices.models.choice import Choice, QuietHours
from notices.models.digest import Digest
from notices.models.event import LiveEvent
from notices.models.notice import LetterConsent, Notice

__all__ = ["Choice", "Digest", "LetterConsent", "LiveEvent", "Notice", "QuietHours"]
