/* The natural order of values. */
#include "functions/scalar/collection/values.h"
#include "types/compare.h"

#include <math.h>

bool weir_has_natural_order(const struct weir_type *type)
{
	return type->kind != WEIR_KIND_ARRAY && type->kind != WEIR_KIND_MAP && type->kind != WEIR_KIND_STRUCT;
}

static int order_doubles(double a, double b)
{
	if (a < b || a > b)
		return a < b ? -1 : 1;
	if (isnan(a) || isnan(b))
		return isnan(a) - isnan(b);
	return (signbit(b) != 0) - (signbit(a) != 0);
}

int weir_natural_order(const struct weir_type *type, union weir_cell a, union weir_cell b)
{
	enum weir_order order = WEIR_EQUAL;
	struct weir_err err = { 0 };

	if (type->kind == WEIR_KIND_DOUBLE)
		return order_doubles(a.f64, b.f64);
	weir_compare(type, a, type, b, &order, &err); /* cannot fail: the same type, no DOUBLE */
	return (int)order;
}
