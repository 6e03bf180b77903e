"""What a teacher wrote once to a group of students."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.cohort import Cohort
from courses.models.course import Course


class Letter(models.Model):
    """Words to everybody who was in `group` (of `cohort`, or of all classes of the course) and wanted letters at that moment.

    `interest`: the one that the group "interest" shares, as members of the course's spaces name it; '' for other groups.
    `people`: their ids, frozen when it was sent, so that a worker that is killed tells nobody else and nobody twice.
    """

    class Group(models.TextChoices):
        EVERYBODY = "all", _("everybody in class")
        SILENT = "silent", _("not seen for seven days")
        BEHIND = "behind", _("two lessons or more behind")
        FINISHED = "finished", _("finished, and in no later class")
        WAITING = "waiting", _("waiting for a seat")
        INTEREST = "interest", _("interested in")

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="letters")
    cohort = models.ForeignKey(Cohort, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    group = models.CharField(max_length=8, choices=Group.choices)
    interest = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=120)
    body = models.TextField(max_length=5000)
    people = models.JSONField(default=list)
    sent_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["course", "-sent_at"], name="letters_of_course")]

    def __str__(self) -> str:
        return self.subject

    @property
    def group_words(self) -> str:
        """Whom it went to, for people."""
        if self.interest:
            return _("interested in “%(tag)s”") % {"tag": self.interest}
        return str(self.get_group_display())
