# bash: $? is that of the substitution there
#> 1 2 0
#> 1
#> [0]
false; echo $(true) $? >out; read a <out; x=$(exit 2); b=$?; y=$(exit 3) c=$?; echo $a $b 0
false; case $(exit 3) in *) echo $? ;; esac
