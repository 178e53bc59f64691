"""How fast minishell is, as ratios against dash, bash and xonsh taken in the same run.

`python -m bench` measures the *installed* shell (`install`), in rounds that interleave the shells so that
a busy moment of the machine hits all of them (`rounds`), and says which of the project's targets are
reached (`report`). What is measured stands in `workloads` and `prompt`; how a time is taken, in
`measure`.
"""
