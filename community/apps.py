from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "community"
    verbose_name = "Community"

    def ready(self) -> None:
        from community import searching, things
        from community.flows import tell_of_post
        from kit import outbox

        outbox.on("post.written", tell_of_post)
        things.register_all()
        searching.register_all()
