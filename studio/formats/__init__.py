"""Values between packages: payloads of streams, what recordings hold, and the bytes of wires and pictures.

Rules of the package: values in, values out. No file, no socket, no thread, no clock. `payload` and
`recording` are what every other layer may speak of; `opencv` is the only importer of cv2 (decision 13).
Import from the module that owns the name; this chapter has no code, so that the window process can use the
values without loading a codec.
"""
