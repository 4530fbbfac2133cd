"""The virtual laboratory: screen, microphones and camera that a test can plug in, freeze and pull out.

Everything here is real from the outside: real audio through the sound system, real video through a socket,
real clicks through the X server. Nothing knows the studio, except for the bar code drawn into pictures.
"""
