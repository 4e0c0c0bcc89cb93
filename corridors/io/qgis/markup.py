"""The XML QGIS reads: documents, texts, numbers and colours."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Literal
from xml.etree.ElementTree import indent, tostring

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Geometry = Literal["Point", "Line", "Polygon"]

DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
OLDEST_QGIS = "3.22.0-Bialowieza"
NOT_ALLOWED_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(root: Element) -> str:
    """Return a QGIS document as text, with the document type QGIS expects."""
    indent(root)
    return DOCTYPE + tostring(root, encoding="unicode")


def xml_text(text: str) -> str:
    """Return `text` with the characters XML 1.0 cannot hold (most control characters) replaced by U+FFFD."""
    return NOT_ALLOWED_IN_XML.sub("\ufffd", text)


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of a colour such as `#1b7837`."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def rgba(colour: str, opacity: float = 1.0) -> str:
    """Return a colour as QGIS writes it: red, green, blue, alpha of 255.

    Examples
    --------
    >>> rgba("#ff0000", 0.4)
    '255,0,0,102'
    """
    return ",".join(str(part) for part in (*rgb(colour), round(255 * opacity)))


def number(value: float) -> str:
    """Return a number that reads back as the same value."""
    return f"{value:.17g}" if math.isfinite(value) else ("inf" if value > 0 else "-inf")
