from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = "Notices"

    def ready(self) -> None:
        from kit import outbox, persons
        from notices.flows import send_notice_mail
        from notices.privacy import erase_person, export_person

        outbox.on("notice.mail", send_notice_mail)
        persons.register("notices", export=export_person, erase=erase_person)
