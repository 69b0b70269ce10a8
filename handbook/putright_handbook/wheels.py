"""The packages that a browser's Python installs, as wheels, and their index for Pyodide.

They come from the packages installed here, so that the browser has the versions that were tested; only compiled
packages have to be built for browsers (``browserfiles``).
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import Distribution, PackageNotFoundError, distribution, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from putright import __version__, hookspecs
from putright.api.hosts import Host

from putright_handbook import browserfiles
from putright_handbook.page import HandbookError

_PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
_LOCK = "pyodide-lock.json"
#: The imports of a notebook's kernel (micropip imports packaging), and of putright in a browser.
_KERNEL = ("ipython", "comm", "packaging")
_OURS = ("anywidget", "pluggy", "pydantic", "pyyaml", "tzdata")
_ENVIRONMENT = {
    "sys_platform": "emscripten",
    "platform_system": "Emscripten",
    "platform_machine": "wasm32",
    "os_name": "posix",
    "python_version": browserfiles.PYTHON,
    "python_full_version": f"{browserfiles.PYTHON}.0",
    "extra": "",
}
_COMPILED = (".so", ".pyd", ".pyc")


@dataclass
class Wheels:
    """A folder of wheels, each with its entry in Pyodide's list."""

    folder: Path
    fetched: Path
    entries: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, version: str, file: str, data: bytes, imports: list[str], depends: list[str]) -> None:
        """A wheel, written and listed."""
        (self.folder / file).write_bytes(data)
        self.entries[name] = {
            "name": name,
            "version": version,
            "file_name": file,
            "install_dir": "site",
            "sha256": hashlib.sha256(data).hexdigest(),
            "package_type": "package",
            "imports": imports,
            "depends": depends,
            "unvendored_tests": False,
        }

    def add_installed(self, name: str) -> None:
        """An installed package and all that it needs."""
        name = canonicalize_name(name)
        if name in self.entries:
            return
        try:
            found = distribution(name)
        except PackageNotFoundError:
            raise HandbookError(f"{name} is not installed: install putright[browser].") from None
        needs = sorted(_needs(found))
        fetched = (self.fetched / file for file in browserfiles.FILES)
        built = next((path for path in fetched if path.name.startswith(f"{_escaped(found)}-")), None)
        if built and built.name.split("-")[1] != found.version:
            raise HandbookError(f"{name} {found.version} is installed, but {built.name} is what there is for browsers.")
        data = built.read_bytes() if built else _zipped(_files(found))
        file = built.name if built else f"{_escaped(found)}-{found.version}-py3-none-any.whl"
        self.add(name, found.version, file, data, _imports(found), needs)
        for need in needs:
            self.add_installed(need)

    def write_list(self, info: Mapping[str, Any]) -> None:
        """Pyodide's index: these packages only, so that nothing has to be downloaded."""
        text = json.dumps({"info": info, "packages": self.entries}, indent=1)
        (self.folder / _LOCK).write_text(text + "\n", encoding="utf-8")


def write(host: Host, answers: Mapping[str, Any], fetched: Path, folder: Path) -> None:
    """Pyodide and every package it needs for the training notebooks of these councils, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(fetched / browserfiles.PYODIDE) as archive:
        for name in _PYODIDE:
            source = archive.extractfile(f"package/{name}")
            assert source is not None
            with (folder / name).open("wb") as target:
                shutil.copyfileobj(source, target)
        listed = archive.extractfile(f"package/{_LOCK}")
        assert listed is not None
        info = json.load(listed)["info"]
    wheels = Wheels(folder, fetched)
    for name in (*_KERNEL, *_OURS):
        wheels.add_installed(name)
    micropip = next(name for name in browserfiles.FILES if name.startswith("micropip-"))
    data = (fetched / micropip).read_bytes()
    wheels.add("micropip", micropip.split("-")[1], micropip, data, ["micropip"], ["packaging"])
    ours = _zipped(_our_files(host, answers))
    roots = sorted({"putright", *_modules(host).values()})
    wheels.add("putright", __version__, f"putright-{__version__}-py3-none-any.whl", ours, roots, list(_OURS))
    wheels.write_list(info)


# --- installed packages ---------------------------------------------------------------------------


def _needs(found: Distribution) -> Iterator[str]:
    for need in map(Requirement, found.requires or ()):
        if need.marker is None or need.marker.evaluate(dict(_ENVIRONMENT)):
            yield canonicalize_name(need.name)


def _escaped(found: Distribution) -> str:
    return canonicalize_name(found.name).replace("-", "_")


def _files(found: Distribution) -> Iterator[tuple[str, bytes]]:
    """Its files, without scripts and what was compiled for this machine."""
    for path in found.files or ():
        if ".." not in path.parts and path.suffix not in _COMPILED:
            yield path.as_posix(), path.read_binary()


def _imports(found: Distribution) -> list[str]:
    tops = {path.parts[0].removesuffix(".py") for path in found.files or () if path.suffix == ".py"}
    return sorted(top for top in tops if top.isidentifier())


def _zipped(files: Iterator[tuple[str, bytes]]) -> bytes:
    """Files as a wheel has them; the same files always give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


# --- putright itself ------------------------------------------------------------------------------


def _modules(host: Host) -> dict[str, str]:
    """The module of each plugin of the host, as its entry point names it."""
    names = {plugin.name for plugin in host.plugins}
    return {point.name: point.value for point in entry_points(group=hookspecs.PROJECT) if point.name in names}


def _our_files(host: Host, answers: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """putright, the plugins of the host and no other, and the answers of the audit."""
    modules = _modules(host)
    for root in sorted({"putright", *(value.partition(".")[0].partition(":")[0] for value in modules.values())}):
        spec = find_spec(root)
        assert spec is not None and spec.origin is not None
        origin = Path(spec.origin)
        is_package = spec.submodule_search_locations is not None
        top = origin.parent.parent if is_package else origin.parent
        for path in origin.parent.rglob("*") if is_package else [origin]:
            if path.is_file() and path.suffix not in _COMPILED:
                yield path.relative_to(top).as_posix(), path.read_bytes()
    yield "putright/training/answers.json", json.dumps(answers).encode()
    about = f"putright-{__version__}.dist-info"
    points = "".join(f"{name} = {value}\n" for name, value in sorted(modules.items()))
    yield f"{about}/METADATA", f"Metadata-Version: 2.1\nName: putright\nVersion: {__version__}\n".encode()
    yield f"{about}/WHEEL", b"Wheel-Version: 1.0\nGenerator: putright\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    yield f"{about}/entry_points.txt", f"[{hookspecs.PROJECT}]\n{points}".encode()
