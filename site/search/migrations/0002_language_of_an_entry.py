from django.db import migrations, models

# Courses and lessons wrote their entries' language into the part: `zh-hant`, `title zh-hant`, `text zh-hant`.
FILL = """
UPDATE search_searchentry SET language = regexp_replace(part, '^(title|text) ', '') WHERE kind IN ('course', 'lesson')
"""


class Migration(migrations.Migration):
    dependencies = [("search", "0001_entries_and_frequencies")]

    operations = [
        migrations.AddField("searchentry", "language", models.CharField(blank=True, max_length=10, default=""), preserve_default=False),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
