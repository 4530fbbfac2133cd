"""What the dialog of pairing says at each step. No Qt."""

from dataclasses import dataclass

from studio.app.clock_sync import PairingStep, PairingView, address_key
from studio.ui.sessions.session_texts import one_line

EXPLANATION = (
    "Two machines that trust each other tell the time through TLS. Wait on one of them; on the other one, "
    "give the address that the first one shows. Both then show a code: it has to be the same on both."
)


@dataclass(frozen=True, slots=True)
class PairingPage:
    """What is shown."""

    words: str
    code: str = ""
    role: str = "text"
    is_asking: bool = False
    """Whether the user has to say if the codes are equal."""
    is_over: bool = False


def pairing_page(view: PairingView | None) -> PairingPage:
    """The page for how it stands; None: nothing was begun."""
    if view is None:
        return PairingPage(EXPLANATION)
    place, other = address_key(view.host, view.port), one_line(view.machine)
    match view.step:
        case PairingStep.WAITING if view.is_caller:
            return PairingPage(f"Calling {place} \u2026")
        case PairingStep.WAITING:
            return PairingPage(f"Waiting. On the other machine, give this address: {place}")
        case PairingStep.COMPARING if view.is_answered:
            return PairingPage(f"Waiting for what the user of {other} says \u2026", view.code)
        case PairingStep.COMPARING:
            return PairingPage(
                f"Does {other} ({view.address}) show the same code?", view.code, is_asking=True
            )
        case PairingStep.PAIRED:
            return PairingPage(
                f"Paired with {other}: both machines trust each other.", role="ok", is_over=True
            )
        case PairingStep.REFUSED | PairingStep.FAILED:
            return PairingPage(view.text, role="error", is_over=True)
