"""What the page carries inside: template, style, scripts, data, and the policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined

if TYPE_CHECKING:
    from collections.abc import Sequence


def environment() -> Environment:
    """Return the template engine: everything escaped, a name that is not there an error."""
    loader = PackageLoader("corridors.report.html", "template")
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def package_text(name: str) -> str:
    """Return a text file of this package."""
    return files("corridors.report.html").joinpath(name).read_text("utf-8")


def stylesheet() -> str:
    """Return the style of map and page; Leaflet's icons, which would be fetched, are not used."""
    leaflet = re.sub(r"url\([^)]*\)", "none", package_text("leaflet/leaflet.css"))
    return leaflet + package_text("template/report.css")


def policy(scripts: Sequence[str]) -> str:
    """Return the content security policy: these scripts by their hash, pictures in the page, nothing else.

    Examples
    --------
    >>> policy([])
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'none'"
    """
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests) or "'none'"
    return f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {allowed}"


def embedded(data: Any) -> str:
    r"""Return data as JSON that cannot end the script element it stands in.

    Examples
    --------
    >>> embedded({"name": "</script>"})
    '{"name":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for letter in "<>&\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text
