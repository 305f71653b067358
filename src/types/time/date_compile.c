/* Pattern text → ops.
 *
 * Holds: numbers that stand side by side share their digits as Java has it: the first of a run knows how many digits the fixed ones
 * behind it need (`following`), a run ends at anything else than a number.
 */
#include "base/vec.h"
#include "types/time/date_pattern_int.h"

#include <stdio.h>

#define MAX_PATTERN_BYTES 4096
#define MAX_NESTING       32

struct compiler {
	struct weir_arena *arena;
	struct weir_slice text;
	size_t at;
	WEIR_VEC(struct weir_date_op) ops;
	size_t open[MAX_NESTING]; /* indexes of the OPTIONAL ops around the place */
	int open_count;
	int run; /* index of the number that begins the current run, or -1 */
	int pad_width;
	struct weir_err *err;
};

static bool bad(struct compiler *compiler, const char *what)
{
	struct weir_slice text = compiler->text;

	return weir_err_set(compiler->err, WEIR_E_EVALUATE, "The pattern '%.*s' is wrong: %s",
		(int)(text.len > 200 ? 200 : text.len), text.ptr, what);
}

static bool bad_letter(struct compiler *compiler, char letter, int count)
{
	char what[80];

	snprintf(what, sizeof what, "%d times %c means nothing", count, letter);
	return bad(compiler, what);
}

static void add(struct compiler *compiler, struct weir_date_op op)
{
	op.pad_width = compiler->pad_width;
	compiler->pad_width = 0;
	compiler->run = -1;
	WEIR_VEC_PUSH_IN(compiler->arena, &compiler->ops, op);
}

static void add_literal(struct compiler *compiler, struct weir_slice text)
{
	add(compiler, (struct weir_date_op){ .kind = WEIR_DATE_LITERAL, .text = text });
}

/* A number: see the head of this file. */
static void add_value(struct compiler *compiler, struct weir_date_op op)
{
	int run = compiler->run;
	bool is_fixed = op.min_width == op.max_width && op.sign == WEIR_SIGN_NONE;

	add(compiler, op);
	compiler->run = (int)compiler->ops.count - 1;
	if (run < 0 || !is_fixed)
		return;
	compiler->ops.items[run].following += op.max_width;
	compiler->run = run;
}

static void add_number(struct compiler *compiler, enum weir_date_field field, int min, int max, enum weir_date_sign sign)
{
	add_value(compiler, (struct weir_date_op){
				    .kind = WEIR_DATE_NUMBER, .field = field, .min_width = min, .max_width = max, .sign = sign });
}

static void add_two_digit_year(struct compiler *compiler, enum weir_date_field field)
{
	add_value(compiler,
		(struct weir_date_op){
			.kind = WEIR_DATE_TWO_DIGIT_YEAR, .field = field, .min_width = 2, .max_width = 2, .sign = WEIR_SIGN_NONE });
}

/* One letter: as many digits as there are; more: exactly so many. */
static void add_plain(struct compiler *compiler, enum weir_date_field field, int count)
{
	if (count == 1)
		add_number(compiler, field, 1, 19, WEIR_SIGN_NORMAL);
	else
		add_number(compiler, field, count, count, WEIR_SIGN_NONE);
}

static bool add_text(struct compiler *compiler, enum weir_date_field field, char letter, int count)
{
	if (count > 5)
		return bad_letter(compiler, letter, count);
	add(compiler, (struct weir_date_op){ .kind = WEIR_DATE_TEXT,
			      .field = field,
			      .style = count == 4   ? WEIR_TEXT_FULL
				       : count == 5 ? WEIR_TEXT_NARROW
						    : WEIR_TEXT_SHORT });
	return true;
}

static bool add_year(struct compiler *compiler, enum weir_date_field field, char letter, int count)
{
	if (count > 19)
		return bad_letter(compiler, letter, count);
	if (count == 2)
		add_two_digit_year(compiler, field);
	else
		add_number(compiler, field, count, 19, count < 4 ? WEIR_SIGN_NORMAL : WEIR_SIGN_EXCEEDS_PAD);
	return true;
}

