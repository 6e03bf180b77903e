from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = "Community"

    def ready(self) -> None:
        from community import events_setup, feeds_setup, messages, people, searching, telling_setup, things
        from community.flows import files, mentions
        from community.flows.applying import UNUSED, drop_unused_proof
        from community.flows.passes import INVITED, send_invitation
        from community.flows.privacy import erase_person, export_person
        from community.flows.privacy_spaces import erase_doors, export_doors
        from kit import outbox, persons, slots

        outbox.on(mentions.TOPIC, mentions.tell_mentioned)
        outbox.on(files.ERASED, files.erase_object)
        outbox.on(files.REMOVED, files.erase_removed_files)
        outbox.on(UNUSED, drop_unused_proof)
        outbox.on(INVITED, send_invitation)
        persons.register("spaces", export=export_doors, erase=erase_doors)
        persons.register("community", export=export_person, erase=erase_person)
        slots.fill("person.page", people.fill_person_page)
        telling_setup.register_all()
        things.register_all()
        events_setup.register_all()
        feeds_setup.register_all()
        searching.register_all()
        messages.register_all()
