# Clean up, whatever ends this script.
file=$(mktemp)
trap 'rm -f "$file"; echo "removed the temporary file"' EXIT
trap 'echo "asked to end"; exit 143' TERM

echo "working"
kill -s TERM $$
echo "never reached"
