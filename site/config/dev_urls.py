"""Places that exist in development only."""

from django.urls import path

from config import dev_mail
from pages.gallery import gallery

urlpatterns = [
    path("dev/mail/", dev_mail.mails, name="dev_mails"),
    path("dev/mail/<str:name>/", dev_mail.mail, name="dev_mail"),
    path("dev/mail/<str:name>/html/", dev_mail.mail_html, name="dev_mail_html"),
    path("design/", gallery, name="design_gallery"),
]
