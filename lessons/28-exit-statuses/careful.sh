# With set -e a failing command ends the script, unless somebody looks at it.
set -e
false || echo "looked at: goes on"
if false; then :; fi
echo "so far so good"
false
echo "never reached"
