"""Photos of products: whatever is uploaded is drawn anew, small and without what else the file carried."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from apps.organizations.rules.broken import RuleBroken, gettext_noop

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 50_000_000
EDGE = 900
FORMATS = ("JPEG", "PNG", "WEBP")


class InvalidPhoto(RuleBroken):
    """The file is no photo that can be taken; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A JPEG with its size in pixels and the beginning of its SHA-256."""

    content: bytes
    width: int
    height: int
    digest: str


def drawn_anew(content: bytes) -> Picture:
    """The photo of a file as a new JPEG of at most 900 pixels a side, upright, without position, names or scripts.

    Raises:
        InvalidPhoto: too large, no JPEG, PNG or WebP, or damaged.
    """
    if len(content) > MOST_BYTES:
        raise InvalidPhoto(gettext_noop("A photo has at most %(megabytes)d MB"), megabytes=MOST_BYTES // 1024**2)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=FORMATS)
            if image.width * image.height > MOST_PIXELS:
                raise InvalidPhoto(gettext_noop("This photo has too many pixels. Send a smaller one"))
            image.draft("RGB", (EDGE, EDGE))
            upright = ImageOps.exif_transpose(image) or image
            upright.thumbnail((EDGE, EDGE))
            plain = Image.new("RGB", upright.size, "white")
            with_alpha = upright.convert("RGBA")
            plain.paste(with_alpha, mask=with_alpha.getchannel("A"))
    except InvalidPhoto:
        raise
    except UnidentifiedImageError:
        raise InvalidPhoto(gettext_noop("Choose a JPEG, PNG or WebP picture")) from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise InvalidPhoto(gettext_noop("This picture is damaged. Save it anew or choose another")) from None
    target = io.BytesIO()
    plain.save(target, "JPEG", quality=82, optimize=True)
    drawn = target.getvalue()
    return Picture(drawn, plain.width, plain.height, hashlib.sha256(drawn).hexdigest()[:16])
