/* Decimal arithmetic on 128-bit integers; GMP holds intermediate results that need more. */
#include "types/decimal.h"

#include "types/text.h"

#include <gmp.h>
#include <math.h>
#include <stdlib.h>

#define MAX_DIGITS 38

static __int128 power_of_ten(int exponent)
{
	__int128 power = 1;

	while (exponent-- > 0)
		power *= 10;
	return power;
}

static unsigned __int128 magnitude(__int128 value)
{
	return value < 0 ? -(unsigned __int128)value : (unsigned __int128)value;
}

int weir_decimal_digits(__int128 value)
{
	unsigned __int128 rest = magnitude(value);
	int digits = 0;

	for (; rest; rest /= 10)
		digits++;
	return digits ? digits : 1;
}

bool weir_decimal_fits(__int128 value, int digits)
{
	if (digits >= MAX_DIGITS)
		return true;
	if (digits < 0)
		return value == 0;
	return magnitude(value) < (unsigned __int128)power_of_ten(digits);
}

/* ---- GMP ---- */

static void set_mpz(mpz_t number, __int128 value)
{
	unsigned __int128 size = magnitude(value);
	uint64_t words[2] = { (uint64_t)size, (uint64_t)(size >> 64) };

	mpz_import(number, 2, -1, sizeof words[0], 0, 0, words);
	if (value < 0)
		mpz_neg(number, number);
}

static bool get_mpz(const mpz_t number, __int128 *ret_value)
{
	uint64_t words[2] = { 0, 0 };

	if (mpz_sizeinbase(number, 2) > 127)
		return false;
	mpz_export(words, NULL, -1, sizeof words[0], 0, 0, number);
	__int128 value = (__int128)((unsigned __int128)words[1] << 64 | words[0]);
	*ret_value = mpz_sgn(number) < 0 ? -value : value;
	return true;
}

static void multiply_by_power(mpz_t number, int exponent)
{
	mpz_t power;

	mpz_init(power);
	mpz_ui_pow_ui(power, 10, (unsigned long)exponent);
	mpz_mul(number, number, power);
	mpz_clear(power);
}

/* number = number / divisor, rounded; false when UNNECESSARY would round. */
static bool divide_rounded(mpz_t number, const mpz_t divisor, enum weir_rounding rounding)
{
	mpz_t rest;
	bool exact = true;

	mpz_init(rest);
	int sign = mpz_sgn(number) * mpz_sgn(divisor);
	mpz_tdiv_qr(number, rest, number, divisor);
	if (mpz_sgn(rest) != 0) {
		exact = rounding != WEIR_ROUND_UNNECESSARY;
		mpz_mul_2exp(rest, rest, 1);
		if (rounding == WEIR_ROUND_HALF_UP && mpz_cmpabs(rest, divisor) >= 0) {
			if (sign > 0)
				mpz_add_ui(number, number, 1);
			else
				mpz_sub_ui(number, number, 1);
		}
	}
	mpz_clear(rest);
	return exact;
}

static bool rescale_mpz(mpz_t number, int from_scale, int to_scale, enum weir_rounding rounding)
{
	if (to_scale >= from_scale) {
		multiply_by_power(number, to_scale - from_scale);
		return true;
	}
	mpz_t power;
	mpz_init(power);
	mpz_ui_pow_ui(power, 10, (unsigned long)(from_scale - to_scale));
	bool ok = divide_rounded(number, power, rounding);
	mpz_clear(power);
	return ok;
}

/* ---- Scale ---- */

bool weir_decimal_rescale(__int128 value, int from_scale, int to_scale, enum weir_rounding rounding, __int128 *ret_value)
{
	int shift = to_scale - from_scale;

	if (shift == 0 || value == 0) {
		*ret_value = value;
		return true;
	}
	if (shift > 0) {
		if (shift > MAX_DIGITS || weir_decimal_digits(value) + shift > MAX_DIGITS)
			return false;
		*ret_value = value * power_of_ten(shift);
		return true;
	}
	if (-shift > MAX_DIGITS) {
		if (rounding == WEIR_ROUND_UNNECESSARY)
			return false;
		*ret_value = 0;
		return true;
	}
	__int128 power = power_of_ten(-shift), quotient = value / power, rest = value % power;
	if (rest != 0 && rounding == WEIR_ROUND_UNNECESSARY)
		return false;
	if (rounding == WEIR_ROUND_HALF_UP && magnitude(rest) >= magnitude(power - (__int128)magnitude(rest)))
		quotient += value < 0 ? -1 : 1;
	*ret_value = quotient;
	return true;
}

