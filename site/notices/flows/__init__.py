"""All writes of the inbox. A file per journey."""

from notices.flows.choosing import choose, set_quiet_hours, stop_mail
from notices.flows.digests import prepare_digests, send_digest
from notices.flows.mailing import send_notice_mail
from notices.flows.telling import mark_read, notify, notify_many, reword, settle, withdraw
from notices.mail import language_of, send_mail_in_language
from notices.words import Words

__all__ = [
    "Words",
    "choose",
    "language_of",
    "mark_read",
    "notify",
    "notify_many",
    "prepare_digests",
    "reword",
    "send_digest",
    "send_mail_in_language",
    "send_notice_mail",
    "set_quiet_hours",
    "settle",
    "stop_mail",
    "withdraw",
]
