"""What messages register with the rooms below: outbox, gates, a person's data, the button on a person's page."""

from typing import Any

from community import contacts, message_access, message_privacy
from community.flows import message_files
from community.flows.message_telling import tell_of_message
from kit import outbox, persons, slots
from notices import gates, live


def register_all() -> None:
    outbox.on("message.written", tell_of_message)
    outbox.on(message_files.ERASED, message_files.erase_object)
    gates.register("conversation", message_access.conversation_gate, message_access.open_conversations)
    live.register("conversation", message_access.last_numbers)
    gates.register("reported_messages", message_access.reports_gate)
    persons.register("messages", export=message_privacy.export_person, erase=message_privacy.erase_person)
    slots.fill("person.page", fill_person_page)


def fill_person_page(request: Any, person: Any, profile: Any) -> tuple[str, dict[str, Any]] | None:
    """The button "Write a message", for whom the person may be written to by."""
    if not request.user.is_authenticated or not contacts.may_write_to(request.user, person):
        return None
    return "community/messages/write_button.html", {"handle": profile.handle}
