/* Slice helpers that are too long to be inline. */
#include "base/slice.h"

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool weir_slice_equals_nocase(struct weir_slice a, struct weir_slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.ptr[i]) != lower(b.ptr[i]))
			return false;
	return true;
}

bool weir_slice_starts_with(struct weir_slice slice, struct weir_slice prefix)
{
	return slice.len >= prefix.len && weir_slice_equals(weir_slice_make(slice.ptr, prefix.len), prefix);
}

bool weir_slice_ends_with(struct weir_slice slice, struct weir_slice suffix)
{
	return slice.len >= suffix.len &&
	       weir_slice_equals(weir_slice_make(slice.ptr + slice.len - suffix.len, suffix.len), suffix);
}

struct weir_slice weir_slice_trim(struct weir_slice slice)
{
	while (slice.len && is_space(slice.ptr[0])) {
		slice.ptr++;
		slice.len--;
	}
	while (slice.len && is_space(slice.ptr[slice.len - 1]))
		slice.len--;
	return slice;
}

/* Greedy with one remembered star: linear in practice, quadratic at worst. */
bool weir_slice_matches_glob(struct weir_slice text, struct weir_slice glob)
{
	size_t t = 0, g = 0, star = SIZE_MAX, retry = 0;

	while (t < text.len) {
		if (g < glob.len && glob.ptr[g] == '*') {
			star = g++;
			retry = t;
		} else if (g < glob.len && (glob.ptr[g] == '?' || glob.ptr[g] == text.ptr[t])) {
			g++;
			t++;
		} else if (star != SIZE_MAX) {
			g = star + 1;
			t = ++retry;
		} else {
			return false;
		}
	}
	while (g < glob.len && glob.ptr[g] == '*')
		g++;
	return g == glob.len;
}

bool weir_slice_to_i64(struct weir_slice slice, int64_t *ret_value)
{
	size_t i = 0;
	bool negative = false;
	int64_t value = 0;

	if (slice.len && (slice.ptr[0] == '-' || slice.ptr[0] == '+')) {
		negative = slice.ptr[0] == '-';
		i = 1;
	}
	if (i == slice.len)
		return false;
	for (; i < slice.len; i++) {
		if (slice.ptr[i] < '0' || slice.ptr[i] > '9')
			return false;
		int digit = slice.ptr[i] - '0';
		if (__builtin_mul_overflow(value, 10, &value))
			return false;
		if (negative ? __builtin_sub_overflow(value, digit, &value) : __builtin_add_overflow(value, digit, &value))
			return false;
	}
	*ret_value = value;
	return true;
}

/* Multiply-and-fold over 8-byte words (the idea of wyhash); reads stay inside the slice. */
static uint64_t fold(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t weir_slice_hash(struct weir_slice slice)
{
	const uint64_t k0 = 0xa0761d6478bd642fULL, k1 = 0xe7037ed1a0b428dbULL;
	uint64_t hash = k0 ^ slice.len;
	const char *p = slice.ptr;
	size_t left = slice.len;

	for (; left >= 8; left -= 8, p += 8) {
		uint64_t word;
		memcpy(&word, p, 8);
		hash = fold(hash ^ word, k1);
	}
	if (left) {
		uint64_t word = 0;
		memcpy(&word, p, left);
		hash = fold(hash ^ word, k0);
	}
	return fold(hash, k1 ^ slice.len);
}
