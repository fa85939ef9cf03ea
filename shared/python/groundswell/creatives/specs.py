"""What platforms ask of a creative, by placement: ratios, pixels, bytes, seconds and characters, the recommended ones
where a platform cuts what is longer. Each row names what it was read in, and when; none was tried."""

from collections.abc import Mapping
from dataclasses import dataclass

MB = 1024 * 1024
SQUARE, PORTRAIT, STORY, LANDSCAPE, WIDE, PIN = (1, 1), (4, 5), (9, 16), (1.91, 1), (16, 9), (2, 3)
_JPG_PNG = ("image/jpeg", "image/png")
_WITH_GIF = (*_JPG_PNG, "image/gif")
_READ = ", read 2026-11-30"
_META = f"xyzlab.com/meta-ads-specs, alladspecs.com/specs/meta-facebook: not Meta's own{_READ}"
_GOOGLE = f"developers.google.com/google-ads/api/reference/rpc/v22/ResponsiveDisplayAdInfo{_READ}"
_YOUTUBE = f"stish.app/knowledge-base/google-ads-specifications-2025: not Google's own{_READ}"
_TIKTOK = f"ads.tiktok.com/help/article?aid=6669199281502552069{_READ}"
_LINKEDIN = f"linkedin.com/help/lms/answer/a426534; videos, messages, texts: ntooitive.com, help.thorit.de{_READ}"
_X = f"business.x.com/en/help/campaign-setup/creative-ad-specifications{_READ}"
_PINTEREST = f"help.pinterest.com/en/business/article/pinterest-product-specs{_READ}"
_IDEAS = f"xyzlab.com/pinterest-ads-specs: not Pinterest's own{_READ}"
_SNAPCHAT = f"forbusiness.snapchat.com/resources/advertising-guides/ad-specs; bytes: audiencex.com{_READ}"
_REDDIT = f"Reddit's Image and Video Ad Specifications, in a copy of its help pages{_READ}"
_MICROSOFT = f"about.ads.microsoft.com/en-in/policies/creative-specs/native-ads{_READ}"


@dataclass(frozen=True)
class Spec:
    """None is: not said. Sizes in pixels and bytes, `seconds` is (shortest, longest)."""

    source: str
    ratios: tuple[tuple[float, float], ...] = ()
    width: int | None = None
    height: int | None = None
    image_bytes: int | None = None
    image_types: tuple[str, ...] = _JPG_PNG
    video_bytes: int | None = None
    seconds: tuple[float, float] | None = None
    characters: int | None = None


_EVERY_SHAPE = (SQUARE, PORTRAIT, LANDSCAPE, WIDE)
_PINS = (PIN, SQUARE, PORTRAIT, STORY)
PLATFORMS: Mapping[str, Mapping[str, Spec]] = {
    "meta_ads": {
        "feed": Spec(_META, _EVERY_SHAPE, 600, 314, 30 * MB, _JPG_PNG, 4096 * MB, (1, 14_460), 125),
        "story": Spec(_META, (STORY,), 500, 888, 30 * MB, _JPG_PNG, 4096 * MB, (1, 120), 125),
        "reel": Spec(_META, (STORY, PORTRAIT), 500, 625, 30 * MB, _JPG_PNG, 4096 * MB, (0, 900), 72),
        "carousel": Spec(_META, (SQUARE,), 600, 600, 30 * MB, _JPG_PNG, 4096 * MB, (1, 14_460), 125),
    },
    "google_ads": {
        "display": Spec(_GOOGLE, (LANDSCAPE, SQUARE), 300, 300, 5 * MB, _WITH_GIF, None, None, 90),
        "headline": Spec(_GOOGLE, characters=30),
        "description": Spec(_GOOGLE, characters=90),
        "in_stream": Spec(_YOUTUBE, (WIDE, STORY, SQUARE), None, None, None, _JPG_PNG, 256 * 1024 * MB, None, 90),
        "shorts": Spec(_YOUTUBE, (STORY,), None, None, None, _JPG_PNG, 256 * 1024 * MB, (10, 60), 90),
    },
    "tiktok_ads": {
        "feed": Spec(_TIKTOK, (STORY, SQUARE, WIDE), 640, 640, None, _JPG_PNG, 500 * MB, (5, 60), 100),
        "top_view": Spec(_TIKTOK, (STORY,), 720, 1280, None, _JPG_PNG, 500 * MB, (5, 60), 100),
    },
    "linkedin_ads": {
        "feed": Spec(_LINKEDIN, (*_EVERY_SHAPE, STORY), 360, 360, 5 * MB, _WITH_GIF, 200 * MB, (3, 1800), 150),
        "message": Spec(_LINKEDIN, characters=1500),
        "text": Spec(_LINKEDIN, (SQUARE,), 100, 100, 2 * MB, _JPG_PNG, None, None, 75),
    },
    "x_ads": {
        "feed": Spec(_X, (LANDSCAPE, SQUARE, WIDE, STORY), 720, 418, 5 * MB, _JPG_PNG, 1024 * MB, (0.5, 140), 280)
    },
    "pinterest_ads": {
        "feed": Spec(_PINTEREST, _PINS, None, None, 20 * MB, _JPG_PNG, 2048 * MB, (4, 900), 500),
        "idea": Spec(_IDEAS, (STORY,), video_bytes=100 * MB, characters=100),
        "title": Spec(_PINTEREST, characters=100),
    },
    "snapchat_ads": {"story": Spec(_SNAPCHAT, (STORY,), 1080, 1920, 5 * MB, _JPG_PNG, 1024 * MB, (3, 180), 34)},
    "reddit_ads": {
        "feed": Spec(_REDDIT, (SQUARE, PORTRAIT, (4, 3), WIDE), None, None, 3 * MB, _WITH_GIF, 1024 * MB, (2, 900), 300)
    },
    "microsoft_ads": {
        "display": Spec(_MICROSOFT, (LANDSCAPE,), 703, 368, None, _JPG_PNG, None, None, 90),
        "headline": Spec(_MICROSOFT, characters=30),
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
