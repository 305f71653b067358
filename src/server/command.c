/* `weir server [-c FILE] [--data DIR] [--listen HOST:PORT] [--registry-listen HOST:PORT|off] [--set KEY=VALUE]…` */
#include "server/server.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BROKER_PAUSE_S 2 /* between attempts while no broker answers at the start */

static int usage(void)
{
	fprintf(stderr, "usage: weir server [-c FILE] [--data DIR] [--listen HOST:PORT] [--registry-listen HOST:PORT|off] [--set "
			"KEY=VALUE]…\n");
	return 2;
}

static bool set(struct weir_settings *settings, const char *name, const char *value, struct weir_err *err)
{
	return weir_settings_set(settings, weir_slice_of(name), weir_slice_of(value), true, err);
}

static bool set_pair(struct weir_settings *settings, const char *pair, struct weir_err *err)
{
	const char *equals = strchr(pair, '=');

	if (!equals)
		return weir_err_set(err, WEIR_E_USAGE, "--set takes KEY=VALUE, not '%s'", pair);
	return weir_settings_set(settings, weir_slice_make(pair, (size_t)(equals - pair)), weir_slice_of(equals + 1), true, err);
}

static bool apply_option(struct weir_settings *settings, const char *option, const char *value, struct weir_err *err)
{
	if (strcmp(option, "-c") == 0)
		return weir_settings_load_file(settings, value, err);
	if (strcmp(option, "--data") == 0)
		return set(settings, "weir.data.dir", value, err);
	if (strcmp(option, "--listen") == 0)
		return set(settings, "listeners", value, err);
	if (strcmp(option, "--registry-listen") == 0)
		return set(settings, "weir.registry.listener", value, err);
	if (strcmp(option, "--set") == 0)
		return set_pair(settings, value, err);
	return weir_err_set(err, WEIR_E_USAGE, "There is no option '%s'", option);
}

static enum weir_log_level level_of(const struct weir_settings *settings)
{
	static const char *const names[] = { "debug", "info", "warn", "error" };
	const char *level = weir_settings_text(settings, "weir.log.level");

	for (int i = 0; i < 4; i++)
		if (strcmp(level, names[i]) == 0)
			return (enum weir_log_level)i;
	return WEIR_LOG_INFO;
}

/* Whether the process is asked to end; seconds < 0: waits until it is. */
static bool wait_for_signal(int seconds)
{
	struct timespec pause = { .tv_sec = seconds };
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	return (seconds < 0 ? sigwaitinfo(&signals, NULL) : sigtimedwait(&signals, NULL, &pause)) > 0;
}

static int fail(const struct weir_err *err)
{
	fprintf(stderr, "weir server: %s\n", err->text);
	if (err->advice[0])
		fprintf(stderr, "  %s\n", err->advice);
	return 1;
}

static int run(struct weir_settings *settings)
{
	struct weir_logger logger = {
		.level = level_of(settings),
		.json = strcmp(weir_settings_text(settings, "weir.log.format"), "json") == 0,
		.fd = STDERR_FILENO,
	};
	struct weir_server_options options = { .settings = settings, .logger = &logger };
	struct weir_server *server;
	struct weir_err err = { 0 };
	sigset_t signals;

	/* Blocked in every thread that follows, taken by sigwait(). */
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	while (!weir_server_open(&options, &server, &err)) {
		bool passes =
			weir_settings_text(settings, "bootstrap.servers") && weir_err_code_class(err.code) == WEIR_CLASS_RETRY;
		if (!passes)
			return fail(&err);
		weir_log_err(&logger, WEIR_LOG_WARN, "server", &err);
		if (wait_for_signal(BROKER_PAUSE_S))
			return 0;
	}
	weir_log(&logger, WEIR_LOG_INFO, "server", "weir %s listens on port %d, its Schema Registry on port %d", WEIR_VERSION,
		weir_server_port(server), weir_server_registry_port(server));
	while (!wait_for_signal(-1)) {
	}
	weir_log(&logger, WEIR_LOG_INFO, "server", "stopping");
	weir_server_close(server);
	return 0;
}

int weir_server_command(int argc, char **argv)
{
	struct weir_settings settings;
	struct weir_err err = { 0 };

	weir_settings_init(&settings, NULL);
	for (int i = 1; i < argc; i += 2) {
		if (i + 1 >= argc)
			return usage();
		if (!apply_option(&settings, argv[i], argv[i + 1], &err)) {
			fail(&err);
			return err.code == WEIR_E_USAGE ? usage() : 1;
		}
	}
	int status = run(&settings);
	weir_settings_fini(&settings);
	return status;
}
