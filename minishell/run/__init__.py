"""Carrying out a tree: plans, processes, pipelines, lists."""
