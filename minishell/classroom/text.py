"""Other people's text on our terminal and in our files: never raw."""

MOST = 200


def visible(text: str) -> str:
    """One line in quotes with everything visible that is not a plain character, cut where it gets long."""
    quoted = "".join(character if character.isprintable() else escaped(character) for character in text[:MOST])
    return f"“{quoted}{'…' if len(text) > MOST else ''}”"


def escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def for_csv(text: str) -> str:
    """A field that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def for_xml(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold."""
    return "".join(
        character
        if character in "\t\n" or (character >= " " and character not in "\ufffe\uffff\x7f")
        else escaped(character)
        for character in text
    )
