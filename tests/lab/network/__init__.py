"""Two machines on one: networks and host names of their own, and a way between them that delays and loses.

A machine is a process that holds a network and a host name of its own and ends with whoever made it, so that
nothing is left of it whatever happens; other programs are started inside of it. Between two of them there is
a cable (veth), or a relay in user space that carries every packet between two tunnels as late as it is told,
with real TCP at both ends. All share one monotonic clock: an exporter whose clock is a pure function of that
one can be compared with what anybody believes of it, to the nanosecond, from any process.
"""
