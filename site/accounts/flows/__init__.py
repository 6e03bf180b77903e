"""What changes an account."""

from accounts.flows.addresses import delete_address, make_default, save_address
from accounts.flows.guests import account_for_guest
from accounts.flows.privacy import erase_account
from accounts.flows.profile import choose_language, ensure_profile, name_nameless, update_profile
from accounts.flows.sessions import end_sessions

__all__ = [
    "account_for_guest",
    "choose_language",
    "delete_address",
    "end_sessions",
    "ensure_profile",
    "erase_account",
    "make_default",
    "name_nameless",
    "save_address",
    "update_profile",
]
