"""Studio: record sensors together, watch them live, review and replay what was recorded.

One program in several roles (window, recorder, reader, devices). Layers, from the top, each importing only
what stands below it:

    __main__
    ui | cli                        the two faces
    host                            the processes and how they talk
    app                             what a user can do, without Qt
    store | net | devices | interop the outside world, one kind each
    engine | formats                streams of messages | bytes <-> values
    timing                          what time is
    errors                          every exception that crosses a package
"""
