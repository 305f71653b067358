/* GEO_DISTANCE: along a great circle of a spherical earth, by the haversine formula of functions.md §2.1. */
#include "functions/define.h"

#include <math.h>

static const double radius_km = 6371, radius_miles = 3959;

/* 0: no such unit. */
static double radius_of(struct weir_slice unit)
{
	static const char *const kilometres[] = { "", "km", "kilometer", "kilometers", "kilometre", "kilometres" };
	static const char *const miles[] = { "mi", "mile", "miles" };
	struct weir_slice name = weir_slice_trim(unit);

	for (size_t i = 0; i < sizeof kilometres / sizeof kilometres[0]; i++)
		if (weir_slice_equals_nocase(name, weir_slice_of(kilometres[i])))
			return radius_km;
	for (size_t i = 0; i < sizeof miles / sizeof miles[0]; i++)
		if (weir_slice_equals_nocase(name, weir_slice_of(miles[i])))
			return radius_miles;
	return 0;
}

static double radians(double degrees)
{
	return degrees * (M_PI / 180.0);
}

static enum weir_result geo_distance(struct weir_call *call, union weir_cell *ret, struct weir_err *err)
{
	double lat1 = ARG(0).f64, lon1 = ARG(1).f64, lat2 = ARG(2).f64, lon2 = ARG(3).f64;
	double radius = call->arg_count > 4 && !ARG_IS_NULL(4) ? radius_of(ARG(4).str) : radius_km;

	if (radius == 0)
		return weir_function_fail(err, "'%.*s' is no unit of distance; km and miles are", WEIR_SLICE_ARG(ARG(4).str));
	if (fabs(lat1) > 90 || fabs(lat2) > 90)
		return weir_function_fail(err, "A latitude is outside -90 to 90 degrees");
	if (fabs(lon1) > 180 || fabs(lon2) > 180)
		return weir_function_fail(err, "A longitude is outside -180 to 180 degrees");
	double across = sin(radians(lat2 - lat1) / 2), along = sin(radians(lon2 - lon1) / 2);
	double a = across * across + along * along * cos(radians(lat1)) * cos(radians(lat2));
	ret->f64 = radius * 2 * asin(sqrt(a));
	return WEIR_VALUE;
}

#define PLACES                                                                                                                     \
	PARAM_PRIMITIVE(DOUBLE, "lat1"), PARAM_PRIMITIVE(DOUBLE, "lon1"), PARAM_PRIMITIVE(DOUBLE, "lat2"),                         \
		PARAM_PRIMITIVE(DOUBLE, "lon2")

const struct weir_scalar_function weir_scalar_geo_distance = {
	.name = "GEO_DISTANCE",
	.spelling = "geo_distance",
	.category = "MATHEMATICAL",
	.summary = "The distance between two places on earth, in kilometres ('KM') or miles ('MI').",
	.overloads = {
		{ .params = { PLACES }, RETURNS(DOUBLE), .eval = geo_distance },
		{ .params = { PLACES, PARAM(STRING, "units") }, RETURNS(DOUBLE), .eval = geo_distance },
	},
	.examples = { { "ROUND(GEO_DISTANCE(37.4439, -122.1663, 51.5257, -0.1122), 3)", "8634.66E0" },
		{ "ROUND(GEO_DISTANCE(37.4439, -122.1663, 51.5257, -0.1122, 'MI'), 3)", "5365.66E0" } },
};
