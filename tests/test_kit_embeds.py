"""Which addresses become a player: known hosts as people copy them, and nothing that only looks like one."""

import pytest

from kit.embeds import FRAME_HOSTS, embed_of

KNOWN = {
    "https://www.youtube.com/watch?v=fvhNadKjE8g": "https://www.youtube-nocookie.com/embed/fvhNadKjE8g",
    "http://youtu.be/fvhNadKjE8g?t=12": "https://www.youtube-nocookie.com/embed/fvhNadKjE8g?start=12",
    "https://m.youtube.com/shorts/fvhNadKjE8g": "https://www.youtube-nocookie.com/embed/fvhNadKjE8g",
    "https://vimeo.com/76979871": "https://player.vimeo.com/video/76979871?dnt=1",
    "https://vimeo.com/76979871/8272103f6e": "https://player.vimeo.com/video/76979871?dnt=1&h=8272103f6e",
    "https://www.bilibili.com/video/BV1xx411c7mD/": "https://player.bilibili.com/player.html?bvid=BV1xx411c7mD&autoplay=0",
    "https://soundcloud.com/a/b": "https://w.soundcloud.com/player/?url=https%3A%2F%2Fsoundcloud.com%2Fa%2Fb",
    "https://open.spotify.com/intl-de/track/4uLU6hMCjMI75M1A2tKUQC": "https://open.spotify.com/embed/track/4uLU6hMCjMI75M1A2tKUQC",
}
UNKNOWN = [
    "https://youtube.com.evil.example/watch?v=fvhNadKjE8g",
    "https://evil.example/youtube.com/watch?v=fvhNadKjE8g",
    "https://youtube.com@evil.example/watch?v=fvhNadKjE8g",
    "https://www.youtube.com/playlist?list=PL1",
    "https://www.youtube.com/watch?v=%22%3E%3Cscript%3E",
    "javascript:alert('youtube.com')",
    "https://vimeo.com/channels",
    "https://www.youtube.com:8080/watch?v=fvhNadKjE8g",
    "https://[bad",
    "",
]


@pytest.mark.parametrize(("url", "src"), KNOWN.items())
def test_a_known_address_is_played_by_the_hosts_quietest_player(url: str, src: str) -> None:
    embed = embed_of(url)
    assert embed is not None
    assert embed.src == src
    assert embed.src.startswith(FRAME_HOSTS)


@pytest.mark.parametrize("url", UNKNOWN)
def test_any_other_address_is_no_player(url: str) -> None:
    assert embed_of(url) is None
