/* ASIN */
#include "functions/scalar/math/one_double.h"

WEIR_ONE_DOUBLE(asin, "ASIN", "asin", "value", asin, "The angle in radians whose sine is the number; NaN outside [-1, 1].",
	"ASIN(0)", "0E0");
