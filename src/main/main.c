/* The program: hands the command line to its sub-command. */
#include "cli/sql_command.h"
#include "cli/topic_command.h"
#include "server/server.h"
#include "testing/command.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
};

static const struct command commands[] = {
	{ "server", weir_server_command, "run the engine with its HTTP API" },
	{ "sql", weir_sql_command, "the terminal client" },
	{ "topic", weir_topic_command, "list, create, fill and read topics" },
	{ "test", weir_test_command, "run test cases in virtual time" },
};

static int usage(FILE *out, int status)
{
	fprintf(out, "weir %s: streaming SQL on Kafka or on its own log\n\nusage: weir COMMAND …\n\n", WEIR_VERSION);
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		fprintf(out, "  %-8s %s\n", commands[i].name, commands[i].summary);
	return status;
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2)
		return usage(stderr, 2);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0)
		return usage(stdout, 0);
	if (strcmp(argv[1], "--version") == 0) {
		printf("weir %s\n", WEIR_VERSION);
		return 0;
	}
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	fprintf(stderr, "weir: there is no command '%s'\n\n", argv[1]);
	return usage(stderr, 2);
}
