"""The last stage: a package in memory against the package folder on disk.

`compare` says how the two differ and why, `write` makes the disk equal. A run replaces the
whole package folder in one step, so that a reader, a crash or a kill meets the complete old
package or the complete new one. It refuses to lose what it did not write itself. `create_file` and
`create_folder` give users files of their own to start from.
"""

from soapstone.output.comparison import compare, leftover_packages
from soapstone.output.creation import create_file, create_folder
from soapstone.output.difference import Cause, Difference
from soapstone.output.disk import OutputError
from soapstone.output.lock import LOCK_NAME
from soapstone.output.package import Package
from soapstone.output.tree import kind_of
from soapstone.output.writing import Written, remove_leftover, write

__all__ = [
    "LOCK_NAME",
    "Cause",
    "Difference",
    "OutputError",
    "Package",
    "Written",
    "compare",
    "create_file",
    "create_folder",
    "kind_of",
    "leftover_packages",
    "remove_leftover",
    "write",
]
