#!/usr/bin/env python3
"""A small HTTP/3 server and client, on aioquic: for record.sh.

    h3.py serve --certificate FILE --key FILE --address ADDRESS [--address ADDRESS …]
    h3.py get --ca FILE [--version 1|2] URL
"""

import argparse
import asyncio
import ssl
import sys
from urllib.parse import urlsplit

from aioquic.asyncio import QuicConnectionProtocol, connect, serve
from aioquic.h3.connection import H3_ALPN, H3Connection
from aioquic.h3.events import DataReceived, HeadersReceived
from aioquic.quic.configuration import QuicConfiguration
from aioquic.quic.packet import QuicProtocolVersion

BODY = b"<!doctype html><title>h3</title><p>served over HTTP/3\n" + b"x" * 2000


class Server(QuicConnectionProtocol):
    """Answers every request with the same page."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.http = H3Connection(self._quic)

    def quic_event_received(self, event):
        for got in self.http.handle_event(event):
            if isinstance(got, HeadersReceived):
                self.answer(got.stream_id)

    def answer(self, stream):
        self.http.send_headers(stream, [(b":status", b"200"), (b"content-type", b"text/html")])
        self.http.send_data(stream, BODY, end_stream=True)
        self.transmit()


class Client(QuicConnectionProtocol):
    """Asks once and waits for the answer's end."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.http = H3Connection(self._quic)
        self.done = asyncio.get_event_loop().create_future()
        self.octets = 0

    async def get(self, host, path):
        stream = self._quic.get_next_available_stream_id()
        self.http.send_headers(
            stream,
            [(b":method", b"GET"), (b":scheme", b"https"), (b":authority", host.encode()), (b":path", path.encode())],
            end_stream=True,
        )
        self.transmit()
        await asyncio.wait_for(self.done, 10)
        return self.octets

    def quic_event_received(self, event):
        for got in self.http.handle_event(event):
            if isinstance(got, DataReceived):
                self.octets += len(got.data)
            if getattr(got, "stream_ended", False) and not self.done.done():
                self.done.set_result(None)


async def serve_forever(options):
    configuration = QuicConfiguration(is_client=False, alpn_protocols=H3_ALPN)
    configuration.load_cert_chain(options.certificate, options.key)
    # One socket an address: a wildcard socket would answer from the interface's first address.
    for address in options.address:
        await serve(address, 443, configuration=configuration, create_protocol=Server)
    await asyncio.Future()


async def get(options):
    url = urlsplit(options.url)
    configuration = QuicConfiguration(is_client=True, alpn_protocols=H3_ALPN, server_name=url.hostname)
    configuration.verify_mode = ssl.CERT_REQUIRED
    configuration.load_verify_locations(options.ca)
    if options.version == 2:
        configuration.original_version = QuicProtocolVersion.VERSION_2
        configuration.supported_versions = [QuicProtocolVersion.VERSION_2]
    async with connect(url.hostname, url.port or 443, configuration=configuration, create_protocol=Client) as client:
        octets = await client.get(url.hostname, url.path or "/")
    print(f"{options.url}: {octets} octets")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    server = commands.add_parser("serve")
    server.add_argument("--certificate", required=True)
    server.add_argument("--key", required=True)
    server.add_argument("--address", required=True, action="append")
    client = commands.add_parser("get")
    client.add_argument("--version", type=int, choices=(1, 2), default=1)
    client.add_argument("--ca", required=True)
    client.add_argument("url")
    options = parser.parse_args()
    asyncio.run(serve_forever(options) if options.command == "serve" else get(options))


if __name__ == "__main__":
    sys.exit(main())
