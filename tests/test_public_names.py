"""The table of contents: what it promises is there, is a function or class, and is loaded lazily."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import corridors

STUB = Path(corridors.__file__).with_suffix(".pyi")


def stub_names() -> dict[str, str]:
    """Return the public names by the module they come from."""
    tree = ast.parse(STUB.read_text(encoding="utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    return {alias.name: f"corridors.{node.module}" for node in imports for alias in node.names}


def test_stub_lists_every_name_it_imports() -> None:
    assert sorted(corridors.__all__) == sorted(stub_names())
    tree = ast.parse(STUB.read_text(encoding="utf-8"))
    listed = next(node for node in tree.body if isinstance(node, ast.Assign))
    assert ast.literal_eval(listed.value) == sorted(stub_names())


@pytest.mark.parametrize("name", sorted(stub_names()))
def test_name_is_what_its_module_defines(name: str) -> None:
    module = importlib.import_module(stub_names()[name])
    found = getattr(corridors, name)
    assert found is getattr(module, name)
    assert callable(found)
    assert found.__doc__


def test_no_public_function_shares_a_modules_name() -> None:
    modules = {module.name for module in pkgutil.iter_modules(corridors.__path__)}
    assert not modules & set(corridors.__all__)


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = "{'numpy', 'rasterio', 'pandas', 'xarray'}"
    code = f"import sys, corridors; print(sorted({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
