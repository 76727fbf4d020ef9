"""Makes Hypercorn send each answer in one piece, head and body together.

On a busy machine AWS's SDK for Go now and then closes a connection when it has the head of an answer and not yet the
body ("use of closed network connection" with status 200: aws/aws-sdk-go-v2, issue 2737). It tries again, but a lock
that was taken by the first attempt then refuses the second. What arrives together is read together.
"""

import h11
from hypercorn.events import RawData
from hypercorn.protocol.h11 import H11Protocol


def install() -> None:
    """From now on no answer leaves before it is complete."""
    send_now = H11Protocol._send_h11_event

    async def send(self, event) -> None:
        if not isinstance(event, (h11.Response, h11.Data, h11.EndOfMessage)):
            return await send_now(self, event)
        try:
            self.held = getattr(self, "held", b"") + self.connection.send(event)
        except h11.LocalProtocolError:
            # As without this: whoever broke the protocol gets no answer.
            if self.connection.their_state != h11.ERROR:
                raise
        if isinstance(event, h11.EndOfMessage):
            answer, self.held = getattr(self, "held", b""), b""
            await self.send(RawData(data=answer))

    H11Protocol._send_h11_event = send
