/* The shortest digits that read back as the same double, exactly and without printf.
 *
 * A double m·2^e is scaled by 10^k to seventeen digits before the point: m·5^k fits into 128 bits while k <= 26, so that everything
 * is whole numbers of 2^-s. A candidate is right when it lies no farther than half a unit in the last place of the double. Doubles
 * outside of [1e-9, 1e17) take the long way through the C library. */
#include "types/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define DIGITS 17

static const uint64_t powers_of_10[] = { 1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000,
	100000000000, 1000000000000, 10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000 };

struct scaled {
	unsigned __int128 value; /* in units of 2^-shift */
	unsigned __int128 five;  /* a unit in the last place of the double, in the same units */
	int shift;
	bool is_even, is_lowest; /* the mantissa; a power of two has a nearer neighbour below */
};

static bool scale(double value, int k, struct scaled *ret)
{
	int exponent;
	uint64_t mantissa = (uint64_t)ldexp(frexp(value, &exponent), 53);

	ret->five = 1;
	for (int i = 0; i < k; i++)
		ret->five *= 5;
	ret->value = mantissa * ret->five;
	ret->shift = -(exponent - 53 + k);
	ret->is_even = mantissa % 2 == 0;
	ret->is_lowest = mantissa == UINT64_C(1) << 52;
	if (ret->shift < 0) {
		ret->value <<= -ret->shift;
		ret->five <<= -ret->shift;
		ret->shift = 0;
	}
	uint64_t whole = (uint64_t)(ret->value >> ret->shift);
	return whole >= powers_of_10[DIGITS - 1] && whole < powers_of_10[DIGITS];
}

/* value rounded to `count` digits, ties to even as the C library's printf. */
static uint64_t round_to(const struct scaled *scaled, int count)
{
	uint64_t divisor = powers_of_10[DIGITS - count], whole = (uint64_t)(scaled->value >> scaled->shift),
		 digits = whole / divisor;
	unsigned __int128 fraction = scaled->value - ((unsigned __int128)whole << scaled->shift);
	unsigned __int128 rest = ((unsigned __int128)(whole % divisor) << scaled->shift) + fraction;
	unsigned __int128 half = (unsigned __int128)divisor << scaled->shift;

	return digits + (2 * rest > half || (2 * rest == half && digits % 2));
}

static bool reads_back(const struct scaled *scaled, uint64_t digits, int count)
{
	unsigned __int128 candidate = (unsigned __int128)(digits * powers_of_10[DIGITS - count]) << scaled->shift;
	bool is_below = candidate < scaled->value;
	unsigned __int128 distance = is_below ? scaled->value - candidate : candidate - scaled->value;

	distance *= is_below && scaled->is_lowest ? 4 : 2;
	return distance < scaled->five || (distance == scaled->five && scaled->is_even);
}

/* digits of `number`, which has `count` of them, without the zeros behind. */
static int spell(uint64_t number, int count, char digits[20], int *exponent)
{
	if (number == powers_of_10[count]) { /* rounded up to one digit more */
		number /= 10;
		++*exponent;
	}
	for (; count > 1 && number % 10 == 0; count--)
		number /= 10;
	for (int i = count - 1; i >= 0; i--, number /= 10)
		digits[i] = (char)('0' + number % 10);
	return count;
}

static int ask_the_library(double value, char digits[20], int *ret_exponent)
{
	char text[40];
	int precision = 2; /* as Java: 4.9E-324, though one digit would do */

	for (; precision < DIGITS; precision++) {
		snprintf(text, sizeof text, "%.*e", precision - 1, value);
		if (strtod(text, NULL) == value)
			break;
	}
	if (precision == DIGITS)
		snprintf(text, sizeof text, "%.16e", value);
	int count = 0;
	char *p = text;
	for (; *p != 'e'; p++)
		if (*p != '.')
			digits[count++] = *p;
	*ret_exponent = atoi(p + 1) + 1;
	while (count > 1 && digits[count - 1] == '0')
		count--;
	return count;
}

int weir_double_shortest(double value, char digits[20], int *ret_exponent)
{
	struct scaled scaled;

	if (!(value >= 1e-9 && value < 1e17))
		return ask_the_library(value, digits, ret_exponent);
	int k = DIGITS - 1 - (int)floor(log10(value));
	k = k < 0 ? 0 : k; /* log10 rounds up just below 1e17 */
	if (!scale(value, k, &scaled)) {
		k += (uint64_t)(scaled.value >> scaled.shift) < powers_of_10[DIGITS - 1] ? 1 : -1;
		if (k < 0 || k > 26 || !scale(value, k, &scaled))
			return ask_the_library(value, digits, ret_exponent);
	}
	*ret_exponent = DIGITS - k;
	for (int count = 15; count < DIGITS; count++) {
		uint64_t rounded = round_to(&scaled, count);
		if (reads_back(&scaled, rounded, count))
			return spell(rounded, count, digits, ret_exponent);
	}
	return spell(round_to(&scaled, DIGITS), DIGITS, digits, ret_exponent);
}
