"""Which pieces of a spectrogram a view needs: on grids of powers of two, so that none is computed twice.

A tile is some columns of one grid. Panning needs new tiles at the edge only, and going back to a zoom that
was seen before needs none. Arithmetic and memory only.
"""

from collections import OrderedDict
from dataclasses import dataclass

from studio.formats.spectrum import SpectrumGrid, SpectrumWindow
from studio.timing import NS_PER_S, Duration, Timestamp
from studio.ui.panels.time_axis import TimeAxis

TILE_COLUMNS = 64
MOST_TILES = 384
"""Kept: some tens of megabytes."""


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of frequency that all tiles of a picture share."""

    rows: int
    low: float
    high: float
    """Hz; 0: as high as there is."""
    logarithmic: bool
    channels: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TileKey:
    """One tile."""

    column_ns: Duration
    number: int
    """Of the tile on its grid, counted from the epoch."""
    band: Band

    @property
    def left(self) -> Timestamp:
        """Where it begins."""
        return self.number * self.column_ns * TILE_COLUMNS

    @property
    def right(self) -> Timestamp:
        """Where it ends."""
        return self.left + self.column_ns * TILE_COLUMNS

    @property
    def grid(self) -> SpectrumGrid:
        """What to ask for."""
        band = self.band
        return SpectrumGrid(
            self.left,
            self.column_ns,
            TILE_COLUMNS,
            band.rows,
            low=band.low,
            high=band.high,
            logarithmic=band.logarithmic,
            channels=band.channels,
        )


def column_duration(axis: TimeAxis, rate: float) -> Duration:
    """A power of two ns, one to two pixels wide, and no shorter than a sample."""
    least = max(axis.span // axis.width, round(NS_PER_S / rate) if rate > 0 else 1, 1)
    return 1 << (least - 1).bit_length()


def tiles_in(axis: TimeAxis, column_ns: Duration, band: Band) -> tuple[TileKey, ...]:
    """All that touch the view, from left to right."""
    step = column_ns * TILE_COLUMNS
    return tuple(TileKey(column_ns, n, band) for n in range(axis.left // step, axis.right // step + 1))


def nearest_missing(
    wanted: tuple[TileKey, ...], known: "TileStore", first: Timestamp, last: Timestamp, centre: Timestamp
) -> TileKey | None:
    """The tile to ask for next: where there is signal, the nearest to `centre` first; None: all are there."""
    missing = [key for key in wanted if key not in known and key.right > first and key.left <= last]
    return min(missing, key=lambda key: abs((key.left + key.right) // 2 - centre), default=None)


class TileStore:
    """Tiles that were answered, the longest unused forgotten first."""

    def __init__(self) -> None:
        self._tiles: OrderedDict[TileKey, SpectrumWindow] = OrderedDict()

    def __contains__(self, key: TileKey) -> bool:
        return key in self._tiles

    def __len__(self) -> int:
        return len(self._tiles)

    def put(self, key: TileKey, tile: SpectrumWindow) -> None:
        """Keep this."""
        self._tiles[key] = tile
        while len(self._tiles) > MOST_TILES:
            self._tiles.popitem(last=False)

    def get(self, key: TileKey) -> SpectrumWindow | None:
        """The tile, which counts as used."""
        tile = self._tiles.get(key)
        if tile is not None:
            self._tiles.move_to_end(key)
        return tile

    def forget_after(self, since_time: Timestamp) -> None:
        """The signal has grown: what reaches beyond is not true any more."""
        for key in [key for key in self._tiles if key.right >= since_time]:
            del self._tiles[key]
