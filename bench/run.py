"""`python -m bench.run`: the product beside its floor, over real HTTP. README.md says how to read
the table. Ends with 1 if a page is not what it should be, or a figure misses its goal."""

import argparse
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from urllib.error import URLError
from urllib.request import urlopen

from bench.client import Client
from bench.databases import PASSWORD, SECRET, database
from bench.queries import queries_of
from bench.raw import Connection, Raw
from bench.workloads import Workload, workloads

ROOT = Path(__file__).parent.parent
ROUNDS = 5
ROWS = re.compile(rb"PP-\d{4}-\d{6}|href=\"/families/[0-9a-f]{20}\"")
"""What names the lines of a list."""

MOST_BYTES = {"queue": 30_000, "list": 30_000, "open list": 30_000}


@dataclass(frozen=True)
class Measured:
    """Medians over the rounds; `ratio` is of requests per second, product to floor, of the same
    round."""

    name: str
    goal: float
    product: float
    floor: float
    ratio: float
    tail: float
    queries: int
    most_queries: int | None
    bytes: int
    floor_bytes: int
    milliseconds: float

    def misses(self) -> list[str]:
        found = []
        if self.ratio < self.goal:
            found.append(f"{self.ratio:.2f}x < {self.goal}x")
        if self.most_queries and self.queries > self.most_queries:
            found.append(f"{self.queries} queries > {self.most_queries}")
        if self.bytes > MOST_BYTES.get(self.name, sys.maxsize):
            found.append(f"{self.bytes} bytes > {MOST_BYTES[self.name]}")
        return found


@contextmanager
def served(app: str, port: int, database_url: str) -> Iterator[None]:
    """With gunicorn, as the README has the product served: one worker, eight threads."""
    environ = {
        **os.environ,
        "DATABASE_URL": database_url,
        "BENCH_DATABASE_URL": database_url,
        "SECRET_KEY": SECRET,
        "SECURE_COOKIES": "0",
        "LOG_LEVEL": "WARNING",
    }
    command = [
        sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}",
        "--worker-class", "gthread", "--threads", "8", "--preload", "--no-control-socket",
        "--graceful-timeout", "5", "--keep-alive", "30", "--log-level", "warning",
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=ROOT, env=environ)
    try:
        _wait_for(port, server)
        yield
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if server.poll() is not None:
            raise RuntimeError(f"The server on port {port} did not start.")
        try:
            urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
        except URLError as error:
            if hasattr(error, "code"):
                return
            time.sleep(0.1)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"Nothing answers on port {port}.")


def check(work: Workload, of_floor: bool, client: Client) -> bytes:
    """The answer. Raises RuntimeError where it does not show what it has to: a fast page that is
    empty is no result."""
    address, fields = work.asks(of_floor)
    answer = client.get(address) if fields is None else client.post(address, fields)
    if answer.status != (200 if work.shows is not None else 303):
        raise RuntimeError(f"{work.name}: {address} answered {answer.status}: {answer.body!r:.600}")
    text, place = answer.body.decode(), 0
    for words in work.shows or ():
        place = text.find(words, place)
        if place < 0:
            raise RuntimeError(f"{work.name}: {address} does not show {words!r}, in its order.")
    return answer.body


def compare(work: Workload, ours: bytes, bare: bytes) -> None:
    """Raises RuntimeError where the two pages are not about the same, or the floor shows less."""
    if work.shows is None:
        return
    if len(bare) < 0.75 * len(ours):
        raise RuntimeError(
            f"{work.name}: the floor shows less than the page ({len(bare)} of {len(ours)} bytes)."
        )
    listed = [ROWS.findall(page) for page in (ours, bare)]
    if listed[0] != listed[1] or not listed[0]:
        raise RuntimeError(f"{work.name}: other rows than the floor's, or in another order.")


def timed(work: Workload, of_floor: bool, client: Client, requests: int) -> list[float]:
    seconds = []
    for _ in range(requests):
        address, fields = work.asks(of_floor)
        answer = client.get(address) if fields is None else client.post(address, fields)
        if answer.status >= 400:
            raise RuntimeError(f"{work.name}: {address} answered {answer.status}.")
        seconds.append(answer.seconds)
    return seconds


def measure(
    work: Workload, product: Client, floor: Client, queries: int, requests: int
) -> Measured:
    ours, bare = check(work, False, product), check(work, True, floor)
    compare(work, ours, bare)
    sides = ((False, product), (True, floor))
    for of_floor, client in sides:
        timed(work, of_floor, client, max(10, requests // 4))
    rounds: dict[bool, list[list[float]]] = {False: [], True: []}
    for _ in range(ROUNDS):
        for of_floor, client in sides:
            rounds[of_floor].append(timed(work, of_floor, client, requests))
    rates = {side: [len(one) / sum(one) for one in found] for side, found in rounds.items()}
    every = [second for one in rounds[False] for second in one]
    return Measured(
        name=work.name,
        goal=work.goal,
        product=median(rates[False]),
        floor=median(rates[True]),
        ratio=median(ours / bare for ours, bare in zip(*rates.values(), strict=True)),
        tail=quantiles(every, n=20)[-1] / median(every),
        queries=queries,
        most_queries=work.most_queries,
        bytes=len(ours),
        floor_bytes=len(bare),
        milliseconds=median(every) * 1000,
    )


def _chosen(connection: Connection, options: argparse.Namespace) -> list[Workload]:
    return [work for work in workloads(connection) if work.name in (options.only or work.name)]


def run(engine: str, options: argparse.Namespace) -> list[Measured]:
    with database(engine, options.folder, options.referrals) as url:
        connection = Raw(url).connection()
        counted = queries_of(_chosen(connection, options), url)
        works = _chosen(connection, options)  # again: counting has sent a referral, too
        with (
            served("app:app", options.port, url),
            served("bench.floor:app", options.port + 1, url),
        ):
            floor = Client(options.port + 1)
            people: dict[str, Client] = {}
            found = []
            for work in works:
                if work.who not in people:
                    people[work.who] = Client.signed_in(options.port, work.who, PASSWORD)
                found.append(
                    measure(work, people[work.who], floor, counted[work.name], options.requests)
                )
                print(_line(found[-1]), flush=True)
            return found


HEADINGS = (
    f"{'':15}{'product':>9}{'floor':>9}{'ratio':>8}{'goal':>7}{'ms':>8}{'p95/p50':>9}"
    f"{'queries':>9}{'bytes':>9}{'floor':>9}"
)


def _line(row: Measured) -> str:
    return (
        f"{row.name:15}{row.product:7.0f}/s{row.floor:7.0f}/s{row.ratio:7.2f}x{row.goal:6.2f}x"
        f"{row.milliseconds:8.2f}{row.tail:9.2f}{row.queries:9}{row.bytes:9}{row.floor_bytes:9}"
        f"  {'; '.join(row.misses())}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--engine", action="append", choices=("sqlite", "postgresql"))
    parser.add_argument("--referrals", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, required=True, help="where the databases are kept")
    parser.add_argument("--port", type=int, default=5080, help="this one and the next")
    parser.add_argument("--requests", type=int, default=60, help="of a round; there are five")
    parser.add_argument("--only", action="append", help="a workload; several times for several")
    options = parser.parse_args()
    missed = 0
    for engine in options.engine or ("sqlite", "postgresql"):
        print(f"\n{engine}, {options.referrals:,} referrals\n{HEADINGS}", flush=True)
        missed += sum(bool(row.misses()) for row in run(engine, options))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
