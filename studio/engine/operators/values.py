"""Several values of one type as one payload: what windows, `zip` and joins of lists post."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar, overload

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Values(Sequence[T_co]):
    """An immutable sequence. Not a tuple, so that `join` and `pair` do not take it apart (rule E203)."""

    items: tuple[T_co, ...] = ()

    @staticmethod
    def of(values: "Iterable[T_co]") -> "Values[T_co]":
        """The values of any iterable."""
        return Values(tuple(values))

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[T_co]:
        return iter(self.items)

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> "Values[T_co]": ...
    def __getitem__(self, index: int | slice) -> "T_co | Values[T_co]":
        return Values(self.items[index]) if isinstance(index, slice) else self.items[index]
