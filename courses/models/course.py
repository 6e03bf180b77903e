"""What is learned: plain rows that everything points at. Wagtail pages only present them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Course(models.Model):
    """A course. `slug` is its address and never changes once sold; `teacher` is who answers for it."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    teacher = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="courses_taught")
    days = models.PositiveSmallIntegerField(_("days"), default=30)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.title


class TeamMember(models.Model):
    """A named role of a person in one course; the teacher of the course is not repeated here."""

    class Role(models.TextChoices):
        AUTHOR = "author", _("author")
        TEACHER = "teacher", _("teacher")
        ASSISTANT = "assistant", _("assistant")
        HOST = "host", _("host of live sessions")
        SELLER = "seller", _("seller")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="team")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="course_roles")
    role = models.CharField(max_length=12, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "user", "role"], name="team_role_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class Module(models.Model):
    """A chapter of the outline; not a level of addresses."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="modules")
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "position"], name="module_position_once", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return self.title


class Lesson(models.Model):
    """A lesson. `unlock` says when it opens, in the learner's own zone; `is_preview` is open to everyone.

    day: at the start of the learner's `day`-th day; date: on `opens_on`; previous: when the lesson before it is done;
    homework: when the homework of `homework_of`, or of the lesson before it, is accepted. Never before day 1.
    """

    class Unlock(models.TextChoices):
        DAY = "day", _("on a day of the course")
        DATE = "date", _("on a date")
        PREVIOUS = "previous", _("when the lesson before it is done")
        HOMEWORK = "homework", _("when homework is accepted")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="lessons")
    module = models.ForeignKey(Module, null=True, blank=True, on_delete=models.SET_NULL, related_name="lessons")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=160)
    position = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField(default=1)
    unlock = models.CharField(max_length=10, choices=Unlock.choices, default=Unlock.DAY)
    opens_on = models.DateField(null=True, blank=True)
    homework_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_preview = models.BooleanField(default=False)
    minutes = models.PositiveSmallIntegerField(default=15)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["course", "slug"], name="lesson_slug_once"),
            models.UniqueConstraint(
                fields=["course", "position"], name="lesson_position_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=models.Q(day__gte=1), name="lesson_day_from_one"),
            models.CheckConstraint(
                condition=~models.Q(unlock="date") | models.Q(opens_on__isnull=False), name="lesson_on_a_date_has_it"
            ),
            models.CheckConstraint(condition=~models.Q(homework_of=models.F("pk")), name="lesson_not_after_itself"),
        ]

    def __str__(self) -> str:
        return self.title


class Media(models.Model):
    """A file of a course in the private bucket; opened by a presigned address from the view that checks access."""

    class Kind(models.TextChoices):
        AUDIO = "audio", _("audio")
        VIDEO = "video", _("video")
        IMAGE = "image", _("picture")
        FILE = "file", _("file")

    class Playable(models.TextChoices):
        """Which prepared form there is (see Transcode): none, a sound, a film in several sizes."""

        AS_SENT = "", _("as it was sent")
        SOUND = "sound", _("sound")
        FILM = "film", _("film")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="media", verbose_name=_("course"))
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=160)
    key = models.CharField(max_length=200, unique=True)
    content_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    playable = models.CharField(max_length=5, choices=Playable.choices, blank=True, default=Playable.AS_SENT)
    seconds = models.FloatField(_("length in seconds"), null=True, blank=True)
    # {language: [[start, end, text]]}, times in milliseconds
    captions = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("course file")
        verbose_name_plural = _("course files")

    def __str__(self) -> str:
        return self.title
