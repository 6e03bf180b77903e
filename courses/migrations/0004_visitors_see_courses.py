from django.db import migrations

# Wagtail's own table holds titles and whether a page is live; people's names and faces stand on landing pages.
WATCH = """
SELECT watch_table('courses_course'), watch_table('courses_module'), watch_table('courses_lesson'), watch_table('courses_cohort'),
       watch_table('courses_coursepage'), watch_table('courses_lessonpage'), watch_table('courses_teammember'),
       watch_table('wagtailcore_page'), watch_table('accounts_profile');
CREATE TRIGGER seen_by_visitors AFTER UPDATE OF name ON accounts_user
    FOR EACH STATEMENT EXECUTE FUNCTION note_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0003_questions_and_outcomes"),
        ("kit", "0003_changes_that_visitors_see"),
        ("accounts", "0001_initial"),
        ("wagtailcore", "0001_initial"),
    ]
    operations = [migrations.RunSQL(WATCH, migrations.RunSQL.noop)]
