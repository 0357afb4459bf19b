"""A value of an object that is computed when it is first asked for, and kept."""

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

Value = TypeVar("Value")


class cached_property(Generic[Value]):  # noqa: N801 - stands for the standard library's
    """`functools.cached_property` without a lock, as it is from Python 3.12 on.

    In 3.11 all objects of a class share one lock, so that a long computation on one of them makes
    every other one wait. Without it two threads that ask the same object at the same time may
    both compute the value; both then hold the same object, the one that was kept first.

    Parameters
    ----------
    compute : callable
        Takes the object and returns the value.

    Examples
    --------
    >>> class Circle:
    ...     radius = 2
    ...
    ...     @cached_property
    ...     def diameter(self) -> int:
    ...         print("computed")
    ...         return 2 * self.radius
    >>> circle = Circle()
    >>> circle.diameter, circle.diameter
    computed
    (4, 4)
    """

    def __init__(self, compute: Callable[[Any], Value]) -> None:
        self.compute = compute
        self.name = compute.__name__
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...

    def __get__(self, instance: object | None, owner: type) -> Self | Value:
        """Compute the value and keep it in the object; from then on Python finds it there."""
        if instance is None:
            return self
        value: Value = instance.__dict__.setdefault(self.name, self.compute(instance))
        return value
