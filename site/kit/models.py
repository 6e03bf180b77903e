"""Kit's few tables: public pictures, the outbox, the audit trail."""

from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, WagtailImageField

from kit.clock import now
from kit.storage import new_key


def public_storage() -> object:
    """The storage of public pictures, looked up late so that migrations hold no settings."""
    return storages["public"]


def picture_key(instance: models.Model, filename: str) -> str:
    return new_key("pictures", filename)


def rendition_key(instance: models.Model, filename: str) -> str:
    return f"renditions/{filename}"


class Picture(AbstractImage):
    """A public picture (covers, kits, portraits) in the public bucket. Paid pictures are `courses.Media`."""

    file = WagtailImageField(_("file"), upload_to=picture_key, storage=public_storage, width_field="width", height_field="height")
    admin_form_fields = (
        "title",
        "file",
        "description",
        "collection",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
        "tags",
    )

    def get_upload_to(self, filename: str) -> str:
        return picture_key(self, filename)

    def generate_rendition_file(self, filter: Any, *, source: Any = None) -> File:
        """As Wagtail makes it, but in memory: Wagtail never closes the temporary file that it writes to.

        The original is read first, so that one that storage does not have fails before that file is opened.
        """
        if source is None:
            with self.open_file() as original:
                source = ContentFile(original.read())
        with super().generate_rendition_file(filter, source=source) as made:
            made.seek(0)
            return ContentFile(made.read(), name=made.name)


class Rendition(AbstractRendition):
    file = WagtailImageField(upload_to=rendition_key, storage=public_storage, width_field="width", height_field="height")
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="rendition_once")]

    def get_upload_to(self, filename: str) -> str:
        return rendition_key(self, filename)


class OutboxMessage(models.Model):
    """An effect to deliver at least once; see kit.outbox."""

    topic = models.CharField(max_length=60)
    key = models.CharField(max_length=160)
    payload = models.JSONField(default=dict)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["topic", "key"], name="outbox_effect_once")]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="outbox_due")]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"


class AuditEntry(models.Model):
    """One line of the append-only trail; a row trigger refuses UPDATE and DELETE.

    `actor_id` is a user's id without a foreign key: kit lies below accounts, and the line outlives the account.
    """

    actor_id = models.BigIntegerField(null=True)
    action = models.CharField(max_length=60)
    target = models.CharField(max_length=80, db_index=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-at"]
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.action} {self.target}"


class Change(models.Model):
    """One row for each statement that changed what visitors see; written by triggers, read by kit.visitor_pages.

    A migration makes a table watched: `SELECT watch_table('courses_lesson')`.
    """

    def __str__(self) -> str:
        return str(self.pk)
