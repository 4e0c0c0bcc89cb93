"""Names on a map: free places, fonts, order of importance."""

from __future__ import annotations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from corridors.report.lettering import Name, drawable, font_families, wrapped, write_names


def empty_map() -> Figure:
    figure = Figure(figsize=(4, 4))
    FigureCanvasAgg(figure)
    figure.add_axes((0, 0, 1, 1)).set(xlim=(0, 100), ylim=(0, 100))
    return figure


def named(text: str, x: float = 50, y: float = 50) -> Name:
    return Name(x, y, text, 9, "#000000")


def written(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def test_write_names__the_most_important_keep_their_place() -> None:
    figure = empty_map()
    crowd = [named(f"Town {number}") for number in range(30)]
    boxes = write_names(figure.axes[0], crowd)
    assert written(figure) == [f"Town {number}" for number in range(len(boxes))]
    assert 2 <= len(boxes) <= 8  # a point has eight places around it
    assert not any(a.overlaps(b) for number, a in enumerate(boxes) for b in boxes[number + 1 :])


def test_write_names__stops_after_the_number_asked_for() -> None:
    figure = empty_map()
    write_names(figure.axes[0], [named("A", x) for x in (20, 40, 60, 80)], at_most=2)
    assert written(figure) == ["A", "A"]


def test_write_names__nothing_leaves_the_frame_or_covers_what_is_taken() -> None:
    figure = empty_map()
    everything = Bbox.from_extents(0, 0, 400, 400)
    assert write_names(figure.axes[0], [named("A")], taken=[everything]) == [everything]
    write_names(figure.axes[0], [named("far away", x=400)])
    assert written(figure) == []


def test_fonts__matplotlib_s_own_is_always_there() -> None:
    assert font_families()[0] == "DejaVu Sans"
    assert drawable("Приморье ² °") == "Приморье ² °"
    assert drawable("a\U000103a0") == "a\u25a1"


def test_wrapped__breaks_between_words_only() -> None:
    assert wrapped("Great Eastern Reserve", 13) == "Great Eastern\nReserve"
    assert wrapped("Verylongwordindeed", 5) == "Verylongwordindeed"
