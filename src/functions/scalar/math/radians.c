/* RADIANS: by one factor, as Java's Math.toRadians. */
#include "functions/scalar/math/one_double.h"

static double to_radians(double degrees)
{
	return degrees * (M_PI / 180.0);
}

WEIR_ONE_DOUBLE(radians, "RADIANS", "radians", "value", to_radians, "An angle in degrees as radians.", "RADIANS(180)", "PI()");
