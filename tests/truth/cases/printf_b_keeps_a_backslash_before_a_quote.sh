# What %b does with \' and \" is not specified (XCU printf); dash, bash and yash leave them alone.
printf '%b|' "it\\'s" 'say \"a\"'; echo
#> it\'s|say \"a\"|
#> [0]
