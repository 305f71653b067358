/* Rounding shared by CEIL and FLOOR. */
#include "functions/scalar/math/rounding.h"

enum weir_result weir_same_integer(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	*ret = ARG(0);
	return WEIR_VALUE;
}

__int128 weir_decimal_whole(__int128 value, int scale, int direction)
{
	__int128 power = 1;

	while (scale-- > 0)
		power *= 10;
	__int128 rest = value % power;
	value -= rest;
	if (direction > 0 && rest > 0)
		value += power;
	if (direction < 0 && rest < 0)
		value -= power;
	return value;
}
