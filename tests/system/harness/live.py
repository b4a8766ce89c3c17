"""A foreign client of the socket: Debian's `websockets`, JSON-RPC 2.0 by hand."""

import asyncio
import itertools
import json

import websockets


class RpcError(Exception):
    def __init__(self, error: dict):
        super().__init__(json.dumps(error, ensure_ascii=False))
        self.code: int = error["code"]
        self.problem: dict = error.get("data") or {}

    @property
    def name(self) -> str:
        return self.problem.get("type", "").removeprefix("/problems/")


class Peer:
    """`async with Peer(server) as peer: await peer.call("event.watch", event="…")`"""

    def __init__(self, server, cookie: str | None = None, origin: str | None = None, path: str = "/live", language: str | None = None):
        headers = {"Cookie": cookie} if cookie else {}
        if language:
            headers["Accept-Language"] = language
        self._connecting = websockets.connect(
            f"ws://127.0.0.1:{server.port}{path}",
            subprotocols=["kutsu.v1"] if path == "/live" else None,
            origin=origin, extra_headers=headers, max_size=None, compression=None, open_timeout=20, close_timeout=5,
        )
        self._ids = itertools.count(1)
        self._waiting: dict[int, asyncio.Future] = {}
        self.notifications: asyncio.Queue = asyncio.Queue()
        self.unasked: asyncio.Queue = asyncio.Queue()  # answers without an id of ours

    async def __aenter__(self) -> "Peer":
        self.socket = await self._connecting
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_):
        self._reader.cancel()
        await self.socket.close()

    async def _read(self):
        try:
            async for message in self.socket:
                content = json.loads(message)
                assert content["jsonrpc"] == "2.0", content
                if "method" in content:
                    assert "id" not in content, content
                    await self.notifications.put(content)
                elif (waiting := self._waiting.pop(content.get("id"), None)) and not waiting.done():
                    waiting.set_result(content)
                else:
                    await self.unasked.put(content)
        except websockets.ConnectionClosed:
            pass
        finally:
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(ConnectionError("the socket closed before the answer"))

    async def call(self, method: str, timeout: float = 20, **params):
        number = next(self._ids)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            await self.socket.send(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}))
            content = await asyncio.wait_for(answer, timeout)
        finally:
            self._waiting.pop(number, None)
        if "error" in content:
            raise RpcError(content["error"])
        return content["result"]

    async def next_notification(self, method: str, timeout: float = 10) -> dict:
        while True:
            content = await asyncio.wait_for(self.notifications.get(), timeout)
            if content["method"] == method:
                return content["params"]

    async def send_text(self, text: str) -> dict:
        """Sends anything; the next answer that belongs to no call."""
        await self.socket.send(text)
        return await asyncio.wait_for(self.unasked.get(), 10)

    async def closed_with(self, timeout: float = 10) -> int:
        await asyncio.wait_for(self.socket.wait_closed(), timeout)
        return self.socket.close_code
