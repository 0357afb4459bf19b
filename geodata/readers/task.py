"""One way to have a file from a stranger parsed: a body for the bounded process, and its answer.

The caller's side is `Task.run`. The body runs in the child: it takes the file and what JSON can
hold, and returns `geodata.readers.transport.pack` of what it made.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar, cast

from geodata.errors import GeodataError
from geodata.readers import sandbox, transport
from geodata.readers.limits import Limits
from geodata.readers.turns import READING, Turns

Result = TypeVar("Result")


def no_environment() -> dict[str, str]:
    """Return the environment of a body that needs none of its own."""
    return {}


@dataclass(frozen=True)
class Task(Generic[Result]):
    """A parser that runs in a bounded process.

    Parameters
    ----------
    body : str
        ``module:name`` of the function that the child calls with the file and the parameters.
    read : callable
        Makes the result from the child's JSON and its named pieces of bytes, and checks both:
        the child may have been taken over by its input. Whatever it raises is one error.
    too_large : str
        Message of a file past the limit; it may name ``limit``, ``size`` and ``mb``. Empty where
        the caller checks the size: it sends several files in one.
    environment : callable
        Returns more environment variables for the child, such as GDAL's switches.
    turns : Turns
        Whose turn it is.
    """

    body: str
    read: Callable[[dict[str, Any], dict[str, bytes]], Result]
    too_large: str
    environment: Callable[[], Mapping[str, str]] = no_environment
    turns: Turns = READING

    def run(
        self,
        data: bytes,
        params: Mapping[str, object] | None = None,
        *,
        limits: Limits,
        seconds: float | None = None,
        memory_mb: int | None = None,
    ) -> Result:
        """Parse a file.

        Parameters
        ----------
        data : bytes
            The file.
        params : mapping, optional
            What else the body needs; it finds the limits there too, under ``limits``.
        limits : Limits
        seconds, memory_mb : optional
            Limits of the process where they are not those of ``limits``.

        Raises
        ------
        GeodataError
            If the file is too large, what the body raised, or as `geodata.readers.sandbox.run`
            does; ``sandbox.answer`` if the child's answer is not a proper one.
        """
        self.check_size(data, limits)
        answer, payload = sandbox.run(
            self.body,
            data,
            {**(params or {}), "limits": asdict(limits)},
            seconds=limits.seconds if seconds is None else seconds,
            memory_mb=limits.memory_mb if memory_mb is None else memory_mb,
            environment=self.environment(),
            turns=self.turns,
        )
        with sandbox.untrusted_answer():
            parts = transport.unpack(payload, cast("dict[str, int]", answer["sizes"]))
            return self.read(answer, parts)

    def check_size(self, data: bytes, limits: Limits) -> None:
        """Refuse a file past the limit.

        Raises
        ------
        GeodataError
            Naming the limit.
        """
        if self.too_large and len(data) > limits.file_mb * 10**6:
            size, mb = -(-len(data) // 10**6), f"{len(data) / 1e6:.0f}"
            raise GeodataError(self.too_large, limit=limits.file_mb, size=size, mb=mb)
