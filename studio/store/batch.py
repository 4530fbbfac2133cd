"""Messages of one stream waiting to be handed to HDF5 together: one by one would be 200 times slower."""

from dataclasses import dataclass
from operator import ge
from typing import Any, NamedTuple

import numpy as np

from studio.errors import MessageOrderError
from studio.formats.encoding import EncodedPayload
from studio.store.join_room import JoinRoom
from studio.store.row_times import Int64s
from studio.timing import TIME_MIN, Timestamp

BATCH_MESSAGES = 4096
BATCH_BYTES = 2 << 20
"""Either is enough to hand a batch to HDF5; a flush hands over what there is."""


class EncodedMessage(NamedTuple):
    """One message ready to be stored. A tuple: it is made for every message, in a third of the time."""

    time: Timestamp
    creation_time: Timestamp
    sequence_id: int
    payload: EncodedPayload


@dataclass(frozen=True, slots=True)
class Rows:
    """A batch as arrays, one row per message; `index` has the offset, length (and picture size) columns."""

    times: Int64s
    creation_times: Int64s
    sequence_ids: Int64s
    index: Int64s
    data: np.ndarray[Any, np.dtype[Any]]


class Batch:
    """Collects; checks that originating times increase strictly (rule E94)."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._messages: list[EncodedMessage] = []
        self._last_time: Timestamp = TIME_MIN
        self.byte_count = 0
        self.units = 0
        """Waiting rows of a sampled stream, else messages."""

    def __len__(self) -> int:
        return len(self._messages)

    def add(self, message: EncodedMessage) -> bool:
        """Take one message; True when there are enough to be handed over.

        Raises MessageOrderError for a time that does not increase; the message is not taken then.
        """
        if message.time <= self._last_time:
            raise MessageOrderError(
                f"stream {self._name!r}: a message of time {message.time} came after one of "
                f"{self._last_time}; originating times must increase"
            )
        self._last_time = message.time
        return self._keep([message])

    def add_all(self, messages: list[EncodedMessage]) -> bool:
        """As `add` of each: of those out of order the ones before are taken."""
        times = [message.time for message in messages]
        if times[0] <= self._last_time or any(map(ge, times, times[1:])):
            return any([self.add(message) for message in messages])
        self._last_time = times[-1]
        return self._keep(messages)

    def _keep(self, messages: list[EncodedMessage]) -> bool:
        self._messages += messages
        for message in messages:
            data = message.payload.data
            if isinstance(data, bytes):  # written out: it is done for each of a million small messages
                self.byte_count += len(data)
                self.units += 1
            else:
                self.byte_count += data.nbytes
                self.units += message.payload.extent
        return self.byte_count >= BATCH_BYTES or len(self._messages) >= BATCH_MESSAGES

    def take(self, extent: int, *, columns: int, room: JoinRoom) -> Rows:
        """All of it, to be appended behind `extent` rows or bytes of data; the batch is empty afterwards.

        The data stays in `room` until that is used again.
        """
        messages, self._messages, self.byte_count = self._messages, [], 0
        self.units = 0
        lengths = np.array([message.payload.extent for message in messages], np.int64)
        index = np.empty((len(messages), columns), np.int64)
        index[:, 1] = lengths
        index[:, 0] = extent + np.cumsum(lengths) - lengths
        if columns > 2:
            index[:, 2:] = [message.payload.shape for message in messages]
        return Rows(
            times=np.array([message.time for message in messages], np.int64),
            creation_times=np.array([message.creation_time for message in messages], np.int64),
            sequence_ids=np.array([message.sequence_id for message in messages], np.int64),
            index=index,
            data=room.joined([message.payload.data for message in messages]),
        )
