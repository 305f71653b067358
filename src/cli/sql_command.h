/* `weir sql`: the terminal client. It speaks the HTTP API only. */
#pragma once

int weir_sql_command(int argc, char **argv);
