"""Files of other programs: tables, sound, film, pictures. Bytes and values only; no recording is known here.

Each module writes one kind of file from values that it is given in order, and belongs to one thread. What
needs a package that is not always installed imports it when it is used (`extras`), so that everything else
works without. `sound_file` is the only importer of soundfile, `film` of av, `parquet_table` of pyarrow.
"""
