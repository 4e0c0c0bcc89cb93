"""What a person looks at: figures."""

from corridors.report.figures import figure_png, overview_figure

__all__ = ["figure_png", "overview_figure"]
