/* The program's own log: one line an event, to standard error, as text or JSON.
 *
 * Holds: only boundaries log (a request's end, a query's failure, start and stop); libraries return errors instead.
 * A sink is passed where it is needed; NULL is a sink that drops everything. Thread: any (one write() a line).
 */
#pragma once

#include "base/err.h"

enum weir_log_level { WEIR_LOG_DEBUG, WEIR_LOG_INFO, WEIR_LOG_WARN, WEIR_LOG_ERROR };

struct weir_logger {
	enum weir_log_level level; /* lower ones are dropped */
	bool json;
	int fd;
};

void weir_log(const struct weir_logger *logger, enum weir_log_level level, const char *component, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
/* Logs an error value with its code and advice. */
void weir_log_err(const struct weir_logger *logger, enum weir_log_level level, const char *component, const struct weir_err *err);
