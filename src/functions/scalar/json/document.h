/* JSON texts as functions see them: the parser's and the printers' rules of functions.md §2.9. */
#pragma once

#include "functions/define.h"
#include "json/json.h"

/* VALUE: *ret is the first value of the text, what follows it is ignored. NULL: there is nothing but blanks. FAILED: no JSON. */
enum weir_result weir_document_parse(
	struct weir_arena *arena, struct weir_slice text, struct weir_json **ret, struct weir_err *err);

/* How numbers with a point or an exponent are spelled. */
enum weir_document_numbers { WEIR_NUMBERS_SCIENTIFIC /* 1E+2 */, WEIR_NUMBERS_PLAIN /* 100 */ };

/* Compact; of equal keys the last value stands at the first one's place. false: the text would be too long (out overflows). */
bool weir_document_print(
	struct weir_arena *arena, struct weir_buf *out, const struct weir_json *json, enum weir_document_numbers numbers);
/* A string's text, else what weir_document_print() gives. */
bool weir_document_print_text(struct weir_arena *arena, struct weir_buf *out, const struct weir_json *json);
bool weir_document_print_number(struct weir_buf *out, struct weir_slice text, enum weir_document_numbers numbers);

/* The members of an object, equal keys united. */
struct weir_document_members {
	const struct weir_json_member *items;
	size_t count;
};
struct weir_document_members weir_document_members(struct weir_arena *arena, const struct weir_json *object);
/* Are the escapes of a text that is JSON otherwise all in order? */
bool weir_document_escapes_are_fine(struct weir_slice text);
