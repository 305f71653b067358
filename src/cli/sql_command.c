/* `weir sql [--server URL | --data DIR] [-e SQL | -f FILE] [--output tabular|json|csv]` */
#include "cli/sql_command.h"

#include "base/memory.h"
#include "cli/client.h"
#include "server/server.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct sql_options {
	const char *server, *data, *execute, *file, *output;
	bool echo;
};

static int usage(void)
{
	fprintf(stderr, "usage: weir sql [--server URL | --data DIR] [-e SQL | -f FILE] [--echo] [--output tabular|json|csv]\n"
			"  --echo shows each statement before its result\n"
			"  default: --server http://localhost:8088; --data runs an engine inside this process\n");
	return 2;
}

static bool parse(struct sql_options *options, int argc, char **argv)
{
	for (int i = 1; i < argc; i += 2) {
		if (strcmp(argv[i], "--echo") == 0) {
			options->echo = true;
			i--;
			continue;
		}
		if (i + 1 >= argc)
			return false;
		if (strcmp(argv[i], "--server") == 0)
			options->server = argv[i + 1];
		else if (strcmp(argv[i], "--data") == 0)
			options->data = argv[i + 1];
		else if (strcmp(argv[i], "-e") == 0)
			options->execute = argv[i + 1];
		else if (strcmp(argv[i], "-f") == 0)
			options->file = argv[i + 1];
		else if (strcmp(argv[i], "--output") == 0)
			options->output = argv[i + 1];
		else
			return false;
	}
	return !(options->server && options->data);
}

static bool set_output(struct weir_sql_client *client, const char *name)
{
	static const char *const names[] = { "tabular", "json", "csv" };

	for (int i = 0; name && i < 3; i++)
		if (strcasecmp(name, names[i]) == 0) {
			client->output = (enum weir_output)i;
			return true;
		}
	return !name;
}

static void measure_terminal(struct weir_sql_client *client)
{
	struct winsize size;

	client->use_color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		client->width = size.ws_col;
}

/* A server of this process's own, on a port that nobody else knows. */
static bool open_engine(const char *folder, struct weir_settings *settings, struct weir_server **ret, struct weir_err *err)
{
	struct weir_server_options options = { .settings = settings };

	return weir_settings_set(settings, WEIR_SLICE("weir.data.dir"), weir_slice_of(folder), true, err) &&
	       weir_settings_set(settings, WEIR_SLICE("listeners"), WEIR_SLICE("127.0.0.1:0"), true, err) &&
	       weir_settings_set(settings, WEIR_SLICE("weir.registry.listener"), WEIR_SLICE("off"), true, err) &&
	       weir_server_open(&options, ret, err);
}

static char *read_file(const char *path)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	struct weir_buf text;
	char part[65536];
	size_t len;

	if (!file)
		return NULL;
	weir_buf_init(&text, WEIR_BUF_NO_LIMIT);
	while ((len = fread(part, 1, sizeof part, file)) > 0)
		weir_buf_append(&text, part, len);
	if (file != stdin)
		fclose(file);
	char *copy = weir_strdup(weir_buf_cstr(&text));
	weir_buf_fini(&text);
	return copy;
}

static int run(struct weir_sql_client *client, const struct sql_options *options)
{
	if (options->execute)
		return weir_client_run(client, weir_slice_of(options->execute)) ? 0 : 1;
	if (options->file || !isatty(STDIN_FILENO)) {
		char *text = read_file(options->file ? options->file : "-");
		if (!text) {
			fprintf(stderr, "weir sql: cannot read %s: %s\n", options->file, strerror(errno));
			return 1;
		}
		bool ok = weir_client_run(client, weir_slice_of(text));
		free(text);
		return ok ? 0 : 1;
	}
	client->is_interactive = true;
	printf("weir %s, server at %s. Type help; for help, Ctrl-D to leave.\n", WEIR_VERSION, client->url);
	return weir_client_interact(client);
}

static void free_map(struct weir_map *map)
{
	for (struct weir_map_entry *e = NULL; (e = weir_map_next(map, e));)
		free(e->value);
	weir_map_fini(map);
}

int weir_sql_command(int argc, char **argv)
{
	struct sql_options options = { 0 };
	struct weir_sql_client client = { 0 };
	struct weir_http_client_config config = { .timeout_ms = -1 };
	struct weir_settings settings;
	struct weir_server *server = NULL;
	struct weir_err err = { 0 };
	int status = 1;

	if (!parse(&options, argc, argv) || !set_output(&client, options.output))
		return usage();
	weir_settings_init(&settings, NULL);
	weir_map_init(&client.properties);
	weir_map_init(&client.variables);
	client.echoes = options.echo;
	measure_terminal(&client);
	bool ok = !options.data || open_engine(options.data, &settings, &server, &err);
	if (ok && server)
		snprintf(client.url, sizeof client.url, "http://127.0.0.1:%d", weir_server_port(server));
	else
		snprintf(client.url, sizeof client.url, "%s", options.server ? options.server : "http://localhost:8088");
	if (ok && weir_http_client_new(&config, &client.http, &err))
		status = run(&client, &options);
	else
		fprintf(stderr, "weir sql: %s\n%s%s%s", err.text, err.advice[0] ? "  " : "", err.advice, err.advice[0] ? "\n" : "");
	weir_http_client_free(client.http);
	weir_server_close(server);
	weir_settings_fini(&settings);
	free_map(&client.properties);
	free_map(&client.variables);
	return status;
}
