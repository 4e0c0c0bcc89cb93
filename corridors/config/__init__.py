"""The workflow file: what it may hold, and what every number in it rests on."""

from corridors.config.extends import read_workflow
from corridors.config.keys import key_table
from corridors.config.load import (
    file_name,
    folder_of,
    json_schema,
    load_workflow,
    parse_workflow,
    sound_parts,
    workflow_toml,
)
from corridors.config.marks import parameter_table
from corridors.config.sections import Current, Network
from corridors.config.species import Barrier, Predictor, Species, case_keys
from corridors.config.workflow import Area, People, Workflow

__all__ = [
    "Area",
    "Barrier",
    "Current",
    "Network",
    "People",
    "Predictor",
    "Species",
    "Workflow",
    "case_keys",
    "file_name",
    "folder_of",
    "json_schema",
    "key_table",
    "load_workflow",
    "parameter_table",
    "parse_workflow",
    "read_workflow",
    "sound_parts",
    "workflow_toml",
]
