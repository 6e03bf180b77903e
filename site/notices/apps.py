from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = "Notices"

    def ready(self) -> None:
        from kit import outbox, persons
        from notices import gates, letters
        from notices.flows import send_digest, send_notice_mail
        from notices.privacy import erase_person, export_person

        outbox.on("notice.mail", send_notice_mail)
        outbox.on("notice.digest", send_digest)
        gates.register(letters.GATE, lambda _ident, user: letters.has_consent(user))
        persons.register("notices", export=export_person, erase=erase_person)