int weir_decimal_compare(__int128 a, int scale_a, __int128 b, int scale_b)
{
	__int128 wide;

	if (scale_a == scale_b)
		return (a > b) - (a < b);
	if (scale_a < scale_b ? weir_decimal_rescale(a, scale_a, scale_b, WEIR_ROUND_UNNECESSARY, &wide)
			      : weir_decimal_rescale(b, scale_b, scale_a, WEIR_ROUND_UNNECESSARY, &wide))
		return scale_a < scale_b ? (wide > b) - (wide < b) : (a > wide) - (a < wide);
	/* The one that cannot be widened is the larger in magnitude. */
	return scale_a < scale_b ? (a < 0 ? -1 : 1) : (b < 0 ? 1 : -1);
}

/* ---- Arithmetic ---- */

static bool fail_digits(struct weir_err *err)
{
	return weir_err_set(err, WEIR_E_EVALUATE, "The result of DECIMAL arithmetic has more than %d digits", MAX_DIGITS);
}

/* Digits without the zeros behind them. */
static size_t significant_digits(const mpz_t number)
{
	mpz_t rest;
	size_t zeros = 0;

	mpz_init_set(rest, number);
	while (mpz_sgn(rest) != 0 && mpz_divisible_ui_p(rest, 10)) {
		mpz_divexact_ui(rest, rest, 10);
		zeros++;
	}
	mpz_abs(rest, rest);
	char *text = mpz_get_str(NULL, 10, rest);
	size_t digits = strlen(text);
	free(text);
	mpz_clear(rest);
	return digits;
}

/* x = x / y with *scale digits behind the point; false: the quotient has no exact value of at most `precision` digits. */
static bool divide_exactly(mpz_t x, int scale_a, mpz_t y, int scale_b, int precision, int *scale)
{
	/* So many digits more that any such quotient becomes whole. */
	int shift = precision + (int)mpz_sizeinbase(y, 10) + 1;
	mpz_t rest;

	mpz_init(rest);
	multiply_by_power(x, shift);
	mpz_tdiv_qr(x, rest, x, y);
	bool exact = mpz_sgn(rest) == 0 && significant_digits(x) <= (size_t)precision;
	mpz_clear(rest);
	*scale = scale_a - scale_b + shift;
	return exact;
}

/* x = x % y; false: the whole quotient has more than `precision` digits. */
static bool take_remainder(mpz_t x, const mpz_t y, int precision)
{
	mpz_t quotient;

	mpz_init(quotient);
	mpz_tdiv_qr(quotient, x, x, y);
	bool fits = significant_digits(quotient) <= (size_t)precision;
	mpz_clear(quotient);
	return fits;
}

/* x = x op y, with *scale digits behind the point. Quotients must be exact within the result type's precision (semantics §3.2). */
static bool operate(char op, mpz_t x, int scale_a, mpz_t y, int scale_b, int precision, int *scale)
{
	int common = scale_a > scale_b ? scale_a : scale_b;

	*scale = common;
	if (op == '*') {
		mpz_mul(x, x, y);
		*scale = scale_a + scale_b;
		return true;
	}
	if (op == '/')
		return divide_exactly(x, scale_a, y, scale_b, precision, scale);
	multiply_by_power(x, common - scale_a);
	multiply_by_power(y, common - scale_b);
	if (op == '%')
		return take_remainder(x, y, precision);
	if (op == '+')
		mpz_add(x, x, y);
	else
		mpz_sub(x, x, y);
	return true;
}

