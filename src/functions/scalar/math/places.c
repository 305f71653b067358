/* Cutting decimal places off. */
#include "functions/scalar/math/places.h"

#include <math.h>

enum { MAX_DIGITS = 38, MAX_PLACES = 1 << 20 };

static __int128 power_of_ten(int exponent)
{
	__int128 power = 1;

	while (exponent-- > 0)
		power *= 10;
	return power;
}

/* value × 10^-digits as a whole number; digits > 0. */
static __int128 cut(__int128 value, int64_t digits, enum weir_places how)
{
	if (digits > MAX_DIGITS)
		return 0;
	__int128 power = power_of_ten((int)digits), whole = value / power, rest = value % power;
	if (how == WEIR_PLACES_TRUNC)
		return whole;
	if (rest >= 0)
		return whole + (rest >= power - rest);
	return whole - (-rest > power + rest);
}

enum weir_result weir_places_double(struct weir_call *call, enum weir_places how, union weir_cell *ret, struct weir_err *err)
{
	__int128 value;
	int scale, places = ARG(1).i32;

	if (!weir_decimal_from_double(ARG(0).f64, &value, &scale))
		return weir_function_fail(err, "NaN and infinite numbers have no decimal places");
	if (places > MAX_PLACES || places < -MAX_PLACES)
		return weir_function_fail(err, "%d is no sensible number of decimal places", places);
	if (places < scale) {
		value = cut(value, (int64_t)scale - places, how);
		scale = value ? places : 0;
	}
	ret->f64 = weir_decimal_to_double(value, scale);
	return WEIR_VALUE;
}

enum weir_result weir_places_whole(struct weir_call *call, enum weir_places how, union weir_cell *ret, struct weir_err *err)
{
	int scale = call->arg_types[0]->scale;

	ret->decimal = scale ? cut(ARG(0).decimal, scale, how) : ARG(0).decimal;
	return WEIR_VALUE;
}

enum weir_result weir_places_decimal(struct weir_call *call, enum weir_places how, union weir_cell *ret, struct weir_err *err)
{
	int scale = call->arg_types[0]->scale, places = ARG(1).i32;

	if (places > MAX_PLACES || places < -MAX_PLACES)
		return weir_function_fail(err, "%d is no sensible number of decimal places", places);
	ret->decimal = ARG(0).decimal;
	if (places >= scale)
		return WEIR_VALUE;
	int64_t digits = (int64_t)scale - places;
	__int128 whole = cut(ARG(0).decimal, digits, how);
	if (!whole) {
		ret->decimal = 0;
		return WEIR_VALUE;
	}
	if (digits > MAX_DIGITS || __builtin_mul_overflow(whole, power_of_ten((int)digits), &ret->decimal))
		return weir_function_fail(err, "The result needs more than %d digits", MAX_DIGITS);
	return WEIR_VALUE;
}

const struct weir_type *weir_places_whole_type(
	struct weir_arena *arena, const struct weir_type *const *args, size_t count, struct weir_err *err)
{
	int whole = args[0]->precision - args[0]->scale;

	if (whole > 0)
		return weir_type_decimal(arena, whole, 0);
	weir_err_set(err, WEIR_E_TYPE, "A DECIMAL(%d, %d) has no digits before its point that could be kept", args[0]->precision,
		args[0]->scale);
	return NULL;
}

const struct weir_type *weir_places_same_type(
	struct weir_arena *arena, const struct weir_type *const *args, size_t count, struct weir_err *err)
{
	if (args[1]->kind != WEIR_KIND_NULL)
		return args[0];
	weir_err_set(err, WEIR_E_TYPE, "The number of decimal places of a DECIMAL cannot be an untyped NULL");
	return NULL;
}
