#> 1 0 0
#> 1
#> 0
#> [0]
false; eval 'a=$?'; false; eval ''; b=$?; false; eval ' # nothing'; echo $a $b $?
echo 'echo $?' >told; false; . ./told
: >told; false; . ./told; echo $?
