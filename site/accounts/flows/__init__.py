"""What changes an account."""

from accounts.flows.addresses import delete_address, make_default, save_address
from accounts.flows.guests import account_for_guest
from accounts.flows.privacy import erase_account
from accounts.flows.profile import choose_language, ensure_profile, learn_from_order, update_profile
from accounts.flows.sessions import end_sessions
from accounts.flows.works import add_work, remove_work

__all__ = [
    "account_for_guest",
    "add_work",
    "choose_language",
    "delete_address",
    "end_sessions",
    "ensure_profile",
    "erase_account",
    "learn_from_order",
    "make_default",
    "remove_work",
    "save_address",
    "update_profile",
]
