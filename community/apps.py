from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = "Community"

    def ready(self) -> None:
        from community import messages, people, searching, things
        from community.flows import tell_of_post
        from community.flows.privacy import erase_person, export_person
        from kit import outbox, persons, slots

        outbox.on("post.written", tell_of_post)
        persons.register("community", export=export_person, erase=erase_person)
        slots.fill("person.page", people.fill_person_page)
        things.register_all()
        searching.register_all()
        messages.register_all()
