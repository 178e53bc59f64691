# XCU 2.14.3: a field is matched if it holds a `[` that will be treated as special; after a backslash it is not.
x='\[x]'; printf '<%s>' $x "\\"\[x] a$x; set -- "$x"; printf '<%s>' $1 $*; echo
x='\*.txt' y='\o*.txt'; printf '<%s>' $x $y; echo
#> <\[x]><\[x]><a\[x]><\[x]><\[x]>
#> <\*.txt><one.txt>
#> [0]
