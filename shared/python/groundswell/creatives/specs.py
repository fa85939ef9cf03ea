"""What platforms ask of a creative, by placement, as their help pages for advertisers say (read from memory in November
2026, and not tried against them): ratios, pixels, bytes, seconds and characters, the recommended ones where a platform
cuts what is longer."""

from collections.abc import Mapping
from dataclasses import dataclass

MB = 1024 * 1024
SQUARE, PORTRAIT, STORY, LANDSCAPE, WIDE, PIN = (1, 1), (4, 5), (9, 16), (1.91, 1), (16, 9), (2, 3)
_JPG_PNG = ("image/jpeg", "image/png")
_WITH_GIF = (*_JPG_PNG, "image/gif")


@dataclass(frozen=True)
class Spec:
    """None is: not said. Sizes in pixels and bytes, `seconds` is (shortest, longest)."""

    ratios: tuple[tuple[float, float], ...] = ()
    width: int | None = None
    height: int | None = None
    image_bytes: int | None = None
    image_types: tuple[str, ...] = _JPG_PNG
    video_bytes: int | None = None
    seconds: tuple[float, float] | None = None
    characters: int | None = None


PLATFORMS: Mapping[str, Mapping[str, Spec]] = {
    "meta_ads": {
        "feed": Spec((SQUARE, PORTRAIT, LANDSCAPE, WIDE), 600, 314, 30 * MB, _JPG_PNG, 4096 * MB, (1, 14_460), 125),
        "story": Spec((STORY,), 500, 888, 30 * MB, _JPG_PNG, 4096 * MB, (1, 120), 125),
        "reel": Spec((STORY,), 500, 888, 30 * MB, _JPG_PNG, 4096 * MB, (1, 90), 72),
        "carousel": Spec((SQUARE,), 600, 600, 30 * MB, _JPG_PNG, 4096 * MB, (1, 14_460), 80),
    },
    "google_ads": {
        "display": Spec((LANDSCAPE, SQUARE), 300, 300, 5 * MB, _JPG_PNG, None, None, 90),
        "headline": Spec(characters=30),
        "description": Spec(characters=90),
        "in_stream": Spec((WIDE, STORY, SQUARE), 640, 360, None, _JPG_PNG, 256 * 1024 * MB, (6, 180), 90),
        "shorts": Spec((STORY,), 720, 1280, None, _JPG_PNG, 256 * 1024 * MB, (6, 60), 90),
    },
    "tiktok_ads": {
        "feed": Spec((STORY, SQUARE, WIDE), 540, 540, 100 * MB, _JPG_PNG, 500 * MB, (5, 60), 100),
        "top_view": Spec((STORY,), 540, 960, None, _JPG_PNG, 500 * MB, (5, 60), 100),
    },
    "linkedin_ads": {
        "feed": Spec((LANDSCAPE, SQUARE, PORTRAIT, WIDE), 640, 360, 5 * MB, _WITH_GIF, 200 * MB, (3, 1800), 150),
        "message": Spec((), None, None, 2 * MB, _WITH_GIF, None, None, 1500),
        "text": Spec((SQUARE,), 100, 100, 2 * MB, _JPG_PNG, None, None, 75),
    },
    "x_ads": {"feed": Spec((LANDSCAPE, SQUARE, WIDE), 800, 418, 5 * MB, _JPG_PNG, 1024 * MB, (0.5, 140), 280)},
    "pinterest_ads": {
        "feed": Spec((PIN, SQUARE), 600, 600, 20 * MB, _JPG_PNG, 2048 * MB, (4, 900), 500),
        "idea": Spec((STORY,), 1080, 1920, 20 * MB, _JPG_PNG, 100 * MB, (3, 300), 100),
    },
    "snapchat_ads": {"story": Spec((STORY,), 1080, 1920, 5 * MB, _JPG_PNG, 1024 * MB, (3, 180), 34)},
    "reddit_ads": {
        "feed": Spec((SQUARE, PORTRAIT, (4, 3), WIDE), 400, 300, 3 * MB, _JPG_PNG, 1024 * MB, (2, 900), 300)
    },
    "microsoft_ads": {
        "display": Spec((LANDSCAPE, SQUARE), 300, 300, 5 * MB, _JPG_PNG, None, None, 90),
        "headline": Spec(characters=30),
    },
}
_ALIASES: Mapping[str, str] = {
    "facebook": "meta_ads",
    "facebook_ads": "meta_ads",
    "instagram": "meta_ads",
    "meta": "meta_ads",
    "google": "google_ads",
    "youtube": "google_ads",
    "tiktok": "tiktok_ads",
    "linkedin": "linkedin_ads",
    "x": "x_ads",
    "twitter": "x_ads",
    "pinterest": "pinterest_ads",
    "snapchat": "snapchat_ads",
    "reddit": "reddit_ads",
    "microsoft": "microsoft_ads",
    "bing": "microsoft_ads",
}
_PLACEMENTS: Mapping[str, str] = {"stories": "story", "reels": "reel", "in_feed": "feed", "timeline": "feed"}


def spec_of(platform: str | None, placement: str | None) -> Spec | None:
    """None where nothing is known of it. Without a placement, the platform's feed or first one."""
    name = (platform or "").strip().lower()
    placements = PLATFORMS.get(_ALIASES.get(name, name))
    if placements is None:
        return None
    if not placement:
        return placements.get("feed") or next(iter(placements.values()))
    wanted = placement.strip().lower().replace(" ", "_").replace("-", "_")
    return placements.get(_PLACEMENTS.get(wanted, wanted))
