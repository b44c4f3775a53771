"""Fills a log: audited reads under a standing need, from several processes over connections that stay open."""

import multiprocessing
import socket
import ssl
import sys

CONNECTIONS = 16  # a process
DEPTH = 8  # requests that a connection has under way


def fill(server, person: str, path: str, need: str, reads: int, processes: int) -> list[multiprocessing.Process]:
    """Starts processes that make `reads` reads together; each ends with exit code 0 if all of its own succeeded."""
    share = -(-reads // processes)
    # What is forked off shares nothing but memory: each makes its own connections.
    context = multiprocessing.get_context("fork")
    arguments = (server, person, path, need, share)
    started = [context.Process(target=read, args=arguments) for _ in range(processes)]
    for process in started:
        process.start()
    return started


def read(server, person: str, path: str, need: str, reads: int) -> None:
    """Makes so many reads, in rounds of a few requests on each of several connections."""
    tls = server.tls(person)
    request = (
        f"GET {path} HTTP/1.1\r\nHost: localhost:{server.main}\r\nReasonable-Need: id=\"{need}\"\r\n\r\n"
    ).encode()
    connections = [Connection(server.main, tls) for _ in range(CONNECTIONS)]
    left = reads
    while left > 0:
        asked = []
        for connection in connections:
            count = min(DEPTH, left)
            left -= count
            if count:
                connection.send(request * count)
                asked.append((connection, count))
        for connection, count in asked:
            for _ in range(count):
                connection.answer()


class Connection:
    """A kept-open connection on which requests follow each other without waiting."""

    def __init__(self, port: int, tls: ssl.SSLContext):
        self.socket = tls.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="localhost")
        self.buffer = b""

    def send(self, requests: bytes) -> None:
        self.socket.sendall(requests)

    def answer(self) -> None:
        """Takes one answer off; any but 200 ends the process."""
        while (end := self.buffer.find(b"\r\n\r\n")) < 0:
            self.more()
        head = self.buffer[:end].lower()
        if not head.startswith(b"http/1.1 200 "):
            sys.exit(f"a read was answered: {self.buffer.decode(errors='replace')}")
        length = int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])
        while len(self.buffer) < end + 4 + length:
            self.more()
        self.buffer = self.buffer[end + 4 + length :]

    def more(self) -> None:
        received = self.socket.recv(1 << 16)
        if not received:
            sys.exit("the server closed a connection")
        self.buffer += received
