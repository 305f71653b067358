/* COT: 1 / tan(x), so that 0 gives Infinity. */
#include "functions/scalar/math/one_double.h"

static double cotangent(double value)
{
	return 1.0 / tan(value);
}

WEIR_ONE_DOUBLE(cot, "COT", "cot", "value", cotangent, "The cotangent of an angle in radians; Infinity for 0.", "ROUND(COT(1), 4)",
	"0.6421E0");
