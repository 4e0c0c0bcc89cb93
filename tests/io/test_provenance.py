"""run.json: what it holds, and what it may not."""

from __future__ import annotations

import getpass
import hashlib
import json
import socket
from pathlib import Path

import numpy as np
import pytest

from corridors.errors import SecurityError
from corridors.io import hash_file, versions, write_run_json


def test_hash_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert hash_file(tmp_path / "a") == hashlib.sha256(b"abc").hexdigest()


def test_versions() -> None:
    found = versions()
    assert found["gdal of rasterio"] != ""
    assert found["gdal of pyogrio"].count(".") == 2
    assert all(isinstance(value, str) for value in found.values())


def test_write_run_json(tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "a.csv").write_bytes(b"abc")
    record = {
        "n": np.int64(3),
        "x": np.float32(0.5),
        "bad": float("nan"),
        "when": ("a", 1),
        "имя": "东北虎",
        "share": "km/h 1/2",
    }
    write_run_json(record | {"versions": versions()}, tmp_path)
    text = (tmp_path / "run.json").read_text("utf-8")
    found = json.loads(text)
    assert (found["n"], found["x"], found["bad"], found["when"], found["имя"]) == (
        3,
        0.5,
        None,
        ["a", 1],
        "东北虎",
    )
    assert found["made_by"] == "corridors"
    assert found["outputs"] == [
        {"path": "cases/a.csv", "bytes": 3, "sha256": hashlib.sha256(b"abc").hexdigest()}
    ]
    assert str(tmp_path) not in text
    assert socket.gethostname() not in text
    assert f"/{getpass.getuser()}" not in text


@pytest.mark.parametrize(
    "value", ["/home/anna/data/a.tif", r"C:\Users\anna\a.tif", "read file:///tmp/a", r"\\server\a", "~/a"]
)
def test_write_run_json__no_full_paths(tmp_path: Path, value: str) -> None:
    with pytest.raises(SecurityError, match=r"X707.*run.json: inputs: file: a full path") as caught:
        write_run_json({"inputs": [{"file": value}]}, tmp_path)
    assert "anna" not in str(caught.value)
    assert not list(tmp_path.iterdir())
