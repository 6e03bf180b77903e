from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Courses"

    def ready(self) -> None:
        from courses import contacts, feeding, people, privacy, searching, things, ways
        from courses.flows import offer_next
        from courses.flows.certificate import RULE_CHANGED, issue_by_rule
        from courses.flows.import_jobs import TOPIC as IMPORT
        from courses.flows.import_jobs import run_import
        from courses.flows.letters import TOPIC as LETTER
        from courses.flows.letters import deliver_letter
        from kit import outbox, slots
        from stock.flows import when_freed

        things.register_all()
        searching.register_all()
        feeding.register_all()
        privacy.register_all()
        ways.register_all()
        contacts.register_all()
        outbox.on(RULE_CHANGED, issue_by_rule)
        outbox.on(IMPORT, run_import)
        outbox.on(LETTER, deliver_letter)
        slots.fill("account.more", people.fill_teaching)
        slots.fill("account.more", people.fill_account)
        slots.fill("person.page", people.fill_person_page)
        slots.fill("events.calendar", people.fill_events)
        when_freed("cohort", offer_next)
        # The last app of all: Django has made every permission by then.
        post_migrate.connect(ensure_rights_after_migrate, sender=apps.get_app_config("staticfiles"))


def ensure_rights_after_migrate(sender: Any, **kwargs: Any) -> None:
    from courses.flows import ensure_owner_rights

    ensure_owner_rights()
