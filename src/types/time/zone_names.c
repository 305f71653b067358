/* English zone names. A zone without an entry goes by its id. */
#include "types/time/zone_int.h"

#include <strings.h>

struct names {
	const char *by_style[6];
	const char *zones; /* separated by blanks */
};

static const struct names all[] = {
#define ZONE_NAMES(short_, short_summer, short_generic, long_, long_summer, long_generic, zones_)                                  \
	{ { short_, short_summer, short_generic, long_, long_summer, long_generic }, zones_ },
#include "types/time/zone_names.def"
#undef ZONE_NAMES
};

struct parse_name {
	const char *name, *zone;
	bool is_long;
};

static const struct parse_name parse_names[] = {
#define ZONE_SHORT_NAME(name_, zone_) { name_, zone_, false },
#define ZONE_LONG_NAME(name_, zone_)  { name_, zone_, true },
#include "types/time/zone_parse.def"
#undef ZONE_SHORT_NAME
#undef ZONE_LONG_NAME
};

static bool has_zone(const char *zones, struct weir_slice id)
{
	const char *at = zones;

	while (*at) {
		size_t len = strcspn(at, " ");
		if (len == id.len && memcmp(at, id.ptr, len) == 0)
			return true;
		at += len;
		at += *at == ' ';
	}
	return false;
}

struct weir_slice weir_zone_name(const struct weir_zone *zone, enum weir_zone_name_style style)
{
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (has_zone(all[i].zones, zone->id))
			return all[i].by_style[style] ? weir_slice_of(all[i].by_style[style]) : zone->id;
	return zone->id;
}

static bool starts_with(struct weir_slice text, const char *prefix, size_t len)
{
	return len <= text.len && strncasecmp(text.ptr, prefix, len) == 0;
}

struct weir_slice weir_zone_id_of_prefix(struct weir_slice text, size_t *ret_used)
{
	struct weir_slice best = { 0 };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		for (const char *at = all[i].zones; *at;) {
			size_t len = strcspn(at, " ");
			if (len > best.len && starts_with(text, at, len))
				best = weir_slice_make(at, len);
			at += len;
			at += *at == ' ';
		}
	*ret_used = best.len;
	return best;
}

struct weir_slice weir_zone_id_of_name(struct weir_slice text, bool is_long, size_t *ret_used)
{
	struct weir_slice best = weir_zone_id_of_prefix(text, ret_used);

	for (size_t i = 0; i < sizeof parse_names / sizeof *parse_names; i++) {
		size_t len = strlen(parse_names[i].name);
		if (parse_names[i].is_long == is_long && len > *ret_used && starts_with(text, parse_names[i].name, len)) {
			best = weir_slice_of(parse_names[i].zone);
			*ret_used = len;
		}
	}
	return best;
}
