"""Words for the streams that a chain takes, to be written as the types of its parameters.

    def loudness(sound: Audio) -> ...: ...

Each is an `Emitter` of what its messages hold; the kind of stream to look for is told along with it. For any
other mixture write `Annotated[Emitter[...], PayloadKind.X, PayloadKind.Y]`.
"""

from typing import Annotated, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from studio.engine import Emitter
from studio.formats.payload import EncodedImage, Event, PayloadKind

Block: TypeAlias = NDArray[np.generic]
"""`(rows, channels)` of numbers."""

Audio: TypeAlias = Annotated[Emitter[Any], PayloadKind.AUDIO]
"""Blocks `(rows, channels)`; a message's time is that of its last row. Full scale is 1.0 of floats."""
Samples: TypeAlias = Annotated[Emitter[Any], PayloadKind.SAMPLES]
"""Blocks `(rows, channels)` of a sensor."""
Signal: TypeAlias = Annotated[Emitter[Any], PayloadKind.SAMPLES, PayloadKind.AUDIO]
"""Blocks of whatever is sampled."""
Numbers: TypeAlias = Annotated[Emitter[float], PayloadKind.SCALAR]
"""One number a message."""
Video: TypeAlias = Annotated[Emitter[Any], PayloadKind.JPEG, PayloadKind.IMAGE]
"""Pictures, as JPEG or plain: see `pictures`."""
Jpegs: TypeAlias = Annotated[Emitter[EncodedImage], PayloadKind.JPEG]
"""Pictures as JPEG."""
Texts: TypeAlias = Annotated[Emitter[str], PayloadKind.STRING]
Events: TypeAlias = Annotated[Emitter[Event], PayloadKind.EVENT]
Documents: TypeAlias = Annotated[Emitter[Any], PayloadKind.JSON]
"""Whatever JSON can say."""
Bytes: TypeAlias = Annotated[Emitter[bytes], PayloadKind.BYTES]
