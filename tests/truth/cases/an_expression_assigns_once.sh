#> -1
#> -2
#> -3
#> [0]
i=0; for x in a b c; do echo $((i -= 1)); done
