"""What every vocabulary of the product is made of."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A closed vocabulary. Each member is its code, which is stored and never changes; its
    `label` is what people read."""

    label: str

    def __new__(cls, code: str, label: str = "") -> Self:  # without: looked up by its code
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member