bool weir_decimal_arithmetic(char op, __int128 a, int scale_a, __int128 b, int scale_b, const struct weir_type *type,
	__int128 *ret_value, struct weir_err *err)
{
	mpz_t x, y;
	int scale;

	if (b == 0 && (op == '/' || op == '%'))
		return weir_err_set(err, WEIR_E_EVALUATE, "Division by zero");
	if ((op == '+' || op == '-') && scale_a == scale_b && scale_a == type->scale &&
		!__builtin_add_overflow(a, op == '+' ? b : -b, ret_value) && weir_decimal_fits(*ret_value, MAX_DIGITS - 1))
		return true;
	mpz_init(x);
	mpz_init(y);
	set_mpz(x, a);
	set_mpz(y, b);
	bool exact = operate(op, x, scale_a, y, scale_b, type->precision, &scale);
	rescale_mpz(x, scale, type->scale, WEIR_ROUND_HALF_UP);
	bool ok = get_mpz(x, ret_value);
	mpz_clear(x);
	mpz_clear(y);
	if (!exact)
		return weir_err_set(err, WEIR_E_EVALUATE, "The quotient has no exact value of at most %d digits", type->precision);
	return ok || fail_digits(err);
}

static bool fail_overflow(__int128 value, int scale, const struct weir_type *type, struct weir_err *err)
{
	struct weir_buf text;

	weir_buf_init(&text, 256);
	weir_decimal_print(&text, value, scale);
	weir_err_set(err, WEIR_E_EVALUATE, "%s does not fit DECIMAL(%d, %d)", weir_buf_cstr(&text), type->precision, type->scale);
	weir_buf_fini(&text);
	return false;
}

/* |value| < 10^(precision - scale of the type) */
static bool whole_part_fits(__int128 value, int scale, const struct weir_type *type)
{
	return weir_decimal_fits(value, type->precision - type->scale + scale);
}

bool weir_decimal_cast(__int128 value, int scale, const struct weir_type *type, __int128 *ret_value, struct weir_err *err)
{
	if (!whole_part_fits(value, scale, type) || !weir_decimal_rescale(value, scale, type->scale, WEIR_ROUND_HALF_UP, ret_value))
		return fail_overflow(value, scale, type, err);
	return true;
}

bool weir_decimal_fit(__int128 value, int scale, const struct weir_type *type, __int128 *ret_value, struct weir_err *err)
{
	if (!whole_part_fits(value, scale, type))
		return fail_overflow(value, scale, type, err);
	if (weir_decimal_rescale(value, scale, type->scale, WEIR_ROUND_UNNECESSARY, ret_value))
		return true;
	fail_overflow(value, scale, type, err);
	return weir_err_advise(err, "It would have to be rounded.");
}

/* ---- Conversion ---- */

bool weir_decimal_parse(struct weir_slice text, __int128 *ret_value, int *ret_scale)
{
	unsigned __int128 value = 0;
	int scale = 0, digits = 0;
	bool negative = false, point = false, any = false;
	size_t i = 0;

	if (text.len && (text.ptr[0] == '-' || text.ptr[0] == '+'))
		negative = text.ptr[i++] == '-';
	for (; i < text.len; i++) {
		char c = text.ptr[i];
		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9')
			break;
		any = true;
		if ((value || c != '0') && ++digits > MAX_DIGITS)
			return false;
		value = value * 10 + (unsigned)(c - '0');
		scale += point;
	}
	if (!any)
		return false;
	int64_t exponent = 0;
	if (i < text.len) {
		if ((text.ptr[i] != 'e' && text.ptr[i] != 'E') ||
			!weir_slice_to_i64(weir_slice_make(text.ptr + i + 1, text.len - i - 1), &exponent) || exponent > 100000 ||
			exponent < -100000)
			return false;
	}
	*ret_value = negative ? -(__int128)value : (__int128)value;
	*ret_scale = scale - (int)exponent;
	return true;
}

double weir_decimal_to_double(__int128 value, int scale)
{
	if (scale >= 0 && scale <= 22 && magnitude(value) < ((unsigned __int128)1 << 53))
		return (double)value / (double)power_of_ten(scale); /* both exact: one rounding */
	struct weir_buf text;
	weir_buf_init(&text, 256);
	weir_decimal_print(&text, value, scale);
	double number = strtod(weir_buf_cstr(&text), NULL);
	weir_buf_fini(&text);
	return number;
}

