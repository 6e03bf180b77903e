from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = "Search"

    def ready(self) -> None:
        from kit import outbox
        from search.flows import reindex_changed

        outbox.on("search.changed", reindex_changed)
