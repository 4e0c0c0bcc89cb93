"""From a workflow to results, in three moves: read the layers, analyse them, write the run folder.

`analyse` is pure and in memory; only `read_inputs` and `run` know that files exist.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corridors.grid import Grid
from corridors.io.run_folder import refuse_whole
from corridors.pipeline.beyond import borders_of_reported
from corridors.pipeline.case import analyse_case
from corridors.pipeline.clip import reported
from corridors.pipeline.inputs import Inputs, read_inputs
from corridors.pipeline.keeping import Kept
from corridors.pipeline.network import of_reported
from corridors.pipeline.notes import land_notes, part_notes, run_notes, with_notes
from corridors.pipeline.plan import afresh_from, planned, refuse_changed
from corridors.pipeline.progress import Progress, noted, part_of, silent
from corridors.pipeline.sides import incomplete_parks, side_table, sides_of
from corridors.pipeline.steps import STAGES
from corridors.pipeline.together import with_cases_together
from corridors.pipeline.write import write_run
from corridors.result import Result

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import xarray as xr

    from corridors.config import Species, Workflow
    from corridors.cost import Workers
    from corridors.pipeline.stepping import Keeper
    from corridors.result import CaseResult

__all__ = ["STAGES", "Inputs", "Kept", "Progress", "analyse", "read_inputs", "run"]


def run(
    workflow: Workflow,
    *,
    out: str,
    data: str | None = None,
    inputs: Inputs | None = None,
    language: str = "en",
    progress: Progress = silent,
    workers: int | Workers = 1,
    start: str | None = None,
    until: str | None = None,
    kept: Kept | None = None,
    ids_from: str | None = None,
) -> Result:
    """Read the layers of a workflow, analyse every case, and write the run folder.

    What every step finds is kept beside the run folder, in a hidden folder `.NAME.steps`. The next run takes
    it from there, to the bit, where nothing that the step rests on has changed; so does a run after one that
    was interrupted.

    Parameters
    ----------
    workflow : Workflow
        From `load_workflow`.
    out : str
        Run folder; a former run there is replaced when this one is complete, anything else is refused.
    data : str, optional
        Folder of the layers, instead of the one the workflow names.
    inputs : Inputs, optional
        Layers already read, as by `preflight.check`.
    language : str
        Of the report: en, ru, zh, mn or ko.
    progress : callable
        Called with the step and the fraction done, 0 to 1.
    workers : int or Cluster
        Number of threads, or the workers of `corridors.cluster.connect`; the results are the same bytes.
    start : str, optional
        One of `corridors.pipeline.STAGES`: it and all that follows are computed again, and nothing before.
    until : str, optional
        The last of them. The run folder then holds what is known so far, and cannot replace a whole run.
    kept : Kept, optional
        Where results of steps are kept; beside `out` where absent.
    ids_from : str, optional
        Folder of an earlier run whose numbers of core areas and links are to be kept; `inputs` already read
        were read with it.

    Returns
    -------
    Result
        What was written.

    Raises
    ------
    CorridorsError
        Whatever is wrong with the workflow, the layers or the run folder; N606 something before `start` has
        changed, N607 the run folder holds a whole run and this one ends before.
    """
    log: list[str] = []
    progress = noted(progress, log)
    if until is not None:
        refuse_whole(out)
    if kept is None:
        kept = Kept(out, afresh=afresh_from(start), ids_from=ids_from, writes=False)
    if inputs is None:
        progress("Reading layers", 0.0)
        inputs = kept.inputs(workflow, data=data)
    sides = side_table(workflow, inputs, sides_of(workflow, inputs))
    incomplete = incomplete_parks(sides, inputs.context)
    kept.know(workflow, inputs, incomplete=incomplete)
    refuse_changed(planned(kept, inputs, workflow.cases, until=until), start)
    kept.write()
    result = analyse(
        inputs.layers,
        workflow,
        context=inputs.context,
        incomplete=incomplete,
        progress=part_of(progress, 0.15, 0.75),
        workers=workers,
        keeper=kept,
        until=until,
    )
    result = replace(result, notes=(*result.notes, *run_notes(workflow, inputs, sides), *part_notes(until)))
    write_run(
        result,
        inputs,
        workflow,
        sides,
        out=out,
        log=log,
        language=language,
        progress=part_of(progress, 0.75, 1.0),
        kept=kept,
        until=until,
    )
    kept.tidy()
    progress("Done", 1.0)
    return result


def analyse(
    layers: xr.Dataset,
    parameters: Workflow,
    *,
    context: Mapping[str, gpd.GeoDataFrame],
    incomplete: tuple[str, ...] = (),
    progress: Progress = silent,
    workers: int | Workers = 1,
    keeper: Keeper | None = None,
    until: str | None = None,
) -> Result:
    """Turn layers into results, case by case, in memory.

    Parameters
    ----------
    layers : xarray.Dataset
        Predictors (rows, columns) on one grid, as `read_layers` returns them.
    parameters : Workflow
        Area and species.
    context : mapping of str to GeoDataFrame
        Vectors in the CRS of the grid; `countries` allows the border part,
        `protected_areas` names cores and gives protected connected land.
    incomplete : tuple of str
        Countries whose protected areas are known not to be complete.
    progress : callable
        Called with the step and the fraction done, 0 to 1.
    workers : int or Cluster
        As for `run`.
    keeper : callable, optional
        Gives the result of a step of a case, such as `Kept`: one it has kept, or that of the computation it
        is handed. Where absent, everything is computed.
    until : str, optional
        As for `run`; what comes after is absent from the result.

    Returns
    -------
    Result
        Clipped to the reporting area.
    """
    cases = {}
    for i, (key, species) in enumerate(parameters.cases.items()):
        share = part_of(
            progress, i / len(parameters.cases), (i + 1) / len(parameters.cases), prefix=f"{key}: "
        )
        cases[key] = analyse_case(
            layers,
            species,
            title=case_title(species),
            specs=parameters.layers,
            context=context,
            incomplete=incomplete,
            progress=share,
            workers=workers,
            key=key,
            keeper=keeper,
            until=until,
        )
    result = completed(cases, layers, parameters, context=context)
    return with_cases_together(result, parameters, incomplete=incomplete)


def completed(
    cases: Mapping[str, CaseResult],
    layers: xr.Dataset,
    parameters: Workflow,
    *,
    context: Mapping[str, gpd.GeoDataFrame],
) -> Result:
    """Return analysed cases as results: clipped to the reporting area, with their notes."""
    result = reported(
        Result(parameters.title, Grid.of(layers), layers, context, cases), parameters.area.bounds
    )
    complete = {}
    for key, case in result.cases.items():
        options = parameters.cases[key].network
        complete[key] = borders_of_reported(of_reported(case, options), options)
    noted = {key: with_notes(case, parameters.cases[key], result) for key, case in complete.items()}
    return replace(result, cases=noted, notes=land_notes(context))


def case_title(species: Species) -> str:
    """Return a case in plain words: species, season, scenario."""
    return ", ".join((species.title, species.season, species.scenario))
