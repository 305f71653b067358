/* The prompt: line editing and history by libedit, statements over several lines, completion, the client's own commands.
 *
 * Holds: Ctrl-C ends what streams or drops what was typed, never the program; Ctrl-D at an empty prompt ends it. */
#include "cli/client.h"
#include "cli/complete.h"
#include "cli/width.h"
#include "sql/parser.h"

#include <errno.h>
#include <histedit.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_CANDIDATES 200

struct prompt {
	struct weir_sql_client *client;
	struct weir_completer *completer;
	EditLine *editor;
	History *past;
	struct weir_buf statement; /* the lines typed so far */
	char history_path[512];
};

/* The one thing that a signal handler can reach. */
static struct weir_sql_client *interrupted_client;

static void on_interrupt(int signal)
{
	if (interrupted_client->is_streaming)
		weir_http_client_cancel(interrupted_client->http);
}

static struct prompt *prompt_of(EditLine *editor)
{
	struct prompt *prompt = NULL;

	el_get(editor, EL_CLIENTDATA, &prompt);
	return prompt;
}

/* Zero-width escapes stand between ESCAPE marks (EL_PROMPT_ESC). */
static char *prompt_text(EditLine *editor)
{
	static char first[] = "\1\033[1;36m\1weir>\1\033[0m\1 ", first_plain[] = "weir> ", next[] = "   -> ";
	const struct prompt *prompt = prompt_of(editor);

	if (prompt && prompt->statement.len)
		return next;
	return prompt && prompt->client->use_color ? first : first_plain;
}

/* Nothing open: quotes closed, and the last statement ends with its semicolon. */
static bool is_complete(struct weir_slice text)
{
	int line = 1, column = 1, piece_line, piece_column;
	struct weir_slice piece;
	struct weir_err ignored;
	bool found = true, ends = true;

	while (found) {
		if (!weir_sql_next_statement(&text, &line, &column, &piece, &piece_line, &piece_column, &found, &ignored))
			return false;
		if (found)
			ends = piece.ptr[piece.len - 1] == ';';
	}
	return ends;
}

/* ---- Tab ---- */

static size_t common_length(const struct weir_slice *found, size_t count)
{
	size_t len = found[0].len;

	for (size_t i = 1; i < count; i++) {
		size_t same = 0;
		while (same < len && same < found[i].len && found[i].ptr[same] == found[0].ptr[same])
			same++;
		len = same;
	}
	return len;
}

static void list_candidates(const struct weir_slice *found, size_t count, size_t width)
{
	size_t widest = 0;

	for (size_t i = 0; i < count; i++)
		widest = weir_width_of(found[i]) > widest ? weir_width_of(found[i]) : widest;
	size_t columns = (width ? width : 80) / (widest + 2);
	columns = columns ? columns : 1;
	for (size_t i = 0; i < count; i++)
		printf("%s%.*s%*s", i % columns == 0 ? "\n" : "", WEIR_SLICE_ARG(found[i]),
			(int)(widest + 2 - weir_width_of(found[i])), "");
	printf("\n");
	fflush(stdout);
}

static struct weir_slice word_before_cursor(const LineInfo *line)
{
	const char *start = line->cursor;

	while (start > line->buffer && !strchr(" \t\n'`\"(),;=<>", start[-1]))
		start--;
	return weir_slice_make(start, (size_t)(line->cursor - start));
}

static unsigned char complete_word(EditLine *editor, int c)
{
	struct prompt *prompt = prompt_of(editor);
	struct weir_slice word = word_before_cursor(el_line(editor));
	const struct weir_slice *found;
	char text[256];

	if (!word.len)
		return CC_ERROR;
	size_t count = weir_completer_find(prompt->completer, word, &found, MAX_CANDIDATES);
	if (!count)
		return CC_ERROR;
	size_t len = common_length(found, count);
	if (len > word.len || count == 1) {
		snprintf(text, sizeof text, "%.*s%s", (int)len, found[0].ptr, count == 1 ? " " : "");
		el_deletestr(editor, (int)word.len);
		el_insertstr(editor, text);
		return CC_REFRESH;
	}
	list_candidates(found, count, prompt->client->width);
	return CC_REDISPLAY;
}

/* ---- The client's own commands ---- */

static void print_help(void)
{
	printf("Statements end with a semicolon and may take several lines.\n"
	       "  SHOW STREAMS; SHOW TABLES; SHOW QUERIES; SHOW TOPICS; SHOW FUNCTIONS;\n"
	       "  DESCRIBE name [EXTENDED];  EXPLAIN query-id-or-statement;\n"
	       "  SELECT … [EMIT CHANGES] [LIMIT n];       Ctrl-C ends a query that streams\n"
	       "  SET 'auto.offset.reset'='earliest';      queries from now on read topics from their beginning\n"
	       "Commands of this client: help, history, output [tabular|json|csv], clear, version, exit.\n"
	       "Tab completes words and names, the arrows and Ctrl-R recall history, Ctrl-C drops a line, Ctrl-D leaves.\n");
}

static void print_history(const struct prompt *prompt)
{
	HistEvent event;
	int number = 1;

	for (int more = history(prompt->past, &event, H_LAST); more != -1; more = history(prompt->past, &event, H_PREV))
		printf("%4d: %.*s\n", number++, (int)strcspn(event.str, "\n"), event.str);
}

static void set_output(struct weir_sql_client *client, struct weir_slice name)
{
	static const char *const names[] = { "tabular", "json", "csv" };

	for (int i = 0; i < 3; i++)
		if (weir_slice_equals_nocase(name, weir_slice_of(names[i])))
			client->output = (enum weir_output)i;
	printf("Output format: %s\n", names[client->output]);
}

