/* ACOS */
#include "functions/scalar/math/one_double.h"

WEIR_ONE_DOUBLE(acos, "ACOS", "acos", "value", acos, "The angle in radians whose cosine is the number; NaN outside [-1, 1].",
	"ACOS(1)", "0E0");
