"""`studio devices`: what there is to record."""

from typing import Annotated

import typer


def devices(
    json: Annotated[bool, typer.Option("--json", help="One JSON document instead of a table.")] = False,
) -> None:
    """List the devices of this machine, with the names that `studio record --device` takes."""
    from studio.cli.device_choice import find_devices
    from studio.cli.output import print_json, print_table, values

    found = find_devices()
    if json:
        print_json({"devices": [values(device) for device in found]})
        return
    rows = [(device.name, device.kind.value, device.detail, device.id) for device in found]
    print_table(("name", "kind", "detail", "id"), rows)
