"""The statements of the feed (reads/feed.py says how they go about it). Values travel beside them, by name."""

MAY = """
(i.at, i.id) < (%(moment)s, %(pk)s) AND i.actor_id <> %(me)s AND (%(kind)s = '' OR i.kind = %(kind)s)
AND (i.space_id IS NULL OR i.space_id IN (SELECT r.place FROM readable r))
AND i.actor_id <> ALL(%(muted)s::bigint[])
"""
LIKED_ONLY = "AND i.verb = 'liked'"
WALKED = """
WITH readable (place) AS MATERIALIZED ({readable})
SELECT {columns} FROM (
  SELECT * FROM (
    SELECT i.at, i.id, i.actor_id, i.space_id, i.kind FROM community_feeditem i
    WHERE (i.at, i.id) < (%(moment)s, %(pk)s) {newest} %(steps)s
  ) i WHERE {may} AND (
    i.actor_id IN (SELECT f.person_id FROM community_follow f WHERE f.user_id = %(me)s)
    OR i.space_id IN (SELECT w.space_id FROM community_watch w WHERE w.user_id = %(me)s AND w.space_id IS NOT NULL)
  ) {newest} %(limit)s
) walked JOIN community_feeditem i USING (id) ORDER BY i.at DESC, i.id DESC
"""
FOLLOWED = """
WITH readable (place) AS MATERIALIZED ({readable}),
people AS (
  SELECT f.person_id AS who FROM community_follow f CROSS JOIN LATERAL (
    SELECT i.at, i.id FROM community_feeditem i WHERE i.actor_id = f.person_id AND {may} {liked} {newest} 1
  ) i WHERE f.user_id = %(me)s {newest} %(limit)s
),
spaces AS (
  SELECT w.space_id AS place FROM community_watch w CROSS JOIN LATERAL (
    SELECT i.at, i.id FROM community_feeditem i WHERE i.space_id = w.space_id AND {may} {liked} {newest} 1
  ) i WHERE w.user_id = %(me)s AND w.space_id IS NOT NULL {newest} %(limit)s
)
SELECT * FROM (
  SELECT i.* FROM people CROSS JOIN LATERAL (
    SELECT {columns} FROM community_feeditem i WHERE i.actor_id = people.who AND {may} {liked} {newest} %(limit)s
  ) i
  UNION
  SELECT i.* FROM spaces CROSS JOIN LATERAL (
    SELECT {columns} FROM community_feeditem i WHERE i.space_id = spaces.place AND {may} {liked} {newest} %(limit)s
  ) i
) i {newest} %(limit)s
"""
BY_TAG = """
WITH readable (place) AS MATERIALIZED ({readable})
SELECT * FROM (
  SELECT DISTINCT i.* FROM unnest(%(tags)s::varchar[]) AS wanted CROSS JOIN LATERAL (
    SELECT {columns} FROM community_feedtag t JOIN community_feeditem i ON i.id = t.item_id
    WHERE t.tag = wanted AND (t.at, t.item_id) < (%(moment)s, %(pk)s) AND {may}
    ORDER BY t.at DESC, t.item_id DESC LIMIT %(limit)s
  ) i
) i {newest} %(limit)s
"""


def statement(text: str, readable: str, *, liked: bool = False) -> str:
    """A statement whole: `readable` selects the ids of the spaces that the person may read."""
    pieces = {
        "{may}": MAY.strip(),
        "{newest}": "ORDER BY i.at DESC, i.id DESC LIMIT",
        "{columns}": "i.id, i.actor_id, i.verb, i.kind, i.ref, i.at",
        "{liked}": LIKED_ONLY if liked else "",
        "{readable}": readable,
    }
    for name, piece in pieces.items():
        text = text.replace(name, piece)
    return text