bool weir_decimal_from_double(double number, __int128 *ret_value, int *ret_scale)
{
	struct weir_buf text;

	if (!isfinite(number))
		return false;
	weir_buf_init(&text, 64);
	weir_double_print(&text, number);
	bool ok = weir_decimal_parse(weir_buf_slice(&text), ret_value, ret_scale);
	weir_buf_fini(&text);
	return ok;
}

int64_t weir_decimal_to_i64(__int128 value, int scale)
{
	__int128 whole = 0;

	if (scale < 0 || !weir_decimal_rescale(value, scale, 0, WEIR_ROUND_DOWN, &whole)) {
		for (whole = value; scale < 0; scale++)
			whole = (__int128)((unsigned __int128)whole * 10);
	}
	return (int64_t)whole;
}

static size_t digits_of(unsigned __int128 value, char digits[40])
{
	char reversed[40];
	size_t count = 0;

	do {
		reversed[count++] = (char)('0' + (int)(value % 10));
		value /= 10;
	} while (value);
	for (size_t i = 0; i < count; i++)
		digits[i] = reversed[count - 1 - i];
	return count;
}

static void append_zeros(struct weir_buf *out, int count)
{
	for (int i = 0; i < count; i++)
		weir_buf_append_byte(out, '0');
}

void weir_decimal_print_plain(struct weir_buf *out, __int128 value, int scale)
{
	char digits[40];
	int count = (int)digits_of(magnitude(value), digits);

	if (value < 0)
		weir_buf_append_byte(out, '-');
	if (scale <= 0) {
		weir_buf_append(out, digits, (size_t)count);
		if (value != 0)
			append_zeros(out, -scale);
		return;
	}
	if (count <= scale) {
		weir_buf_append_text(out, "0.");
		append_zeros(out, scale - count);
		weir_buf_append(out, digits, (size_t)count);
		return;
	}
	weir_buf_append(out, digits, (size_t)(count - scale));
	weir_buf_append_byte(out, '.');
	weir_buf_append(out, digits + count - scale, (size_t)scale);
}

void weir_decimal_print(struct weir_buf *out, __int128 value, int scale)
{
	char digits[40];
	int count = (int)digits_of(magnitude(value), digits), exponent = count - 1 - scale;

	if (scale >= 0 && exponent >= -6) {
		weir_decimal_print_plain(out, value, scale);
		return;
	}
	if (value < 0)
		weir_buf_append_byte(out, '-');
	weir_buf_append_byte(out, digits[0]);
	if (count > 1) {
		weir_buf_append_byte(out, '.');
		weir_buf_append(out, digits + 1, (size_t)count - 1);
	}
	if (exponent)
		weir_buf_printf(out, "E%+d", exponent);
}

size_t weir_decimal_to_bytes(__int128 value, unsigned char ret_bytes[16])
{
	unsigned char all[16];
	size_t first = 0;

	for (int i = 15; i >= 0; i--, value >>= 8)
		all[i] = (unsigned char)value;
	while (first < 15 && ((all[first] == 0 && !(all[first + 1] & 0x80)) || (all[first] == 0xFF && (all[first + 1] & 0x80))))
		first++;
	memcpy(ret_bytes, all + first, 16 - first);
	return 16 - first;
}

bool weir_decimal_from_bytes(struct weir_slice bytes, __int128 *ret_value)
{
	if (bytes.len == 0) {
		*ret_value = 0;
		return true;
	}
	bool negative = bytes.ptr[0] & 0x80;
	while (bytes.len > 16) {
		if ((unsigned char)bytes.ptr[0] != (negative ? 0xFF : 0))
			return false;
		bytes = weir_slice_make(bytes.ptr + 1, bytes.len - 1);
	}
	unsigned __int128 value = negative ? ~(unsigned __int128)0 : 0;
	for (size_t i = 0; i < bytes.len; i++)
		value = value << 8 | (unsigned char)bytes.ptr[i];
	if (negative != ((__int128)value < 0) || weir_decimal_digits((__int128)value) > MAX_DIGITS)
		return false;
	*ret_value = (__int128)value;
	return true;
}
