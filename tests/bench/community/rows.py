"""The statements that fill the set. Everything follows from numbers by hashes, so that two fills are the same."""

# A thing's id is its number in the set above this: what the small data made first stays apart.
BASE = 1_000_000
PREPARE = """
CREATE OR REPLACE FUNCTION bench_dice(number bigint, salt int, sides bigint) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT (hashint8extended(number, salt) & 9223372036854775807) % sides $$;
CREATE OR REPLACE FUNCTION bench_part(number bigint, salt int) RETURNS float LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT (bench_dice(number, salt, 1000000) + 0.5) / 1000000 $$;
CREATE OR REPLACE AGGREGATE bench_joined(tsvector) (SFUNC = tsvector_concat, STYPE = tsvector, INITCOND = '');
DROP TABLE IF EXISTS bench_sentence, bench_topic, bench_place, bench_post;
CREATE UNLOGGED TABLE bench_sentence (place int PRIMARY KEY, text text, tokens tsvector);
"""
PEOPLE = """
INSERT INTO accounts_user (id, email, name, password, joined_at, is_active)
SELECT {base} + n, 'm' || n || '@bench.test', substr('陳林黃張李王吳劉蔡楊許鄭謝郭洪曾', 1 + bench_dice(n, 1, 16)::int, 1)
       || substr('怡雅淑美佳心宜欣思家志俊文建明安', 1 + bench_dice(n, 2, 16)::int, 1)
       || substr('君婷雯玲蓉華如雲豪宏偉傑翰宇廷哲', 1 + bench_dice(n, 3, 16)::int, 1),
       '!', now() - interval '3 years', true
FROM generate_series(1, {members}) AS n;
INSERT INTO accounts_profile (id, user_id, handle, is_public, bio)
SELECT {base} + n, {base} + n, 'm' || n, n % 50 = 0, '' FROM generate_series(1, {members}) AS n;
INSERT INTO community_space (id, slug, name, visibility, created_at)
SELECT {base} + n, 'bench-' || n, '第 ' || n || ' 班', CASE WHEN n % 10 = 0 THEN 'public' ELSE 'members' END,
       now() - interval '3 years' FROM generate_series(1, {spaces}) AS n;
INSERT INTO community_membership (space_id, user_id, role, joined_at)
SELECT DISTINCT space, person, CASE WHEN bench_dice(person, 4, 500) = 0 THEN 'helper' ELSE 'member' END,
       now() - interval '2 years 6 months'
FROM (SELECT {base} + 1 + ({spaces} * power(bench_part(n, salt), 3))::bigint % {spaces} AS space, {base} + n AS person
      FROM generate_series(2, {members}) AS n, generate_series(5, 7) AS salt
      UNION SELECT {base} + n, {star} FROM generate_series(1, {star_spaces}) AS n) AS wanted;
CREATE UNLOGGED TABLE bench_place AS
SELECT space_id, array_agg(user_id ORDER BY user_id) AS people
FROM community_membership WHERE space_id > {base} GROUP BY space_id;
ALTER TABLE bench_place ADD PRIMARY KEY (space_id);
INSERT INTO community_follow (user_id, person_id, since)
SELECT DISTINCT follower, person, now() - interval '1 year'
FROM (SELECT {star} AS follower, {base} + n AS person FROM generate_series(2, {star_follows} + 1) AS n
      UNION SELECT {base} + n, {famous} FROM generate_series(3, {followers} + 2) AS n
      UNION SELECT {base} + 1 + bench_dice(n, 8, {members}), {base} + 1 + bench_dice(n, 9, {members})
      FROM generate_series(1, 3 * {members}) AS n) AS wanted
WHERE follower <> person;
"""
TOPICS = """
CREATE UNLOGGED TABLE bench_topic AS
SELECT {base} + n AS id, {base} + CASE WHEN n <= {topics} / 3 THEN 1
       ELSE 1 + ({spaces} * power(bench_part(n, 10), 2))::bigint % {spaces} END AS space_id,
       CASE WHEN n = 1 THEN {longest} ELSE 1 + floor(-ln(bench_part(n, 11)) * {mean})::bigint END AS posts,
       CASE WHEN n = 1 THEN now() - interval '100 days'
       ELSE now() - (1 + n * 7919 % {topics}) * interval '730 days' / {topics} END AS created_at,
       left(replace(rtrim(sentence.text, '。. '), '，', ' '), 60) AS title, setweight(sentence.tokens, 'A') AS tokens
FROM generate_series(1, {topics}) AS n
JOIN bench_sentence AS sentence ON sentence.place = bench_dice({base} + n, 12, {sentences});
UPDATE bench_topic SET posts = posts + {posts} - (SELECT sum(posts) FROM bench_topic) WHERE id = {base} + 2;
CREATE UNLOGGED TABLE bench_post AS
SELECT {base} + row_number() OVER (ORDER BY topic.id, no) AS id, topic.id AS topic_id, topic.space_id, no,
       least(topic.created_at + (no - 1) * interval '7 minutes', now() - interval '1 hour' + no * interval '1 millisecond')
       AS created_at
FROM bench_topic AS topic, generate_series(1, topic.posts) AS no;
ALTER TABLE bench_post ADD PRIMARY KEY (id);
INSERT INTO community_topic (id, space_id, author_id, kind, title, created_at, last_post_at, last_no, is_pinned, accepted_no)
SELECT topic.id, topic.space_id, {base} + 1 + bench_dice(topic.id, 13, {members}),
       (ARRAY['question', 'question', 'question', 'experience', 'work', 'deal', 'wanted'])[1 + bench_dice(topic.id, 14, 7)],
       title, topic.created_at, max(post.created_at), topic.posts, topic.id % 20000 = 7,
       CASE WHEN topic.posts > 2 AND topic.id % 3 = 0 THEN 2 END
FROM bench_topic AS topic JOIN bench_post AS post ON post.topic_id = topic.id
GROUP BY topic.id, topic.space_id, title, topic.created_at, topic.posts;
"""
# One part of the posts with their entries in the index: ids from (first) to before (end).
POSTS = """
WITH made AS MATERIALIZED (
    SELECT post.*, topic.title, topic.tokens AS title_tokens, place.people[1 + CASE WHEN post.topic_id = {base} + 1
           THEN post.no / 2 % least({followers}, array_length(place.people, 1))
           ELSE bench_dice(post.id, 15, array_length(place.people, 1)) END]
           AS author_id, words.text, words.tokens
    FROM bench_post AS post JOIN bench_topic AS topic ON topic.id = post.topic_id
    JOIN bench_place AS place ON place.space_id = post.space_id
    CROSS JOIN LATERAL (SELECT string_agg(text, '') AS text, bench_joined(sentence.tokens) AS tokens
        FROM generate_series(1, 1 + least(floor(-ln(bench_part(post.id, 16)) * 6), 40)::int) AS i
        JOIN bench_sentence AS sentence ON sentence.place = bench_dice(post.id * 64 + i, 17, {sentences})) AS words
    WHERE post.id >= {first} AND post.id < {end}
), written AS (
    INSERT INTO community_post (id, topic_id, no, author_id, source, html, renderer, created_at, key)
    SELECT id, topic_id, no, author_id, text, '<p>' || text || '</p>', 1, created_at, 'bench-' || id FROM made
)
INSERT INTO search_searchentry (kind, ref, part, language, title, text, url, audience, author, at, tags, is_talk, tokens)
SELECT 'post', 'post:' || id, '', CASE WHEN text ~ '[㐀-鿿]' THEN 'zh' ELSE 'en' END, title, text,
       '/community/bench-' || space_id - {base} || '/' || topic_id || '-' || replace(title, ' ', '-') || '/' || no || '/',
       'space:' || space_id, author_id, created_at, '{{question}}', true,
       CASE WHEN no = 1 THEN title_tokens || tokens ELSE tokens END FROM made
"""
MARKS = """
UPDATE community_topic AS topic SET author_id = post.author_id FROM community_post AS post
WHERE post.topic_id = topic.id AND post.no = 1 AND topic.id > {base};
INSERT INTO community_readmark (user_id, topic_id, last_read_no)
SELECT {star}, id, 1 + bench_dice(id, 18, posts) FROM bench_topic WHERE space_id <= {base} + {star_spaces} AND id % 2 = 1
ON CONFLICT DO NOTHING;
INSERT INTO community_readmark (user_id, topic_id, last_read_no)
SELECT {base} + 2 + bench_dice(n, 19, {members} - 1), topic.id, 1 + bench_dice(n, 20, topic.posts)
FROM generate_series(1, {posts}) AS n JOIN bench_topic AS topic ON topic.id = {base} + 1 + bench_dice(n, 21, {topics})
ON CONFLICT DO NOTHING;
INSERT INTO community_reaction (post_id, user_id, at)
SELECT {base} + 1 + bench_dice(n, 22, {posts}), {base} + 1 + bench_dice(n, 23, {members}), now() - interval '1 day'
FROM generate_series(1, {posts} / 2) AS n ON CONFLICT DO NOTHING;
INSERT INTO community_watch (user_id, topic_id, since)
SELECT unnest(people[1:{followers}]), {base} + 1, now() - interval '99 days' FROM bench_place WHERE space_id = {base} + 1;
INSERT INTO notices_notice (user_id, kind, key, title, body, url, gate, created_at, read_at)
SELECT {base} + 1 + CASE WHEN n <= 2000 THEN 0 ELSE bench_dice(n, 24, {members}) END, 'community.post', 'bench:' || n,
       '新回覆', '', '/community/', 'space:' || {base} + 1 + n % {star_spaces}, now() - n * interval '1 minute',
       CASE WHEN n % 50 = 0 THEN NULL ELSE now() END
FROM generate_series(1, {posts} / 5) AS n;
"""
