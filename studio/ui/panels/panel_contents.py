"""Which content draws which kind of panel."""

from studio.ui.panels.mark_content import MarkContent
from studio.ui.panels.message_content import MessageCurveContent, TickContent
from studio.ui.panels.panel_content import BoundStream, PanelContent
from studio.ui.panels.panel_plan import PanelKind, PanelPlan
from studio.ui.panels.picture_content import PictureContent
from studio.ui.panels.plane_content import PlaneContent
from studio.ui.panels.questions import Reader
from studio.ui.panels.series_content import SeriesContent
from studio.ui.panels.signal_content import SignalContent
from studio.ui.panels.spectrogram_content import SpectrogramContent
from studio.ui.panels.stored_header import NOT_HERE, NOTHING_RECORDED
from studio.ui.panels.text_content import TextContent
from studio.ui.panels.words_content import WordsContent
from studio.ui.theme import Theme


def content_of(
    theme: Theme, reader: Reader, plan: PanelPlan, streams: tuple[BoundStream, ...], index: int
) -> PanelContent:
    """The content for a plan; words where there is nothing to draw."""
    if not any(stream.info.message_count for stream in streams):
        return WordsContent(theme, plan, NOTHING_RECORDED if streams else NOT_HERE)
    match plan.kind:
        case PanelKind.CURVES | PanelKind.WAVEFORM:
            sampled = tuple(stream for stream in streams if stream.info.format.kind.is_sampled)
            waveform = plan.kind is PanelKind.WAVEFORM
            return SignalContent(theme, reader, sampled, index, waveform=waveform)
        case PanelKind.PLANE:
            return PlaneContent(theme, reader, streams, index)
        case PanelKind.VIDEO:
            if not streams[0].info.format.kind.is_picture:
                return WordsContent(theme, plan, NOT_HERE)  # only what would lie over the pictures is there
            return PictureContent(theme, reader, streams)
        case _:
            return _content_of_one(theme, reader, plan.kind, streams[0], index)


def _content_of_one(
    theme: Theme, reader: Reader, kind: PanelKind, stream: BoundStream, index: int
) -> PanelContent:
    """The content of a panel that shows one stream."""
    match kind:
        case PanelKind.SERIES:
            return SeriesContent(theme, reader, stream, index)
        case PanelKind.MESSAGES:
            return TickContent(theme, reader, stream, index)
        case PanelKind.LATENCY | PanelKind.RATE:
            return MessageCurveContent(theme, reader, stream, index, kind)
        case PanelKind.SPECTROGRAM:
            return SpectrogramContent(theme, reader, stream)
        case PanelKind.TEXT:
            return TextContent(theme, reader, stream)
        case _:
            return MarkContent(theme, reader, stream, index)
