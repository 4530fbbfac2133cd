"""The network: clocks that follow one another, and the directory in which machines find each other.

`*_protocol` modules turn bytes into values and back and do no I/O; they are fed by whoever owns a socket. All
that another machine says is checked against limits before it is believed, and what breaks the rules ends as a
RemoteProtocolError, never as anything else. The bytes are those of \\psi (rules E235-E253).
"""
