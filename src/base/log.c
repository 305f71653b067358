/* Formatting and writing of log lines. */
#include "base/log.h"

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const char *const level_names[] = { "DEBUG", "INFO", "WARN", "ERROR" };

static void append_time(struct weir_buf *line)
{
	struct timespec now;
	struct tm utc;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	char text[32];
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
	weir_buf_printf(line, "%s.%03ldZ", text, now.tv_nsec / 1000000);
}

static void append_json_text(struct weir_buf *line, const char *text)
{
	weir_buf_append_byte(line, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			weir_buf_printf(line, "\\%c", *text);
		else if ((unsigned char)*text < 0x20)
			weir_buf_printf(line, "\\u%04x", (unsigned char)*text);
		else
			weir_buf_append_byte(line, *text);
	}
	weir_buf_append_byte(line, '"');
}

static void write_line(const struct weir_logger *logger, enum weir_log_level level, const char *component, const char *text)
{
	struct weir_buf line;

	weir_buf_init(&line, WEIR_BUF_NO_LIMIT);
	if (logger->json) {
		weir_buf_append_text(&line, "{\"time\":\"");
		append_time(&line);
		weir_buf_printf(&line, "\",\"level\":\"%s\",\"component\":\"%s\",\"message\":", level_names[level], component);
		append_json_text(&line, text);
		weir_buf_append_text(&line, "}\n");
	} else {
		append_time(&line);
		weir_buf_printf(&line, " %-5s %-10s %s\n", level_names[level], component, text);
	}
	ssize_t written = write(logger->fd, line.data, line.len);
	(void)written; /* nowhere to report it */
	weir_buf_fini(&line);
}

void weir_log(const struct weir_logger *logger, enum weir_log_level level, const char *component, const char *format, ...)
{
	if (!logger || level < logger->level)
		return;
	va_list args;
	va_start(args, format);
	char head[4096];
	vsnprintf(head, sizeof head, format, args);
	va_end(args);
	write_line(logger, level, component, head);
}

void weir_log_err(const struct weir_logger *logger, enum weir_log_level level, const char *component, const struct weir_err *err)
{
	weir_log(logger, level, component, "%s: %s%s%s", weir_err_code_name(err->code), err->text, err->advice[0] ? " — " : "",
		err->advice);
}
