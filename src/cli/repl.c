/* The prompt: line editing and history by libedit, statements over several lines, completion of the language's words. */
#include "cli/client.h"

#include <histedit.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct weir_sql_client *streaming_client;
static bool is_continuation;

static char *prompt(EditLine *el)
{
	static char first[] = "weir> ", next[] = "   -> ";

	return is_continuation ? next : first;
}

/* Ctrl-C ends what streams, else the line. */
static void on_interrupt(int signal)
{
	if (streaming_client && streaming_client->is_streaming)
		weir_http_client_cancel(streaming_client->http);
}

/* Does the text hold a complete statement: a `;` outside of quotes and comments at its end? */
static bool is_complete(struct weir_slice text)
{
	char quote = '\0';
	bool complete = false;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		if (quote) {
			quote = c == quote ? '\0' : quote;
		} else if (c == '\'' || c == '"' || c == '`') {
			quote = c;
			complete = false;
		} else if (c == '-' && i + 1 < text.len && text.ptr[i + 1] == '-') {
			while (i < text.len && text.ptr[i] != '\n')
				i++;
		} else if (c == ';') {
			complete = true;
		} else if (c != ' ' && c != '\n' && c != '\t' && c != '\r') {
			complete = false;
		}
	}
	return complete;
}

static const char *const words[] = { "SELECT", "FROM", "WHERE", "CREATE", "STREAM", "TABLE", "STREAMS", "TABLES", "TOPICS",
	"QUERIES", "FUNCTIONS", "PROPERTIES", "SHOW", "DESCRIBE", "EXTENDED", "EXPLAIN", "DROP", "INSERT", "INTO", "VALUES", "EMIT",
	"CHANGES", "LIMIT", "GROUP", "PARTITION", "HAVING", "LEFT", "JOIN", "WITH", "kafka_topic", "value_format", "key_format",
	"partitions", "TERMINATE", "PAUSE", "RESUME", "PRINT", "BEGINNING", "DEFINE", "UNDEFINE", "UNSET", "auto.offset.reset",
	"earliest", "latest", "help", "exit" };

static unsigned char complete_word(EditLine *el, int c)
{
	const LineInfo *line = el_line(el);
	const char *start = line->cursor;
	const char *found = NULL;

	while (start > line->buffer && start[-1] != ' ' && start[-1] != '\'' && start[-1] != '(')
		start--;
	size_t len = (size_t)(line->cursor - start);
	for (size_t i = 0; len && i < sizeof words / sizeof *words; i++) {
		if (strncasecmp(words[i], start, len) != 0)
			continue;
		if (found)
			return CC_ERROR; /* not unique */
		found = words[i];
	}
	if (!found)
		return CC_ERROR;
	el_deletestr(el, (int)len);
	el_insertstr(el, found);
	el_insertstr(el, " ");
	return CC_REFRESH;
}

static void print_help(void)
{
	printf("Statements end with a semicolon and may take several lines.\n"
	       "  SHOW STREAMS; SHOW TABLES; SHOW QUERIES; SHOW TOPICS; SHOW FUNCTIONS;\n"
	       "  DESCRIBE name [EXTENDED];  EXPLAIN query-id-or-statement;\n"
	       "  SELECT … EMIT CHANGES [LIMIT n];   (Ctrl-C stops it)\n"
	       "  SET 'auto.offset.reset'='earliest';\n"
	       "Tab completes words, the arrows recall history, Ctrl-D leaves.\n");
}

static bool run_line(struct weir_sql_client *client, struct weir_buf *statement, const char *line)
{
	struct weir_slice text = weir_slice_trim(weir_slice_of(line));
	struct weir_slice bare = text.len && text.ptr[text.len - 1] == ';' ? weir_slice_make(text.ptr, text.len - 1) : text;

	if (statement->len == 0 &&
		(weir_slice_equals_nocase(bare, WEIR_SLICE("exit")) || weir_slice_equals_nocase(bare, WEIR_SLICE("quit"))))
		return false;
	if (statement->len == 0 && weir_slice_equals_nocase(bare, WEIR_SLICE("help"))) {
		print_help();
		return true;
	}
	weir_buf_append_text(statement, line);
	if (weir_slice_trim(weir_buf_slice(statement)).len == 0) {
		weir_buf_reset(statement);
		return true;
	}
	if (!is_complete(weir_buf_slice(statement)))
		return true;
	weir_client_run(client, weir_buf_slice(statement));
	weir_buf_reset(statement);
	return true;
}

int weir_client_interact(struct weir_sql_client *client)
{
	struct weir_buf statement;
	EditLine *el = el_init("weir", stdin, stdout, stderr);
	History *past = history_init();
	HistEvent event;
	char path[512];
	const char *line;
	int count;

	snprintf(path, sizeof path, "%s/.weir_history", getenv("HOME") ? getenv("HOME") : ".");
	history(past, &event, H_SETSIZE, 1000);
	history(past, &event, H_SETUNIQUE, 1);
	history(past, &event, H_LOAD, path);
	el_set(el, EL_PROMPT, prompt);
	el_set(el, EL_EDITOR, "emacs");
	el_set(el, EL_SIGNAL, 1);
	el_set(el, EL_HIST, history, past);
	el_set(el, EL_ADDFN, "complete", "complete a word", complete_word);
	el_set(el, EL_BIND, "^I", "complete", NULL);
	streaming_client = client;
	struct sigaction action = { .sa_handler = on_interrupt };
	sigaction(SIGINT, &action, NULL);
	weir_buf_init(&statement, WEIR_BUF_NO_LIMIT);
	while ((line = el_gets(el, &count)) && count > 0) {
		history(past, &event, H_ENTER, line);
		if (!run_line(client, &statement, line))
			break;
		is_continuation = statement.len > 0;
	}
	printf("Exiting weir.\n");
	history(past, &event, H_SAVE, path);
	weir_buf_fini(&statement);
	history_end(past);
	el_end(el);
	return 0;
}
