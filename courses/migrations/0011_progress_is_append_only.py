from django.db import migrations

GUARD = """
CREATE TRIGGER courses_progressevent_append_only BEFORE UPDATE OR DELETE ON courses_progressevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("courses", "0010_the_students_side"), ("kit", "0002_cache_table_and_append_only_audit")]
    operations = [migrations.RunSQL(GUARD, "DROP TRIGGER courses_progressevent_append_only ON courses_progressevent")]
