"""The recorder begins before the window's own modules are imported: both come to life side by side.

Whoever opens the window waits for the slower of the two, not for one after the other. So nothing heavy may be
imported here.
"""

from studio.errors import RoleError
from studio.host.politeness import recorder_runs
from studio.host.role_names import Role
from studio.host.roles import StartedRole, start_detached


def start_recorder_ahead() -> StartedRole | None:
    """A recorder on its way, for the link that will look for it; None where one runs, or none can be started.

    What hinders it is found again by the link, which tells it where people see it. One too many does no harm:
    it finds the lock taken, and ends.
    """
    try:
        return None if recorder_runs() else start_detached(Role.RECORDER)
    except RoleError:
        return None
