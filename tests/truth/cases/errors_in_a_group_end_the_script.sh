#> ended
#> on
#> [0]
({ . ./no-such-file; }; echo on) 2>/dev/null || echo ended
({ echo never; } <no-such-file; echo on) 2>/dev/null
