"""Live output: datagrams to a program on this machine, at their times. One-way, loopback only."""

from __future__ import annotations

import ipaddress
import math
import socket
import time
from collections.abc import Iterable

from kalkan.errors import Problem

HOST = "127.0.0.1"


def is_loopback(host: str) -> bool:
    """Whether an address can only be this machine; names other than ``localhost`` are not looked up."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def problems(host: str, port: int | None, speed: float) -> list[Problem]:
    """What is wrong with where to and how fast."""
    found = []
    if not is_loopback(host):
        found.append(
            Problem("--to-host", f'= "{host}" is not this machine; live output goes to a loopback address only')
        )
    if port is not None and not 1 <= port <= 65535:
        found.append(Problem("--to-host", f"port {port} must be from 1 to 65535"))
    if math.isnan(speed) or speed <= 0.0:
        found.append(Problem("--speed", f"= {speed:g} must be above 0"))
    return found


def send(packets: Iterable[tuple[float, bytes]], host: str, port: int, speed: float) -> int:
    """Send each packet when its time has come; how many were sent.

    Parameters
    ----------
    packets : iterable of (time [s], bytes)
        In order of time; the first is sent at once.
    host, port
        Where to; the host must be loopback.
    speed : float
        Simulated seconds per second; inf: without waiting.
    """
    if not is_loopback(host):
        raise ValueError(f"{host} is not a loopback address")
    address = HOST if host == "localhost" else host
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sent, first_s, began = 0, None, time.monotonic()
    with socket.socket(family, socket.SOCK_DGRAM) as out:
        for t_s, data in packets:
            first_s = t_s if first_s is None else first_s
            wait_s = (t_s - first_s) / speed - (time.monotonic() - began)
            if wait_s > 0.0:
                time.sleep(wait_s)
            out.sendto(data, (address, port))
            sent += 1
    return sent
