/* "Did you mean …?": the nearest of the names that exist. */
#include "base/memory.h"
#include "catalog/catalog.h"

#include <stdlib.h>

#define MAX_NAME_BYTES 64

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : (unsigned char)c;
}

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t smaller = a < b ? a : b;

	return smaller < c ? smaller : c;
}

/* Insertions, deletions, substitutions between two short names, case ignored. */
static size_t edit_distance(struct weir_slice a, struct weir_slice b)
{
	size_t row[MAX_NAME_BYTES + 1];

	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			size_t above = row[j];

			row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (lower(a.ptr[i - 1]) != lower(b.ptr[j - 1])));
			diagonal = above;
		}
	}
	return row[b.len];
}

static size_t distance_limit(struct weir_slice name)
{
	size_t third = (name.len + 2) / 3;

	return third > 3 ? 3 : third;
}

struct weir_slice weir_nearest_name(struct weir_slice name, const struct weir_slice *names, size_t count)
{
	struct weir_slice best = { 0 };
	size_t best_distance = distance_limit(name) + 1;

	if (name.len > MAX_NAME_BYTES)
		return best;
	for (size_t i = 0; i < count; i++) {
		if (names[i].len > MAX_NAME_BYTES)
			continue;
		size_t distance = edit_distance(name, names[i]);
		if (distance < best_distance) {
			best_distance = distance;
			best = names[i];
		}
	}
	return best;
}

struct weir_slice weir_catalog_suggest_source(const struct weir_catalog *catalog, struct weir_slice name)
{
	struct weir_slice best = { 0 };
	size_t count = 0, i = 0;

	while (weir_catalog_source_at(catalog, count))
		count++;
	struct weir_slice *names = weir_alloc((count + 1) * sizeof *names);
	for (i = 0; i < count; i++)
		names[i] = weir_catalog_source_at(catalog, i)->name;
	best = weir_nearest_name(name, names, count);
	free(names);
	return best;
}
