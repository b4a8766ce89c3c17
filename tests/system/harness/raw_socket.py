"""A WebSocket client that can be cut anywhere and may send what no client should."""

import json
import os
import socket
import struct


def frame(payload: bytes, opcode: int = 1, *, final: bool = True, masked: bool = True, reserved: int = 0) -> bytes:
    head = bytes([(0x80 if final else 0) | reserved << 4 | opcode])
    bit = 0x80 if masked else 0
    if len(payload) < 126:
        head += bytes([bit | len(payload)])
    elif len(payload) < 65536:
        head += bytes([bit | 126]) + struct.pack(">H", len(payload))
    else:
        head += bytes([bit | 127]) + struct.pack(">Q", len(payload))
    if not masked:
        return head + payload
    key = os.urandom(4)
    return head + key + bytes(byte ^ key[index % 4] for index, byte in enumerate(payload))


def submission(event: str, person: dict, number: int = 1) -> bytes:
    return json.dumps(
        {"jsonrpc": "2.0", "id": number, "method": "registration.submit", "params": {"event": event} | person}).encode()


class RawSocket:
    def __init__(self, port: int, *, receive_buffer: int = 0):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(20)
        self.socket.connect(("127.0.0.1", port))
        self.handshake = (
            f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: a3V0c3UtY3V0LXNvY2tldA==\r\n"
            "Sec-WebSocket-Protocol: kutsu.v1\r\n\r\n").encode()
        self._unread = b""

    def upgrade(self) -> "RawSocket":
        self.socket.sendall(self.handshake)
        while b"\r\n\r\n" not in self._unread:
            self._unread += self._some()
        head, self._unread = self._unread.split(b"\r\n\r\n", 1)
        assert head.startswith(b"HTTP/1.1 101 "), head
        return self

    def _some(self) -> bytes:
        part = self.socket.recv(65536)
        if not part:
            raise ConnectionError("closed")
        return part

    def _take(self, count: int) -> bytes:
        while len(self._unread) < count:
            self._unread += self._some()
        taken, self._unread = self._unread[:count], self._unread[count:]
        return taken

    def read_frame(self) -> tuple[int, bytes]:
        first, length = self._take(2)
        if length == 126:
            (length,) = struct.unpack(">H", self._take(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", self._take(8))
        return first & 15, self._take(length)

    def read_answer(self) -> dict:
        opcode, payload = self.read_frame()
        assert opcode == 1, (opcode, payload)
        return json.loads(payload)

    def closed_with(self) -> int:
        """The code of the closing frame; 0 when the connection just ended. Text before it is passed over."""
        try:
            while True:
                opcode, payload = self.read_frame()
                if opcode == 8:
                    return struct.unpack(">H", payload[:2])[0] if payload else 1005
        except (ConnectionError, OSError):
            return 0

    def close(self, *, reset: bool = False):
        """`reset`: without saying goodbye, as when a cable is cut."""
        if reset:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
