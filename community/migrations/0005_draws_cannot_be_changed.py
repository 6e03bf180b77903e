from django.db import migrations

KEEP = """
CREATE FUNCTION keep_draw() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a published draw is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.space_id, NEW.author_id, NEW.title, NEW.source, NEW.terms, NEW.commitment, NEW.published_at, NEW.opens_at,
            NEW.closes_at) IS DISTINCT FROM (OLD.space_id, OLD.author_id, OLD.title, OLD.source, OLD.terms, OLD.commitment,
            OLD.published_at, OLD.opens_at, OLD.closes_at)
        OR OLD.frozen_at IS NOT NULL AND (NEW.frozen_at, NEW.entries, NEW.head)
            IS DISTINCT FROM (OLD.frozen_at, OLD.entries, OLD.head)
        OR NEW.entries < OLD.entries
        OR OLD.public_value <> '' AND NEW.public_value <> OLD.public_value
        OR OLD.seed <> '' AND NEW.seed <> OLD.seed
        OR OLD.drawn_at IS NOT NULL AND (NEW.drawn_at, NEW.public_value, NEW.cancelled_at)
            IS DISTINCT FROM (OLD.drawn_at, OLD.public_value, OLD.cancelled_at)
        OR OLD.cancelled_at IS NOT NULL AND (NEW.cancelled_at, NEW.cancel_reason, NEW.drawn_at)
            IS DISTINCT FROM (OLD.cancelled_at, OLD.cancel_reason, OLD.drawn_at) THEN
        RAISE EXCEPTION 'a published draw is not changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER community_draw_kept BEFORE UPDATE OR DELETE ON community_draw FOR EACH ROW EXECUTE FUNCTION keep_draw();

CREATE FUNCTION keep_draw_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF EXISTS (SELECT FROM community_draw WHERE id = NEW.draw_id AND frozen_at IS NOT NULL) THEN
            RAISE EXCEPTION 'the list of entries is closed' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR (NEW.draw_id, NEW.no, NEW.code, NEW.head, NEW.at)
            IS DISTINCT FROM (OLD.draw_id, OLD.no, OLD.code, OLD.head, OLD.at)
        OR NEW.user_id IS DISTINCT FROM OLD.user_id AND NEW.user_id IS NOT NULL
        OR NEW.answer <> OLD.answer AND NEW.answer <> '' THEN
        RAISE EXCEPTION 'an entry is neither changed nor deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER community_drawentry_kept BEFORE INSERT OR UPDATE OR DELETE ON community_drawentry
    FOR EACH ROW EXECUTE FUNCTION keep_draw_entry();

CREATE TRIGGER community_drawwin_append_only BEFORE UPDATE OR DELETE ON community_drawwin
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER community_drawseed_append_only BEFORE UPDATE OR DELETE ON community_drawseed
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACK = """
DROP TRIGGER community_drawseed_append_only ON community_drawseed;
DROP TRIGGER community_drawwin_append_only ON community_drawwin;
DROP TRIGGER community_drawentry_kept ON community_drawentry;
DROP FUNCTION keep_draw_entry();
DROP TRIGGER community_draw_kept ON community_draw;
DROP FUNCTION keep_draw();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0004_events_and_draws"),
        ("kit", "0002_cache_table_and_append_only_audit"),
    ]
    operations = [migrations.RunSQL(KEEP, BACK)]
