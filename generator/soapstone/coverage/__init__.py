"""What the documented examples exercise of what the specs say, and what they miss.

An example is proof: its document was checked against the spec, and golden tests come of it. A fact
that no example exercises rests on the reading of one person. Every fact weighs the same, and is counted
once for each operation, for the request and for the response apart:

* **fields**: every member, and the items of every list that has an element of its own. A member is
  exercised when it stands in a document, in whatever state.
* **states**: *given* for every member, which is to have a value, be it 0, false or empty; *absent* too
  for every member that is not required, in a structure that is there. Nil, empty and blank are not
  demanded, since most pages show none of them; where they are shown, that is said besides.
* **values**: each allowed value, in requests and in responses.
* **constraints**: every constraint of a request that some value was held against, which for `unique`
  takes two items; every rule between fields whose members were given, for `requires` the one that needs
  the others, and for `exactly_one` each alternative. Nothing is refused in a response. That a value
  lies on a limit is said besides; the tests that are derived from constraints try both sides of each.
* **errors**: every code and every case of the catalogue, and each message of a case that has several,
  by which a documented failure is recognised. An answer to any operation will do.

Members that are prohibited or ignored are left out: they are neither written nor read. A structure that
is shared counts once for each operation and direction, however many members have its type; it is one
text in the specs. So does one that holds itself. Authentication and errors are written once for all
operations, and counted once for the service. All of it can be shown by examples that `lint` accepts, so
that 100 % can be reached.
"""

from soapstone.coverage.facts import (
    Category,
    Coverage,
    Fact,
    Part,
    Tally,
    total,
)
from soapstone.coverage.rendering import (
    TITLE,
    coverage_document,
    coverage_notices,
    coverage_text,
)
from soapstone.coverage.service import cover

__all__ = [
    "TITLE",
    "Category",
    "Coverage",
    "Fact",
    "Part",
    "Tally",
    "cover",
    "coverage_document",
    "coverage_notices",
    "coverage_text",
    "total",
]
