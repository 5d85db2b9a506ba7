"""Captures: packets as if they had been sent, for Wireshark (libpcap 2.4, Ethernet, IPv4, UDP)."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from datetime import UTC, datetime

# what seconds since 1970 in 32 bits can say
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC)
LOOPBACK = bytes([127, 0, 0, 1])
MAC = bytes(6) + bytes(6) + b"\x08\x00"


def capture(packets: Iterable[tuple[float, bytes]], start: datetime, port: int) -> bytes:
    """A capture file.

    Parameters
    ----------
    packets : iterable of (time [s], bytes)
    start : datetime
        Date of time 0, with a zone.
    port : int
        UDP port, of sender and receiver.
    """
    epoch_us = round(start.timestamp() * 1e6)
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)]
    for t_s, data in packets:
        frame = MAC + _ipv4(_udp(data, port))
        seconds, micros = divmod(epoch_us + round(t_s * 1e6), 1_000_000)
        parts.append(struct.pack("<IIII", seconds, micros, len(frame), len(frame)) + frame)
    return b"".join(parts)


def _udp(data: bytes, port: int) -> bytes:
    """UDP without a checksum, as IPv4 allows."""
    return struct.pack(">HHHH", port, port, 8 + len(data), 0) + data


def _ipv4(data: bytes) -> bytes:
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(data), 0, 0x4000, 64, 17, 0, LOOPBACK, LOOPBACK)
    total = sum(struct.unpack(">10H", head))
    total = (total & 0xFFFF) + (total >> 16)
    total = (total & 0xFFFF) + (total >> 16)
    return head[:10] + struct.pack(">H", ~total & 0xFFFF) + head[12:] + data
