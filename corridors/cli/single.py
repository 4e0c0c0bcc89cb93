"""`corridors cost`, `between` and `current`: single steps on layers given by hand, without a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from corridors.cli.progress import progress_bar
from corridors.cli.speak import Debug, Json, Quiet, tell_json, told

if TYPE_CHECKING:
    from corridors.grid import Grid
    from corridors.pipeline.single import Found

Resistance = Annotated[
    str, typer.Argument(metavar="RESISTANCE", help="Raster of resistance, 1 or more; FILE or FILE|BAND.")
]
Out = Annotated[str, typer.Option("--out", metavar="DIR", help="Folder to write.")]
Barriers = Annotated[
    str | None, typer.Option("--barriers", metavar="FILE", help="Lines that cost something to cross.")
]
CrossingCost = Annotated[
    float | None,
    typer.Option(
        "--crossing-cost-m",
        min=0,
        help="Metres of ideal habitat a crossing costs, inf = sealed; else the column crossing_cost_m.",
    ),
]
PLACES = "Points, lines or polygons; FILE or FILE|LAYER."


def cost(
    resistance: Resistance,
    sources: Annotated[str, typer.Argument(metavar="SOURCES", help=PLACES)],
    *,
    out: Out,
    barriers: Barriers = None,
    crossing_cost_m: CrossingCost = None,
    max_cost_distance_m: Annotated[
        float | None, typer.Option("--max-cost-distance-m", help="Go no further, metres of ideal habitat.")
    ] = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Compute accumulated cost from the nearest of the places given."""
    with told(as_json=as_json, debug=debug):
        from corridors.grid import Grid
        from corridors.pipeline.single import (
            cost_from,
            read_barriers,
            read_places,
            read_resistance,
            regions_of,
        )

        with progress_bar(quiet=quiet or as_json) as progress:
            progress("Reading", 0.0)
            res = read_resistance(resistance)
            grid = Grid.of(res)
            places = regions_of(
                read_places(sources, grid, where="sources"), res, where="sources", together=True
            )
            edges = read_barriers(barriers, grid, crossing_cost_m=crossing_cost_m)
            progress("Accumulated cost", 0.2)
            found = cost_from(res, places, barriers=edges, max_cost_distance_m=max_cost_distance_m)
            progress("Writing", 0.8)
            options = {"crossing_cost_m": crossing_cost_m, "max_cost_distance_m": max_cost_distance_m}
            files = written(found, grid, out, [resistance, sources, barriers], options)
        tell(found, out, files, as_json=as_json, quiet=quiet)


