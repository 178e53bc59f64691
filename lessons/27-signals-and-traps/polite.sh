# Clean up when this script exits, and exit when it is asked to end.
file=$(mktemp)
trap 'rm -f "$file"; echo "removed the temporary file"' EXIT
trap 'echo "asked to end"; exit 143' TERM

echo "working"
kill -s TERM $$
echo "never reached"
