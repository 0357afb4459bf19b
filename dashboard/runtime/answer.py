"""An answer of an application, collected before it is sent on changed."""

from starlette.types import Message


class Answer:
    """What an ASGI application sends: its start, and the whole body."""

    def __init__(self) -> None:
        self.start: Message = {}
        self.body = b""

    async def take(self, message: Message) -> None:
        """Take one of the application's messages."""
        if message["type"] == "http.response.start":
            self.start = message
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
