"""Operators: components that turn streams into streams, one idea a file.

An operator makes a component in the pipeline of its input, connects the input to it and returns its output
(rule E189). Unless said otherwise an output message carries the originating time of the input message that
caused it (rule E190).
"""
