from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = "Community"

    def ready(self) -> None:
        from community import events_setup, people, searching, things
        from community.flows import feedback_news, following, tell_of_post, telling
        from community.flows.privacy import erase_person, export_person
        from kit import outbox, persons, slots

        outbox.on("post.written", tell_of_post)
        outbox.on("post.tell", telling.tell_chunk_of_post)
        outbox.on("follow.news", following.split_followers)
        outbox.on("follow.tell", following.tell_chunk_of_followers)
        outbox.on("wish.news", feedback_news.split_wish_news)
        outbox.on("wish.tell", feedback_news.tell_chunk_of_wish)
        outbox.on("release.news", feedback_news.split_release_news)
        outbox.on("release.tell", feedback_news.tell_chunk_of_release)
        persons.register("community", export=export_person, erase=erase_person)
        slots.fill("person.page", people.fill_person_page)
        things.register_all()
        events_setup.register_all()
        searching.register_all()