static bool add_fixed(struct compiler *compiler, enum weir_date_field field, char letter, int count, int most)
{
	if (count > most)
		return bad_letter(compiler, letter, count);
	add_number(compiler, field, count, count, WEIR_SIGN_NONE);
	return true;
}

/* d H h K k m s: one or two. */
static bool add_short(struct compiler *compiler, enum weir_date_field field, char letter, int count)
{
	if (count > 2)
		return bad_letter(compiler, letter, count);
	add_plain(compiler, field, count);
	return true;
}

static bool add_long(struct compiler *compiler, enum weir_date_field field, enum weir_date_sign sign, char letter, int count)
{
	if (count > 19)
		return bad_letter(compiler, letter, count);
	add_number(compiler, field, count, 19, sign);
	return true;
}

static bool add_offset(struct compiler *compiler, char letter, int count)
{
	static const enum weir_offset_form by_count[] = { WEIR_OFFSET_HHmm, WEIR_OFFSET_HHmm, WEIR_OFFSET_HHMM, WEIR_OFFSET_HH_MM,
		WEIR_OFFSET_HHMMss, WEIR_OFFSET_HH_MM_ss };
	struct weir_date_op op = { .kind = WEIR_DATE_OFFSET, .field = WEIR_FIELD_OFFSET, .text = WEIR_SLICE("Z") };

	if (count > 5)
		return bad_letter(compiler, letter, count);
	op.offset_form = by_count[count];
	if (letter == 'x')
		op.text = count == 1 ? WEIR_SLICE("+00") : count % 2 == 0 ? WEIR_SLICE("+0000") : WEIR_SLICE("+00:00");
	if (letter == 'Z') {
		op.offset_form = count == 5 ? WEIR_OFFSET_HH_MM_ss : WEIR_OFFSET_HHMM;
		op.text = count == 5 ? WEIR_SLICE("Z") : WEIR_SLICE("+0000");
		if (count == 4)
			op = (struct weir_date_op){ .kind = WEIR_DATE_LOCALIZED_OFFSET, .style = WEIR_TEXT_FULL };
	}
	add(compiler, op);
	return true;
}

static bool add_zone(struct compiler *compiler, char letter, int count)
{
	struct weir_date_op op = { .kind = WEIR_DATE_ZONE_NAME, .style = count == 4 ? WEIR_TEXT_FULL : WEIR_TEXT_SHORT };

	if (letter == 'O')
		op.kind = WEIR_DATE_LOCALIZED_OFFSET;
	if (letter == 'V')
		op.kind = WEIR_DATE_ZONE_ID;
	op.is_generic = letter == 'v';
	if (letter == 'V' ? count != 2 : letter == 'z' ? count > 4 : count != 1 && count != 4)
		return bad_letter(compiler, letter, count);
	add(compiler, op);
	return true;
}

static bool add_day_period(struct compiler *compiler, int count)
{
	if (count != 1 && count != 4 && count != 5)
		return bad_letter(compiler, 'B', count);
	add(compiler,
		(struct weir_date_op){ .kind = WEIR_DATE_DAY_PERIOD, .style = count == 5 ? WEIR_TEXT_NARROW : WEIR_TEXT_SHORT });
	return true;
}

