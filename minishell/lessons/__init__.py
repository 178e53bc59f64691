"""The lessons room: run examples in a clean room, fill the pages with what they printed, keep them fresh.

`stage` is the clean room, `normalise` takes the machine out of the text, `page` is what a page may call,
`build` drives cog over all pages, `library` finds the lessons, `command` is `minishell-lessons`.
"""
