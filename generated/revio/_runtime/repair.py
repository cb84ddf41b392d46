"""Mending of declared defects in documents that are not well-formed."""

import re


def escape_bare_ampersands(text: str, names: frozenset[str]) -> str:
    """Escape each `&` that starts no reference in the text of the named elements.

    The text of an element is what directly follows its start tag. Comments, CDATA sections,
    processing instructions and attributes stay as they are, and so does an undefined entity.

    Args:
        text: The document.
        names: Local names of elements, which may come with any prefix.
    """

    def mended(token: re.Match[str]) -> str:
        tag, name, content = token["tag"], token["name"], token["content"]
        if name not in names or tag.endswith("/>"):
            return token[0]
        return tag + _BARE_AMPERSAND.sub("&amp;", content)

    return _TOKEN.sub(mended, text)


# Linear on any input: what is never closed reaches to the end, and a tag to the next "<".
_TOKEN = re.compile(
    r"""
    <!--.*?(?:-->|\Z)
  | <!\[CDATA\[.*?(?:\]\]>|\Z)
  | <\?.*?(?:\?>|\Z)
  | (?P<tag> <
        (?:[^\s<>/:!?"'=]+:)? (?P<name>[^\s<>/:!?"'=]+)
        (?: (?=[\s/>]) [^<>"']* (?:(?:"[^"<]*"|'[^'<]*') [^<>"']*)* )
    >)
    (?P<content>[^<]*)
    """,
    re.DOTALL | re.VERBOSE,
)

_BARE_AMPERSAND = re.compile(
    r"&(?!(?:(?:[^\W\d]|:)[\w:.\u00b7-]*|\#[0-9]+|\#x[0-9A-Fa-f]+);)"
)
