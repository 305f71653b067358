/* `weir test`. */
#pragma once

/* Runs the command line behind `weir test`; returns the exit status: 0 all passed, 1 some failed, 2 wrong usage. */
int weir_test_command(int argc, char **argv);
