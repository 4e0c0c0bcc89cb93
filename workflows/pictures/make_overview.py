"""The picture of the README, from the map `make demo` wrote: python workflows/pictures/make_overview.py."""

from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).resolve().parent
MAP = FOLDER.parents[1] / "runs" / "land_of_big_cats" / "figures" / "amur_leopard-overview.png"
WIDTH = 1100  # pixels: labels can still be read
COLOURS = 256  # a palette makes the file four times smaller than full colour

with Image.open(MAP) as drawn:
    height = round(drawn.height * WIDTH / drawn.width)
    small = drawn.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
# Maximum coverage keeps rare colours, those of links and crossings; the median cut would repaint them.
palette = small.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=5, dither=Image.Dither.NONE)
palette.save(FOLDER / "overview.png", optimize=True)