static bool add_letters(struct compiler *compiler, char letter, int count)
{
	switch (letter) {
	case 'G':
		return add_text(compiler, WEIR_FIELD_ERA, letter, count);
	case 'u':
		return add_year(compiler, WEIR_FIELD_YEAR, letter, count);
	case 'y':
		return add_year(compiler, WEIR_FIELD_YEAR_OF_ERA, letter, count);
	case 'Y':
		return add_year(compiler, WEIR_FIELD_WEEK_YEAR, letter, count);
	case 'M':
	case 'L':
		if (count > 2)
			return add_text(compiler, WEIR_FIELD_MONTH, letter, count);
		add_plain(compiler, WEIR_FIELD_MONTH, count);
		return true;
	case 'Q':
	case 'q':
		if (count > 2)
			return add_text(compiler, WEIR_FIELD_QUARTER, letter, count);
		add_plain(compiler, WEIR_FIELD_QUARTER, count);
		return true;
	case 'E':
		return add_text(compiler, WEIR_FIELD_DAY_OF_WEEK, letter, count);
	case 'e':
	case 'c':
		if (count > 2)
			return add_text(compiler, WEIR_FIELD_DAY_OF_WEEK, letter, count);
		return add_fixed(compiler, WEIR_FIELD_LOCAL_DAY_OF_WEEK, letter, count, letter == 'e' ? 2 : 1);
	case 'w':
		if (count > 2)
			return bad_letter(compiler, letter, count);
		add_number(compiler, WEIR_FIELD_WEEK_OF_WEEK_YEAR, count, 2, WEIR_SIGN_NONE);
		return true;
	case 'W':
		return add_fixed(compiler, WEIR_FIELD_WEEK_OF_MONTH, letter, count, 1);
	case 'D':
		if (count > 3)
			return bad_letter(compiler, letter, count);
		if (count == 1)
			add_plain(compiler, WEIR_FIELD_DAY_OF_YEAR, 1);
		else
			add_number(compiler, WEIR_FIELD_DAY_OF_YEAR, count, 3, WEIR_SIGN_NONE);
		return true;
	case 'd':
		return add_short(compiler, WEIR_FIELD_DAY_OF_MONTH, letter, count);
	case 'F':
		return count == 1 ? add_short(compiler, WEIR_FIELD_ALIGNED_DAY_OF_WEEK, letter, 1)
				  : bad_letter(compiler, letter, count);
	case 'g':
		return add_long(compiler, WEIR_FIELD_MODIFIED_JULIAN_DAY, WEIR_SIGN_NORMAL, letter, count);
	case 'a':
		return count == 1 ? add_text(compiler, WEIR_FIELD_AMPM, letter, 1) : bad_letter(compiler, letter, count);
	case 'B':
		return add_day_period(compiler, count);
	case 'H':
		return add_short(compiler, WEIR_FIELD_HOUR, letter, count);
	case 'k':
		return add_short(compiler, WEIR_FIELD_CLOCK_HOUR, letter, count);
	case 'K':
		return add_short(compiler, WEIR_FIELD_HOUR_OF_AMPM, letter, count);
	case 'h':
		return add_short(compiler, WEIR_FIELD_CLOCK_HOUR_OF_AMPM, letter, count);
	case 'm':
		return add_short(compiler, WEIR_FIELD_MINUTE, letter, count);
	case 's':
		return add_short(compiler, WEIR_FIELD_SECOND, letter, count);
	case 'S':
		if (count > 9)
			return bad_letter(compiler, letter, count);
		add_value(compiler, (struct weir_date_op){ .kind = WEIR_DATE_FRACTION,
					    .field = WEIR_FIELD_NANO,
					    .min_width = count,
					    .max_width = count,
					    .sign = WEIR_SIGN_NONE });
		return true;
	case 'A':
		return add_long(compiler, WEIR_FIELD_MILLI_OF_DAY, WEIR_SIGN_NONE, letter, count);
	case 'n':
		return add_long(compiler, WEIR_FIELD_NANO, WEIR_SIGN_NONE, letter, count);
	case 'N':
		return add_long(compiler, WEIR_FIELD_NANO_OF_DAY, WEIR_SIGN_NONE, letter, count);
	case 'X':
	case 'x':
	case 'Z':
		return add_offset(compiler, letter, count);
	case 'V':
	case 'v':
	case 'z':
	case 'O':
		return add_zone(compiler, letter, count);
	default:
		return bad_letter(compiler, letter, count);
	}
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static int take_run(struct compiler *compiler)
{
	char letter = compiler->text.ptr[compiler->at];
	int count = 0;

	while (compiler->at < compiler->text.len && compiler->text.ptr[compiler->at] == letter) {
		compiler->at++;
		count++;
	}
	return count;
}

static bool compile_letters(struct compiler *compiler)
{
	char letter = compiler->text.ptr[compiler->at];
	int count = take_run(compiler);

	if (letter == 'p') {
		compiler->pad_width = count;
		if (compiler->at == compiler->text.len || !is_letter(compiler->text.ptr[compiler->at]))
			return bad(compiler, "p must stand before another letter");
		letter = compiler->text.ptr[compiler->at];
		count = take_run(compiler);
	}
	return add_letters(compiler, letter, count);
}

/* 'text', with '' for a quote inside; '' alone is a quote. */
static bool compile_quoted(struct compiler *compiler)
{
	size_t start = ++compiler->at, len = 0;
	char *text = weir_arena_alloc(compiler->arena, compiler->text.len - start + 1);

	for (; compiler->at < compiler->text.len; compiler->at++) {
		char c = compiler->text.ptr[compiler->at];
		if (c == '\'') {
			bool is_doubled = compiler->at + 1 < compiler->text.len && compiler->text.ptr[compiler->at + 1] == '\'';
			if (!is_doubled)
				break;
			compiler->at++;
		}
		text[len++] = c;
	}
	if (compiler->at == compiler->text.len)
		return bad(compiler, "a quote is not closed");
	if (compiler->at++ == start)
		text[len++] = '\'';
	add_literal(compiler, weir_slice_make(text, len));
	return true;
}

static bool open_optional(struct compiler *compiler)
{
	compiler->at++;
	if (compiler->open_count == MAX_NESTING)
		return bad(compiler, "too many [ inside each other");
	compiler->open[compiler->open_count++] = compiler->ops.count;
	add(compiler, (struct weir_date_op){ .kind = WEIR_DATE_OPTIONAL });
	return true;
}

static bool close_optional(struct compiler *compiler)
{
	compiler->at++;
	if (!compiler->open_count)
		return bad(compiler, "] without [");
	compiler->ops.items[compiler->open[--compiler->open_count]].end = compiler->ops.count;
	compiler->run = -1;
	return true;
}

static bool compile_step(struct compiler *compiler)
{
	char c = compiler->text.ptr[compiler->at];

	if (is_letter(c))
		return compile_letters(compiler);
	switch (c) {
	case '\'':
		return compile_quoted(compiler);
	case '[':
		return open_optional(compiler);
	case ']':
		return close_optional(compiler);
	case '{':
	case '}':
	case '#':
		return bad(compiler, "{, } and # are reserved");
	default:
		add_literal(compiler, weir_slice_make(compiler->text.ptr + compiler->at++, 1));
		return true;
	}
}

static size_t max_bytes(const struct compiler *compiler)
{
	size_t bytes = 1;

	for (size_t i = 0; i < compiler->ops.count; i++)
		bytes += compiler->ops.items[i].text.len + (size_t)compiler->ops.items[i].pad_width + 80;
	return bytes;
}

bool weir_date_pattern_compile(struct weir_arena *arena, struct weir_slice text, enum weir_date_locale locale,
	const struct weir_date_pattern **ret, struct weir_err *err)
{
	struct compiler compiler = { .arena = arena, .text = weir_arena_copy(arena, text), .run = -1, .err = err };
	struct weir_date_pattern *pattern = WEIR_ARENA_NEW(arena, struct weir_date_pattern);

	if (text.len > MAX_PATTERN_BYTES)
		return weir_err_set(err, WEIR_E_EVALUATE, "A date pattern has at most %d bytes", MAX_PATTERN_BYTES);
	while (compiler.at < text.len)
		if (!compile_step(&compiler))
			return false;
	while (compiler.open_count)
		compiler.ops.items[compiler.open[--compiler.open_count]].end = compiler.ops.count;
	*pattern = (struct weir_date_pattern){
		.locale = locale, .ops = compiler.ops.items, .count = compiler.ops.count, .max_bytes = max_bytes(&compiler)
	};
	*ret = pattern;
	return true;
}
