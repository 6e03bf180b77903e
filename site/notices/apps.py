from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = "Notices"

    def ready(self) -> None:
        from kit import outbox
        from notices.flows import send_notice_mail

        outbox.on("notice.mail", send_notice_mail)