def between(
    resistance: Resistance,
    first: Annotated[str, typer.Argument(metavar="FROM", help=PLACES)],
    second: Annotated[str, typer.Argument(metavar="TO", help=PLACES)],
    *,
    out: Out,
    each: Annotated[
        bool,
        typer.Option("--each", help="From every feature to every feature; else each layer is one place."),
    ] = False,
    rule: Annotated[
        Literal["slack_m", "percent", "width_km"],
        typer.Option("--rule", help="What cuts the corridor: slack, percent of the least cost, or width."),
    ] = "slack_m",
    value: Annotated[float, typer.Option("--value", help="Of the rule.")] = 10_000,
    barriers: Barriers = None,
    crossing_cost_m: CrossingCost = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Find least-cost paths and corridors between the places of two layers."""
    with told(as_json=as_json, debug=debug):
        from corridors.grid import Grid
        from corridors.pipeline.progress import part_of
        from corridors.pipeline.single import (
            corridors_between,
            read_barriers,
            read_places,
            read_resistance,
            regions_of,
        )

        with progress_bar(quiet=quiet or as_json) as progress:
            progress("Reading", 0.0)
            res = read_resistance(resistance)
            grid = Grid.of(res)
            starts = regions_of(read_places(first, grid, where="from"), res, where="from", together=not each)
            ends = regions_of(
                read_places(second, grid, where="to"),
                res,
                where="to",
                together=not each,
                first=len(starts.places) + 1,
            )
            edges = read_barriers(barriers, grid, crossing_cost_m=crossing_cost_m)
            found = corridors_between(
                res,
                starts,
                ends,
                barriers=edges,
                rule=rule,
                value=value,
                progress=part_of(progress, 0.1, 0.9),
            )
            progress("Writing", 0.9)
            options = {"each": each, "rule": rule, "value": value, "crossing_cost_m": crossing_cost_m}
            files = written(found, grid, out, [resistance, first, second, barriers], options)
        tell(found, out, files, as_json=as_json, quiet=quiet)


def current(
    resistance: Resistance,
    *,
    out: Out,
    places: Annotated[
        str | None,
        typer.Option("--places", metavar="FILE", help=f"Current between every two of these. {PLACES}"),
    ] = None,
    radius_km: Annotated[
        float | None,
        typer.Option("--radius-km", help="Current from everywhere to everywhere this near (moving windows)."),
    ] = None,
    block: Annotated[
        int, typer.Option("--block", min=1, help="With --radius-km: cells that share a target, odd.")
    ] = 1,
    strength: Annotated[
        str | None,
        typer.Option("--strength", metavar="FILE", help="With --radius-km: raster of source strengths."),
    ] = None,
    barriers: Barriers = None,
    crossing_cost_m: CrossingCost = None,
    as_json: Json = False,
    quiet: Quiet = False,
    debug: Debug = False,
) -> None:
    """Compute current between places, or from everywhere to everywhere within a radius."""
    with told(as_json=as_json, debug=debug):
        from corridors.errors import ConfigError
        from corridors.grid import Grid
        from corridors.pipeline.progress import part_of
        from corridors.pipeline.single import (
            current_around,
            current_between,
            read_barriers,
            read_places,
            read_resistance,
            regions_of,
        )

        if (places is None) == (radius_km is None):
            what, allowed = "one of two is wanted", "either --places or --radius-km"
            raise ConfigError(what, code="C103", where="current", allowed=allowed)
        with progress_bar(quiet=quiet or as_json) as progress:
            progress("Reading", 0.0)
            res = read_resistance(resistance)
            grid = Grid.of(res)
            edges = read_barriers(barriers, grid, crossing_cost_m=crossing_cost_m)
            if places is not None:
                regions = regions_of(read_places(places, grid, where="places"), res, where="places")
                progress("Current", 0.1)
                found = current_between(res, regions, barriers=edges)
            elif radius_km is not None:
                found = current_around(
                    res,
                    radius_km=radius_km,
                    block=block,
                    source_strength=None if strength is None else read_resistance(strength, name="strength"),
                    barriers=edges,
                    progress=part_of(progress, 0.1, 0.9),
                )
            progress("Writing", 0.9)
            options = {"radius_km": radius_km, "block": block, "crossing_cost_m": crossing_cost_m}
            files = written(found, grid, out, [resistance, places, strength, barriers], options)
        tell(found, out, files, as_json=as_json, quiet=quiet)


def written(
    found: Found, grid: Grid, out: str, inputs: list[str | None], options: dict[str, Any]
) -> list[str]:
    """Write what was found; return the files."""
    from corridors.pipeline.single import write_single

    given = [text for text in inputs if text is not None]
    return write_single(found, grid, out=out, inputs=given, options=options)


def tell(found: Found, out: str, files: list[str], *, as_json: bool, quiet: bool) -> None:
    """Say what was written, and what to know about it."""
    from corridors.errors import printable

    if as_json:
        notes = [{"code": code, "text": text} for code, text in found.notes]
        tell_json({"problems": [], "folder": out, "files": files, "notes": notes})
    elif not quiet:
        for code, text in found.notes:
            typer.echo(printable(f"[{code}] {text}"), err=True)
        typer.echo(f"{found.title}: {len(files)} files written to {out}; open project.qgz in QGIS.")
