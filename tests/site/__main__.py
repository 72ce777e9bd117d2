"""Serve the posts of a folder on a free port, and print the port."""

import argparse
import asyncio
import socket
from pathlib import Path

import uvicorn

from tests.site.app import PlayedSite, ReachableProtocol
from tests.site.content import FEED_ENTRIES, site_content
from tests.site.posts import read_posts
from tests.site.themes import THEMES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--theme", choices=THEMES, default="marked")
    parser.add_argument("--entries", type=int, default=FEED_ENTRIES)
    options = parser.parse_args()
    content = site_content(read_posts(options.folder), options.theme, options.entries)
    config = uvicorn.Config(
        PlayedSite(content), http=ReachableProtocol, log_level="critical", access_log=False, lifespan="off",
        date_header=False, server_header=False,
    )  # fmt: skip
    # asyncio turns Nagle's algorithm off only where the protocol is named; with it on, each answer waits 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(128)
        print(listening.getsockname()[1], flush=True)
        asyncio.run(uvicorn.Server(config).serve(sockets=[listening]))


if __name__ == "__main__":
    main()
