"""The last stage: a package in memory against the package folder on disk.

`compare` says how the two differ and why, `write` makes the disk equal. A run replaces the
whole package folder in one step, so that a reader, a crash or a kill meets the complete old
package or the complete new one. It refuses to lose what it did not write itself. `read_package` takes
a package back from disk, and `vendor` makes a copy of it elsewhere in the same way. `create_file` and
`create_folder` give users files of their own to start from.
"""

from soapstone.output.comparison import compare, leftover_packages, package_names
from soapstone.output.creation import create_file, create_folder
from soapstone.output.difference import Cause, Difference
from soapstone.output.disk import OutputError, is_settled
from soapstone.output.lock import LOCK_NAME, digest, lock_digest
from soapstone.output.origin import Origin, leaves_out
from soapstone.output.package import Package, check_name, check_paths
from soapstone.output.reading import read_package
from soapstone.output.tree import Entry, Listing, kind_of, list_folder
from soapstone.output.writing import Written, remove_leftover, vendor, write

__all__ = [
    "LOCK_NAME",
    "Cause",
    "Difference",
    "Entry",
    "Listing",
    "Origin",
    "OutputError",
    "Package",
    "Written",
    "check_name",
    "check_paths",
    "compare",
    "create_file",
    "create_folder",
    "digest",
    "is_settled",
    "kind_of",
    "leaves_out",
    "leftover_packages",
    "list_folder",
    "lock_digest",
    "package_names",
    "read_package",
    "remove_leftover",
    "vendor",
    "write",
]
