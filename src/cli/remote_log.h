/* The log of a server, reached over its HTTP API: what `weir topic --server URL` works on. */
#pragma once

#include "log/log.h"

/* Of log.h's interface there are topics, watermarks, reading and writing; the rest is NULL. Errors: what the server answers. */
bool weir_remote_log_open(const char *url, struct weir_log **ret, struct weir_err *err);
