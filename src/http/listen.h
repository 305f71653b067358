/* Listening sockets. Internal to http/. */
#pragma once

#include "base/err.h"

/* Binds and listens, non-blocking; *ret_port is the real one. Errors: IO, with the address in the text. */
bool weir_http_listen(const char *host, uint16_t port, int *ret_fd, uint16_t *ret_port, struct weir_err *err);
