/* The scanner. Strings are searched eight bytes at a time for a quote, a backslash or a control character. */
#include "json/json.h"

void weir_json_scan_init(struct weir_json_scan *scan, struct weir_slice text)
{
	*scan = (struct weir_json_scan){ .p = text.ptr, .end = text.ptr + text.len, .start = text.ptr };
}

static bool fail(struct weir_json_scan *scan, const char *error)
{
	if (!scan->error)
		scan->error = error;
	return false;
}

char weir_json_peek(struct weir_json_scan *scan)
{
	const char *p = scan->p;

	while (p < scan->end && (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r'))
		p++;
	scan->p = p;
	return p < scan->end ? *p : '\0';
}

bool weir_json_accept(struct weir_json_scan *scan, char c)
{
	if (weir_json_peek(scan) != c || scan->p == scan->end)
		return false;
	scan->p++;
	return true;
}

/* Bytes of `word` that are zero have their high bit set in the result. */
static uint64_t zero_bytes(uint64_t word)
{
	return (word - 0x0101010101010101u) & ~word & 0x8080808080808080u;
}

static const char *find_special(const char *p, const char *end)
{
	const uint64_t quotes = 0x2222222222222222u, slashes = 0x5c5c5c5c5c5c5c5cu, controls = 0xe0e0e0e0e0e0e0e0u;

	for (; end - p >= 8; p += 8) {
		uint64_t word;
		memcpy(&word, p, 8);
		if (zero_bytes(word ^ quotes) | zero_bytes(word ^ slashes) | zero_bytes(word & controls))
			break;
	}
	while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
		p++;
	return p;
}

bool weir_json_string(struct weir_json_scan *scan, struct weir_slice *ret_raw, bool *ret_escaped)
{
	if (weir_json_peek(scan) != '"')
		return fail(scan, "expected a string");
	const char *start = scan->p + 1, *p = start;
	bool escaped = false;
	for (;;) {
		p = find_special(p, scan->end);
		if (p == scan->end)
			return fail(scan, "a string has no end");
		if (*p == '"')
			break;
		if (*p != '\\')
			return fail(scan, "a control character stands in a string");
		if (p + 1 == scan->end)
			return fail(scan, "a string has no end");
		escaped = true;
		p += 2;
	}
	*ret_raw = weir_slice_make(start, (size_t)(p - start));
	*ret_escaped = escaped;
	scan->p = p + 1;
	return true;
}

static const char *skip_digits(const char *p, const char *end)
{
	while (p < end && *p >= '0' && *p <= '9')
		p++;
	return p;
}

bool weir_json_number(struct weir_json_scan *scan, struct weir_slice *ret_text, bool *ret_is_integer)
{
	weir_json_peek(scan);
	const char *start = scan->p, *p = start;
	bool is_integer = true;
	if (p < scan->end && *p == '-')
		p++;
	const char *digits = p;
	p = skip_digits(p, scan->end);
	if (p == digits || (*digits == '0' && p - digits > 1))
		return fail(scan, "expected a value");
	if (p < scan->end && *p == '.') {
		const char *fraction = ++p;
		is_integer = false;
		p = skip_digits(p, scan->end);
		if (p == fraction)
			return fail(scan, "a number lacks digits behind its point");
	}
	if (p < scan->end && (*p == 'e' || *p == 'E')) {
		is_integer = false;
		p++;
		if (p < scan->end && (*p == '+' || *p == '-'))
			p++;
		const char *exponent = p;
		p = skip_digits(p, scan->end);
		if (p == exponent)
			return fail(scan, "a number lacks its exponent's digits");
	}
	*ret_text = weir_slice_make(start, (size_t)(p - start));
	*ret_is_integer = is_integer;
	scan->p = p;
	return true;
}

char weir_json_word(struct weir_json_scan *scan)
{
	static const struct weir_slice words[] = { { "true", 4 }, { "false", 5 }, { "null", 4 } };

	weir_json_peek(scan);
	for (size_t i = 0; i < 3; i++) {
		if ((size_t)(scan->end - scan->p) < words[i].len || memcmp(scan->p, words[i].ptr, words[i].len) != 0)
			continue;
		scan->p += words[i].len;
		return words[i].ptr[0];
	}
	return '\0';
}

static bool skip_scalar(struct weir_json_scan *scan, char c)
{
	struct weir_slice text;
	bool flag;

	if (c == '"')
		return weir_json_string(scan, &text, &flag);
	if (c == 't' || c == 'f' || c == 'n')
		return weir_json_word(scan) || fail(scan, "expected a value");
	return weir_json_number(scan, &text, &flag);
}

static bool skip_member_name(struct weir_json_scan *scan)
{
	struct weir_slice name;
	bool escaped;

	return weir_json_string(scan, &name, &escaped) && (weir_json_accept(scan, ':') || fail(scan, "expected ':'"));
}

/* Without recursion: one bit a level tells objects from arrays. */
bool weir_json_skip(struct weir_json_scan *scan, struct weir_slice *ret_text)
{
	uint64_t is_object[WEIR_JSON_MAX_DEPTH / 64 + 1] = { 0 };
	size_t depth = 0;

	weir_json_peek(scan);
	const char *start = scan->p;
	for (;;) {
		char c = weir_json_peek(scan);
		if (c == '{' || c == '[') {
			if (depth == WEIR_JSON_MAX_DEPTH)
				return fail(scan, "the nesting is too deep");
			scan->p++;
			if (!weir_json_accept(scan, c == '{' ? '}' : ']')) {
				uint64_t bit = UINT64_C(1) << (depth % 64);
				is_object[depth / 64] = c == '{' ? is_object[depth / 64] | bit : is_object[depth / 64] & ~bit;
				depth++;
				if (c == '{' && !skip_member_name(scan))
					return false;
				continue;
			}
		} else if (!skip_scalar(scan, c)) {
			return false;
		}
		while (depth > 0) { /* behind a value: more, or the end of what encloses it */
			bool object = is_object[(depth - 1) / 64] >> ((depth - 1) % 64) & 1;
			if (weir_json_accept(scan, ',')) {
				if (object && !skip_member_name(scan))
					return false;
				break;
			}
			if (!weir_json_accept(scan, object ? '}' : ']'))
				return fail(scan, object ? "expected ',' or '}'" : "expected ',' or ']'");
			depth--;
		}
		if (depth == 0)
			break;
	}
	if (ret_text)
		*ret_text = weir_slice_make(start, (size_t)(scan->p - start));
	return true;
}

bool weir_json_at_end(struct weir_json_scan *scan)
{
	weir_json_peek(scan);
	return scan->p == scan->end;
}

/* ---- Escapes ---- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool read_unit(struct weir_slice raw, size_t at, uint32_t *ret_unit)
{
	uint32_t unit = 0;

	if (at + 6 > raw.len || raw.ptr[at] != '\\' || raw.ptr[at + 1] != 'u')
		return false;
	for (size_t i = 2; i < 6; i++) {
		int digit = hex_digit(raw.ptr[at + i]);
		if (digit < 0)
			return false;
		unit = unit << 4 | (uint32_t)digit;
	}
	*ret_unit = unit;
	return true;
}

static size_t encode(uint32_t code, char *out)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xC0 | code >> 6);
		out[1] = (char)(0x80 | (code & 63));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xE0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 63));
		out[2] = (char)(0x80 | (code & 63));
		return 3;
	}
	out[0] = (char)(0xF0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 63));
	out[2] = (char)(0x80 | (code >> 6 & 63));
	out[3] = (char)(0x80 | (code & 63));
	return 4;
}

/* The escape at raw[at]: bytes used, 0 when it is bad. */
static size_t unescape_one(struct weir_slice raw, size_t at, char *out, size_t *ret_len)
{
	static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	uint32_t unit, low;

	if (at + 1 >= raw.len)
		return 0;
	const char *letter = raw.ptr[at + 1] ? strchr(letters, raw.ptr[at + 1]) : NULL;
	if (letter) {
		*out = values[letter - letters];
		*ret_len = 1;
		return 2;
	}
	if (!read_unit(raw, at, &unit))
		return 0;
	if (unit >= 0xD800 && unit < 0xDC00 && read_unit(raw, at + 6, &low) && low >= 0xDC00 && low < 0xE000) {
		*ret_len = encode(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), out);
		return 12;
	}
	*ret_len = encode(unit >= 0xD800 && unit < 0xE000 ? '?' : unit, out);
	return 6;
}

bool weir_json_unescape(struct weir_arena *arena, struct weir_slice raw, struct weir_slice *ret_text)
{
	char *out = weir_arena_alloc(arena, raw.len + 1); /* escapes only shrink */
	size_t len = 0;

	for (size_t i = 0; i < raw.len;) {
		if (raw.ptr[i] != '\\') {
			out[len++] = raw.ptr[i++];
			continue;
		}
		size_t made, used = unescape_one(raw, i, out + len, &made);
		if (!used)
			return false;
		len += made;
		i += used;
	}
	out[len] = '\0';
	*ret_text = weir_slice_make(out, len);
	return true;
}
