/* Shortest digits of doubles: read back as the same double, and no shorter ones do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "types/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t random_bits(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void check(double value)
{
	char digits[20], text[64];
	int exponent, count = weir_double_shortest(value, digits, &exponent);

	snprintf(text, sizeof text, "0.%.*se%d", count, digits, exponent);
	if (strtod(text, NULL) != value)
		fail_msg("%.17g became %s", value, text);
	if (count > 2) {
		snprintf(text, sizeof text, "%.*e", count - 2, value);
		if (strtod(text, NULL) == value)
			fail_msg("%.17g needs only %s", value, text);
	}
}

static void digits_read_back_and_are_fewest(void **state)
{
	uint64_t random = 88172645463325252u;

	for (int i = 0; i < 200000; i++) {
		double value;
		uint64_t bits = random_bits(&random) & INT64_MAX;
		memcpy(&value, &bits, sizeof value);
		if (isfinite(value) && value > 0)
			check(value);
		check((double)(random_bits(&random) % 100000000) / 100);                                         /* prices */
		check((double)(random_bits(&random) % 1000000 + 1) / (double)(random_bits(&random) % 1000 + 1)); /* means */
		check(ldexp(1, (int)(random_bits(&random) % 120) - 60));                                         /* powers of two */
	}
}

static void the_edges_of_the_fast_way_are_right(void **state)
{
	static const double values[] = { 1e-9, 9.999999999999999e-10, 1e17, 99999999999999984.0, 1e16, 1, 0.1, 0.3, 1.0 / 3,
		123456789012345.6, 9007199254740993.0, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308 };

	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		check(values[i]);
		check(nextafter(values[i], 0) > 0 ? nextafter(values[i], 0) : values[i]);
		check(nextafter(values[i], INFINITY) < INFINITY ? nextafter(values[i], INFINITY) : values[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(digits_read_back_and_are_fewest),
		cmocka_unit_test(the_edges_of_the_fast_way_are_right) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
