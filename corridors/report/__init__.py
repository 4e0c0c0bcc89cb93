"""What a person looks at: figures."""

from corridors.report.figures import A4_INCHES, PRINTED_DPI, figure_png, overview_figure

__all__ = ["A4_INCHES", "PRINTED_DPI", "figure_png", "overview_figure"]
