"""The runtime works wherever it is copied to, with nothing but the standard library."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import soapstone.runtime

FOLDER = Path(soapstone.runtime.__file__).parent
MODULES = sorted(FOLDER.rglob("*.py"))


def test_imports() -> None:
    """Modules import the standard library, and each other relatively."""
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            else:
                continue
            for name in names:
                assert name.partition(".")[0] in sys.stdlib_module_names


def test_copy(tmp_path: Path) -> None:
    """A copy under another name at another depth can be imported, without warnings."""
    for folder in (tmp_path / "outer", tmp_path / "outer" / "inner"):
        folder.mkdir()
        (folder / "__init__.py").touch()
    shutil.copytree(FOLDER, tmp_path / "outer" / "inner" / "_other")
    paths = (path.relative_to(FOLDER).with_suffix("") for path in MODULES)
    names = ", ".join(
        f"outer.inner._other.{'.'.join(path.parts)}"
        for path in paths
        if path.stem != "__init__"
    )
    program = f"""
import sys
sys.path.insert(0, {str(tmp_path)!r})
import {names}
assert "soapstone" not in sys.modules
"""
    command = [sys.executable, "-I", "-W", "error", "-c", program]
    subprocess.run(command, check=True)
