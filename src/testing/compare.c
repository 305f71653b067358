/* Comparing records' JSON: members by name (else upper-cased), doubles within 1e-6, a number may stand for a text of it. */
#include "testing/run.h"

#include <math.h>
#include <stdlib.h>

static bool is_null(const struct weir_json *json)
{
	return !json || json->kind == WEIR_JSON_NULL;
}

static double number_of(const struct weir_json *json)
{
	char text[64];
	size_t len = json->text.len < sizeof text - 1 ? json->text.len : sizeof text - 1;

	memcpy(text, json->text.ptr, len);
	text[len] = '\0';
	if (strcmp(text, "Infinity") == 0)
		return INFINITY;
	if (strcmp(text, "-Infinity") == 0)
		return -INFINITY;
	return strtod(text, NULL);
}

static bool numbers_equal(const struct weir_json *a, const struct weir_json *b)
{
	if (weir_slice_equals(a->text, b->text))
		return true;
	double x = number_of(a), y = number_of(b);
	return fabs(x - y) <= 1e-6 * fmax(1, fmax(fabs(x), fabs(y)));
}

static const struct weir_json *find_member(const struct weir_json *object, struct weir_slice name)
{
	for (size_t i = 0; i < object->count; i++)
		if (weir_slice_equals(object->members[i].name, name))
			return object->members[i].value;
	for (size_t i = 0; i < object->count; i++)
		if (weir_slice_equals_nocase(object->members[i].name, name))
			return object->members[i].value;
	return NULL;
}

static bool objects_equal(const struct weir_json *expected, const struct weir_json *actual)
{
	if (expected->count != actual->count)
		return false;
	for (size_t i = 0; i < expected->count; i++)
		if (!weir_case_values_equal(expected->members[i].value, find_member(actual, expected->members[i].name)))
			return false;
	return true;
}

bool weir_case_values_equal(const struct weir_json *expected, const struct weir_json *actual)
{
	if (is_null(expected) || is_null(actual))
		return is_null(expected) && is_null(actual);
	bool e_number = expected->kind == WEIR_JSON_NUMBER, a_number = actual->kind == WEIR_JSON_NUMBER;
	bool e_text = expected->kind == WEIR_JSON_STRING, a_text = actual->kind == WEIR_JSON_STRING;
	if (e_number && a_number)
		return numbers_equal(expected, actual);
	if ((e_number && a_text) || (e_text && a_number))
		return numbers_equal(expected, actual);
	if (expected->kind != actual->kind)
		return false;
	switch (expected->kind) {
	case WEIR_JSON_BOOLEAN:
		return expected->boolean == actual->boolean;
	case WEIR_JSON_STRING:
		return weir_slice_equals(expected->text, actual->text);
	case WEIR_JSON_ARRAY:
		if (expected->count != actual->count)
			return false;
		for (size_t i = 0; i < expected->count; i++)
			if (!weir_case_values_equal(expected->items[i], actual->items[i]))
				return false;
		return true;
	case WEIR_JSON_OBJECT:
		return objects_equal(expected, actual);
	default:
		return true;
	}
}
