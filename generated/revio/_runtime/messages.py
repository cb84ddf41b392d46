"""Data that a service puts into the sentences of its messages."""


def extract(message: str | None, *literals: str) -> tuple[str, ...] | None:
    """The texts between the literals, when the message consists of exactly these.

    `extract("'1' is an invalid TN.", "'", "' is an invalid TN.")` is `("1",)`. White space
    around the message is ignored; a text may be empty. An inner literal is matched at its
    first occurrence, the last literal at the end. Takes time linear in the message.

    Returns:
        One text less than there are literals; None when the message is another one.
    """
    if message is None or not literals:
        return None
    message = message.strip()
    first, *inner = literals
    if not inner:
        return () if message == first else None
    last = inner.pop()
    if not (message.startswith(first) and message.endswith(last)):
        return None
    position = len(first)
    end = len(message) - len(last)
    texts: list[str] = []
    for literal in inner:
        found = message.find(literal, position, end)
        if found < 0:
            return None
        texts.append(message[position:found])
        position = found + len(literal)
    if position > end:
        return None
    return (*texts, message[position:end])
