"""Reads a recording with nothing but h5py and json, as people without the studio would. A program."""

import json
import sys

import h5py


def main(path: str) -> None:
    """Write the root's attributes and, for each stream, its counts and first and last times."""
    streams = {}
    with h5py.File(path, "r") as file:
        for group in file["streams"].values():
            description = json.loads(group.attrs["description"])
            time = group["time"][:]
            sampled = description["format"]["kind"] in ("audio", "samples", "scalar")
            streams[description["name"]] = {
                "messages": len(time),
                "stored": len(group["data"]) if sampled else len(time),
                "increasing": bool((time[1:] > time[:-1]).all()),
                "lost": int(group["loss"]["count"].sum()) if len(group["loss"]) else 0,
                "produced": int(group.attrs["produced"]),
            }
        print(json.dumps({"clean": int(file.attrs["clean"]), "streams": streams}))


if __name__ == "__main__":
    main(sys.argv[1])
