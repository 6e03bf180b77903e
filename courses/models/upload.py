"""Films on their way from a teacher's browser straight into storage."""

from django.conf import settings
from django.db import models

from courses.models.course import Course, Media


class MediaUpload(models.Model):
    """An upload in parts; `upload_id` is storage's name of it, `media` what it became: kept for a day, so that a repeated
    last call is answered the same. `mark`: what the browser knows the
    file by (name, size, last change), so that the same file goes on where it stopped, also after a reload.
    """

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=160)
    mark = models.CharField(max_length=300)
    size = models.PositiveBigIntegerField()
    part_size = models.PositiveIntegerField()
    key = models.CharField(max_length=200, unique=True)
    upload_id = models.CharField(max_length=1024)
    media = models.ForeignKey(Media, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    touched_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "course", "mark"], name="upload_of_a_file_once")]
        indexes = [models.Index(fields=["touched_at"], name="uploads_by_age")]

    def __str__(self) -> str:
        return f"{self.title}: {self.size}"

    @property
    def parts(self) -> int:
        return -(-self.size // self.part_size)
