"""The port of the web service is taken as it has to be."""

import socket

from api.commands.listening import listen
from api.settings import Settings


def test_no_part_of_an_answer_waits_for_the_receipt_of_the_one_before() -> None:
    """Without this every answer on a connection that is used again takes 40 ms longer."""
    with listen(Settings(port=0)) as bound, socket.create_connection(bound.getsockname()):
        accepted, _ = bound.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
