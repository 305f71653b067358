/* Reading a text by a compiled pattern into fields. The rules of digits, signs and optional sections are those of Java's strict
 * parsing in any case of letters; zones are read in date_parse_zone.c. */
#include "types/time/date_pattern_int.h"

#include <strings.h>

#define NOWHERE SIZE_MAX

struct reader {
	const struct weir_date_pattern *pattern;
	struct weir_slice text;
	struct weir_zones *zones;
	struct weir_date_fields fields;
};

bool weir_date_fields_put(struct weir_date_fields *fields, enum weir_date_field field, int64_t value)
{
	if (weir_fields_has(fields, field))
		return fields->values[field] == value;
	fields->values[field] = value;
	fields->present |= UINT32_C(1) << field;
	return true;
}

static bool is_digit(struct weir_slice text, size_t at)
{
	return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

/* At most `most` digits. false: the number does not fit 64 bits. */
static bool take_digits(struct weir_slice text, size_t at, size_t most, size_t *ret_count, int64_t *ret_value)
{
	int64_t value = 0;
	size_t count = 0;

	while (count < most && is_digit(text, at + count))
		if (__builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, text.ptr[at + count++] - '0', &value))
			return false;
	*ret_count = count;
	*ret_value = value;
	return true;
}

/* *ret_sign: '+', '-' or 0. false: a sign that may not be here. */
static bool take_sign(const struct weir_date_op *op, struct weir_slice text, size_t *at, char *ret_sign)
{
	char c = *at < text.len ? text.ptr[*at] : 0;

	*ret_sign = 0;
	if (c != '+' && c != '-')
		return true;
	if (op->sign == WEIR_SIGN_NONE || (c == '+' && op->sign == WEIR_SIGN_NORMAL))
		return false;
	*ret_sign = c;
	(*at)++;
	return true;
}

static size_t read_number(struct reader *reader, const struct weir_date_op *op, size_t at)
{
	size_t count, most = (size_t)(op->max_width + op->following), least = (size_t)op->min_width;
	int64_t value;
	char sign;

	if (!take_sign(op, reader->text, &at, &sign))
		return NOWHERE;
	size_t available = 0;
	while (available < most && is_digit(reader->text, at + available))
		available++;
	if (available < least)
		return NOWHERE;
	if (op->following) {
		size_t rest = available > (size_t)op->following ? available - (size_t)op->following : 0;
		most = rest > least ? rest : least;
	}
	if (!take_digits(reader->text, at, most, &count, &value) || count < least)
		return NOWHERE;
	if (sign == '-' && value == 0)
		return NOWHERE;
	if (op->sign == WEIR_SIGN_EXCEEDS_PAD && sign != '-' && (sign == '+') != (count > least))
		return NOWHERE;
	if (op->kind == WEIR_DATE_TWO_DIGIT_YEAR)
		value += 2000;
	return weir_date_fields_put(&reader->fields, op->field, sign == '-' ? -value : value) ? at + count : NOWHERE;
}

static size_t read_fraction(struct reader *reader, const struct weir_date_op *op, size_t at)
{
	size_t count;
	int64_t value;

	if (!take_digits(reader->text, at, (size_t)op->max_width, &count, &value) || count < (size_t)op->min_width)
		return NOWHERE;
	for (size_t i = count; i < 9; i++)
		value *= 10;
	return weir_date_fields_put(&reader->fields, op->field, value) ? at + count : NOWHERE;
}

static size_t read_text(struct reader *reader, const struct weir_date_op *op, size_t at)
{
	static const struct weir_date_op number = { .kind = WEIR_DATE_NUMBER, .min_width = 1, .max_width = 19 };
	size_t best_len = 0;
	int first, last, best = 0;

	if (!weir_date_text_range(reader->pattern->locale, op->field, op->style, &first, &last)) {
		struct weir_date_op plain = number;
		plain.field = op->field;
		return read_number(reader, &plain, at);
	}
	for (int i = first; i <= last; i++) {
		const char *text = weir_date_text(reader->pattern->locale, op->field, op->style, i);
		size_t len = strlen(text);
		if (len > best_len && reader->text.len - at >= len && strncasecmp(reader->text.ptr + at, text, len) == 0) {
			best = i;
			best_len = len;
		}
	}
	return best_len && weir_date_fields_put(&reader->fields, op->field, best) ? at + best_len : NOWHERE;
}

static size_t read_literal(const struct reader *reader, const struct weir_date_op *op, size_t at)
{
	bool matches = reader->text.len - at >= op->text.len && strncasecmp(reader->text.ptr + at, op->text.ptr, op->text.len) == 0;

	return matches ? at + op->text.len : NOWHERE;
}

static size_t read_op(struct reader *reader, const struct weir_date_op *op, size_t at)
{
	switch (op->kind) {
	case WEIR_DATE_LITERAL:
		return read_literal(reader, op, at);
	case WEIR_DATE_NUMBER:
	case WEIR_DATE_TWO_DIGIT_YEAR:
		return read_number(reader, op, at);
	case WEIR_DATE_FRACTION:
		return read_fraction(reader, op, at);
	case WEIR_DATE_TEXT:
		return read_text(reader, op, at);
	case WEIR_DATE_DAY_PERIOD:
		return NOWHERE;
	default:
		return weir_date_parse_zone(op, reader->text, at, reader->zones, &reader->fields);
	}
}

/* Exactly pad_width bytes, blanks first. */
static size_t read_padded(struct reader *reader, const struct weir_date_op *op, size_t at)
{
	struct weir_slice whole = reader->text;
	size_t end = at + (size_t)op->pad_width;

	if (end > whole.len)
		return NOWHERE;
	while (at < end && whole.ptr[at] == ' ')
		at++;
	reader->text.len = end;
	size_t stop = read_op(reader, op, at);
	reader->text = whole;
	return stop == end ? end : NOWHERE;
}

static size_t read_range(struct reader *reader, size_t from, size_t to, size_t at)
{
	for (size_t i = from; i < to && at != NOWHERE; i++) {
		const struct weir_date_op *op = &reader->pattern->ops[i];

		if (op->kind == WEIR_DATE_OPTIONAL) {
			struct weir_date_fields before = reader->fields;
			size_t stop = read_range(reader, i + 1, op->end, at);
			if (stop == NOWHERE)
				reader->fields = before;
			else
				at = stop;
			i = op->end - 1;
		} else {
			at = op->pad_width ? read_padded(reader, op, at) : read_op(reader, op, at);
		}
	}
	return at;
}

bool weir_date_read(const struct weir_date_pattern *pattern, struct weir_slice text, struct weir_zones *zones,
	struct weir_date_fields *ret, struct weir_err *err)
{
	struct reader reader = { .pattern = pattern, .text = text, .zones = zones };

	if (read_range(&reader, 0, pattern->count, 0) != text.len)
		return weir_err_set(err, WEIR_E_EVALUATE, "'%.*s' does not have the form of the pattern",
			(int)(text.len > 200 ? 200 : text.len), text.ptr);
	*ret = reader.fields;
	return true;
}