/* help, exit …: without a semicolon. false: not one of them. */
static bool run_command(struct prompt *prompt, struct weir_slice line, bool *ret_leave)
{
	struct weir_slice word = line, rest = { 0 };
	const char *blank = line.len ? memchr(line.ptr, ' ', line.len) : NULL;

	if (blank) {
		word = weir_slice_make(line.ptr, (size_t)(blank - line.ptr));
		rest = weir_slice_trim(weir_slice_make(blank, line.len - word.len));
	}
	if (weir_slice_equals_nocase(word, WEIR_SLICE("output")))
		set_output(prompt->client, rest);
	else if (rest.len)
		return false;
	else if (weir_slice_equals_nocase(word, WEIR_SLICE("exit")) || weir_slice_equals_nocase(word, WEIR_SLICE("quit")))
		*ret_leave = true;
	else if (weir_slice_equals_nocase(word, WEIR_SLICE("help")))
		print_help();
	else if (weir_slice_equals_nocase(word, WEIR_SLICE("history")))
		print_history(prompt);
	else if (weir_slice_equals_nocase(word, WEIR_SLICE("version")))
		printf("weir %s\n", WEIR_VERSION);
	else if (weir_slice_equals_nocase(word, WEIR_SLICE("clear")))
		printf("\033[H\033[2J");
	else
		return false;
	return true;
}

/* ---- Reading ---- */

/* A statement goes into the history as one entry, its lines joined. */
static void remember(struct prompt *prompt)
{
	HistEvent event;
	struct weir_slice text = weir_slice_trim(weir_buf_slice(&prompt->statement));
	char *entry = malloc(text.len + 1);

	if (!entry)
		return;
	for (size_t i = 0; i < text.len; i++)
		entry[i] = text.ptr[i] == '\n' ? ' ' : text.ptr[i];
	entry[text.len] = '\0';
	history(prompt->past, &event, H_ENTER, entry);
	history(prompt->past, &event, H_SAVE, prompt->history_path);
	free(entry);
}

/* false: the user wants to leave. */
static bool take_line(struct prompt *prompt, const char *line)
{
	struct weir_buf *statement = &prompt->statement;
	bool leave = false, is_first = statement->len == 0;

	weir_buf_append_text(statement, line);
	struct weir_slice text = weir_slice_trim(weir_buf_slice(statement));
	if (!text.len) {
		weir_buf_reset(statement);
		return true;
	}
	struct weir_slice bare = text.ptr[text.len - 1] == ';' ? weir_slice_make(text.ptr, text.len - 1) : text;
	bool is_command = is_first && run_command(prompt, bare, &leave);
	if (!is_command && !is_complete(text))
		return true;
	remember(prompt);
	if (!is_command) {
		weir_client_run(prompt->client, weir_buf_slice(statement));
		weir_completer_forget(prompt->completer);
	}
	weir_buf_reset(statement);
	return !leave;
}

static void read_lines(struct prompt *prompt)
{
	int count;

	for (;;) {
		errno = 0;
		const char *line = el_gets(prompt->editor, &count);
		if (!line && errno == EINTR) { /* Ctrl-C */
			weir_buf_reset(&prompt->statement);
			printf("\n");
			el_reset(prompt->editor);
		} else if (!line || count <= 0 || !take_line(prompt, line)) {
			return;
		}
	}
}

/* The text that users type and read is UTF-8, also where nobody set a locale. */
static void use_utf8(void)
{
	setlocale(LC_CTYPE, "");
	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		setlocale(LC_CTYPE, "C.UTF-8");
}

static void open_editor(struct prompt *prompt)
{
	const char *home = getenv("HOME");
	HistEvent event;

	prompt->editor = el_init("weir", stdin, stdout, stderr);
	prompt->past = history_init();
	snprintf(prompt->history_path, sizeof prompt->history_path, "%s/.weir_history", home ? home : ".");
	history(prompt->past, &event, H_SETSIZE, 1000);
	history(prompt->past, &event, H_SETUNIQUE, 1);
	history(prompt->past, &event, H_LOAD, prompt->history_path);
	el_set(prompt->editor, EL_CLIENTDATA, prompt);
	el_set(prompt->editor, EL_PROMPT_ESC, prompt_text, '\1');
	el_set(prompt->editor, EL_EDITOR, "emacs");
	el_set(prompt->editor, EL_SIGNAL, 1);
	el_set(prompt->editor, EL_HIST, history, prompt->past);
	el_set(prompt->editor, EL_ADDFN, "complete", "complete a word", complete_word);
	el_set(prompt->editor, EL_BIND, "^I", "complete", NULL);
	el_set(prompt->editor, EL_BIND, "^R", "em-inc-search-prev", NULL);
}

int weir_client_interact(struct weir_sql_client *client)
{
	struct prompt prompt = { .client = client };
	struct sigaction action = { .sa_handler = on_interrupt };

	use_utf8();
	prompt.completer = weir_completer_new(client);
	weir_buf_init(&prompt.statement, WEIR_BUF_NO_LIMIT);
	open_editor(&prompt);
	interrupted_client = client;
	sigaction(SIGINT, &action, NULL);
	read_lines(&prompt);
	printf("Exiting weir.\n");
	weir_buf_fini(&prompt.statement);
	weir_completer_free(prompt.completer);
	history_end(prompt.past);
	el_end(prompt.editor);
	return 0;
}
