/* Compiled time zone files (RFC 8536), the 64-bit part of version 2 and later. Bytes from outside: every count is checked. */
#include "types/time/zone_int.h"

#define HEADER_BYTES 44

struct header {
	char version;
	uint32_t utc_flags, std_flags, leaps, times, types, chars;
};

static uint32_t be32(const char *at)
{
	const unsigned char *b = (const unsigned char *)at;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static int64_t be64(const char *at)
{
	return (int64_t)((uint64_t)be32(at) << 32 | be32(at + 4));
}

static bool read_header(struct weir_slice bytes, size_t at, struct header *ret)
{
	if (bytes.len < at + HEADER_BYTES || memcmp(bytes.ptr + at, "TZif", 4) != 0)
		return false;
	const char *p = bytes.ptr + at;
	*ret = (struct header){ p[4], be32(p + 20), be32(p + 24), be32(p + 28), be32(p + 32), be32(p + 36), be32(p + 40) };
	return ret->utc_flags <= 256 && ret->std_flags <= 256 && ret->leaps < 4096 && ret->times < 16384 && ret->types <= 256 &&
	       ret->types > 0 && ret->chars < 4096;
}

static size_t body_bytes(const struct header *header, size_t time_bytes)
{
	return header->times * (time_bytes + 1) + header->types * 6u + header->chars + header->leaps * (time_bytes + 4) +
	       header->std_flags + header->utc_flags;
}

static bool read_transitions(
	struct weir_arena *arena, const struct header *header, const char *times, bool is_inverted, struct weir_zone *zone)
{
	const char *indexes = times + header->times * 8u, *types = indexes + header->times;
	int64_t *instants = WEIR_ARENA_ARRAY(arena, int64_t, header->times + 1);
	int32_t *offsets = WEIR_ARENA_ARRAY(arena, int32_t, header->times + 1);
	bool *summers = WEIR_ARENA_ARRAY(arena, bool, header->times + 1);

	for (size_t i = 0; i < header->times; i++) {
		unsigned char type = (unsigned char)indexes[i];
		instants[i] = be64(times + i * 8);
		if (type >= header->types || (i && instants[i] < instants[i - 1]))
			return false;
		offsets[i] = (int32_t)be32(types + type * 6u);
		summers[i] = (types[type * 6u + 4] != 0) != is_inverted;
		if (offsets[i] < -90000 || offsets[i] > 90000)
			return false;
	}
	zone->first_offset = (int32_t)be32(types);
	zone->count = header->times;
	zone->instants = instants;
	zone->offsets = offsets;
	zone->summers = summers;
	return zone->first_offset >= -90000 && zone->first_offset <= 90000;
}

bool weir_tzif_read(struct weir_arena *arena, struct weir_slice bytes, struct weir_zone *ret)
{
	struct header header;
	struct weir_zone zone = { .id = ret->id };

	if (!read_header(bytes, 0, &header) || header.version < '2')
		return false;
	size_t at = HEADER_BYTES + body_bytes(&header, 4);
	if (!read_header(bytes, at, &header))
		return false;
	at += HEADER_BYTES;
	size_t footer = at + body_bytes(&header, 8);
	if (footer > bytes.len)
		return false;
	if (footer + 1 < bytes.len && bytes.ptr[footer] == '\n') {
		const char *start = bytes.ptr + footer + 1, *end = memchr(start, '\n', bytes.len - footer - 1);
		if (end && end > start && !weir_zone_rule_parse(weir_slice_make(start, (size_t)(end - start)), &zone.rule))
			return false;
	}
	bool is_inverted = zone.rule.has_summer && zone.rule.summer < zone.rule.standard;
	if (!read_transitions(arena, &header, bytes.ptr + at, is_inverted, &zone))
		return false;
	*ret = zone;
	return true;
}
