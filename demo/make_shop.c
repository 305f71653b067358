/* Plays a small shop on MySQL as Debezium would tell it: change events in Avro, with schemas that evolve in mid-stream.
 *
 *   make_shop schemas DIR          writes one registration request a schema: DIR/schemas/<number>.<subject>.json
 *   make_shop records DIR ID…      writes DIR/<topic>.jsonl for `weir topic produce --jsonl`; the ids as the registry gave them.
 *                                  DIR/expected: how many events the pipelines must make of them, one `<topic> <count>` a line
 *
 * The Avro encoder here is deliberately apart from weir's own: the demo must not agree with itself only.
 * The same seed gives the same data.
 */
#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define USERS     3000
#define EVENTS    60
#define SUBMITS   20000
#define PURCHASES 12000
#define TOGGLES   6000
#define START_MS  INT64_C(1710928800000) /* 2024-03-20T10:00:00Z */

/* ---- Bytes ---- */

struct bytes {
	unsigned char data[4096];
	size_t len;
};

static void put_byte(struct bytes *out, unsigned byte)
{
	assert(out->len < sizeof out->data);
	out->data[out->len++] = (unsigned char)byte;
}

static void put_long(struct bytes *out, int64_t value)
{
	uint64_t zigzag = ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);

	for (; zigzag >= 0x80; zigzag >>= 7)
		put_byte(out, (unsigned)(zigzag & 0x7f) | 0x80);
	put_byte(out, (unsigned)zigzag);
}

static void put_string(struct bytes *out, const char *text)
{
	put_long(out, (int64_t)strlen(text));
	for (; *text; text++)
		put_byte(out, (unsigned char)*text);
}

static void begin(struct bytes *out, int schema_id)
{
	out->len = 0;
	put_byte(out, 0);
	for (int shift = 24; shift >= 0; shift -= 8)
		put_byte(out, (unsigned)(schema_id >> shift) & 0xff);
}

static void print_base64(FILE *file, const struct bytes *in)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < in->len; i += 3) {
		unsigned a = in->data[i], b = i + 1 < in->len ? in->data[i + 1] : 0, c = i + 2 < in->len ? in->data[i + 2] : 0;
		unsigned word = a << 16 | b << 8 | c;
		putc(alphabet[word >> 18], file);
		putc(alphabet[word >> 12 & 63], file);
		putc(i + 1 < in->len ? alphabet[word >> 6 & 63] : '=', file);
		putc(i + 2 < in->len ? alphabet[word & 63] : '=', file);
	}
}

/* ---- Schemas ---- */

enum schema {
	NAME_KEY,
	NAME_VALUE,
	SUBMIT_KEY,
	SUBMIT_VALUE,
	SUBMIT_VALUE_2, /* with the column `channel` */
	PURCHASE_KEY,
	PURCHASE_VALUE,
	OPTION_KEY,
	OPTION_VALUE,
	SCHEMA_COUNT
};

struct schema_text {
	const char *subject;
	const char *table;  /* namespace */
	const char *fields; /* of a row; NULL: a key */
};

#define ID_FIELD "{\"name\":\"id\",\"type\":\"int\"}"
#define SUBMIT_FIELDS                                                                                                              \
	ID_FIELD ",{\"name\":\"user_id\",\"type\":\"int\"},{\"name\":\"event_id\",\"type\":[\"null\",\"int\"],\"default\":null},"  \
		 "{\"name\":\"created_at\",\"type\":{\"type\":\"string\",\"connect.version\":1,"                                   \
		 "\"connect.name\":\"io.debezium.time.ZonedTimestamp\"}}"

static const struct schema_text schema_texts[SCHEMA_COUNT] = {
	[NAME_KEY] = { "EVENT_MYSQL.EVENT.NAME-key", "EVENT_MYSQL.EVENT.NAME", NULL },
	[NAME_VALUE] = { "EVENT_MYSQL.EVENT.NAME-value", "EVENT_MYSQL.EVENT.NAME",
		ID_FIELD ",{\"name\":\"name\",\"type\":\"string\"}" },
	[SUBMIT_KEY] = { "EVENT_MYSQL.EVENT.SUBMIT-key", "EVENT_MYSQL.EVENT.SUBMIT", NULL },
	[SUBMIT_VALUE] = { "EVENT_MYSQL.EVENT.SUBMIT-value", "EVENT_MYSQL.EVENT.SUBMIT", SUBMIT_FIELDS },
	[SUBMIT_VALUE_2] = { "EVENT_MYSQL.EVENT.SUBMIT-value", "EVENT_MYSQL.EVENT.SUBMIT",
		SUBMIT_FIELDS ",{\"name\":\"channel\",\"type\":[\"null\",\"string\"],\"default\":null}" },
	[PURCHASE_KEY] = { "EVENT_MYSQL.SHOP.PURCHASE-key", "EVENT_MYSQL.SHOP.PURCHASE", NULL },
	[PURCHASE_VALUE] = { "EVENT_MYSQL.SHOP.PURCHASE-value", "EVENT_MYSQL.SHOP.PURCHASE",
		ID_FIELD ",{\"name\":\"user_id\",\"type\":\"int\"},{\"name\":\"item\",\"type\":\"string\"},"
			 "{\"name\":\"price\",\"type\":\"long\"},{\"name\":\"status\",\"type\":\"string\"},"
			 "{\"name\":\"created_at\",\"type\":\"string\"}" },
	[OPTION_KEY] = { "EVENT_MYSQL.SHOP.USER_OPTION-key", "EVENT_MYSQL.SHOP.USER_OPTION", NULL },
	[OPTION_VALUE] = { "EVENT_MYSQL.SHOP.USER_OPTION-value", "EVENT_MYSQL.SHOP.USER_OPTION",
		ID_FIELD ",{\"name\":\"push_enabled\",\"type\":{\"type\":\"int\",\"connect.type\":\"int16\"}},"
			 "{\"name\":\"updated_at\",\"type\":\"string\"}" },
};

static void print_schema(FILE *file, const struct schema_text *schema)
{
	if (!schema->fields) {
		fprintf(file,
			"{\"type\":\"record\",\"name\":\"Key\",\"namespace\":\"%s\",\"fields\":[" ID_FIELD
			"],\"connect.name\":\"%s.Key\"}",
			schema->table, schema->table);
		return;
	}
	fprintf(file,
		"{\"type\":\"record\",\"name\":\"Envelope\",\"namespace\":\"%s\",\"fields\":["
		"{\"name\":\"before\",\"type\":[\"null\",{\"type\":\"record\",\"name\":\"Value\",\"fields\":[%s],\"connect.name\":"
		"\"%s.Value\"}],"
		"\"default\":null},{\"name\":\"after\",\"type\":[\"null\",\"Value\"],\"default\":null},"
		"{\"name\":\"source\",\"type\":{\"type\":\"record\",\"name\":\"Source\",\"namespace\":\"io.debezium.connector."
		"mysql\",\"fields\":["
		"{\"name\":\"version\",\"type\":\"string\"},{\"name\":\"connector\",\"type\":\"string\"},{\"name\":\"name\","
		"\"type\":\"string\"},"
		"{\"name\":\"ts_ms\",\"type\":\"long\"},{\"name\":\"snapshot\",\"type\":[{\"type\":\"string\",\"connect.version\":"
		"1,"
		"\"connect.parameters\":{\"allowed\":\"true,first,first_in_data_collection,last_in_data_collection,last,false,"
		"incremental\"},"
		"\"connect.default\":\"false\",\"connect.name\":\"io.debezium.data.Enum\"},\"null\"],\"default\":\"false\"},"
		"{\"name\":\"db\",\"type\":\"string\"},{\"name\":\"table\",\"type\":[\"null\",\"string\"],\"default\":null},"
		"{\"name\":\"server_id\",\"type\":\"long\"},{\"name\":\"file\",\"type\":\"string\"},{\"name\":\"pos\",\"type\":"
		"\"long\"}],"
		"\"connect.name\":\"io.debezium.connector.mysql.Source\"}},"
		"{\"name\":\"transaction\",\"type\":[\"null\",{\"type\":\"record\",\"name\":\"block\",\"namespace\":\"event\","
		"\"fields\":["
		"{\"name\":\"id\",\"type\":\"string\"},{\"name\":\"total_order\",\"type\":\"long\"},{\"name\":\"data_collection_"
		"order\","
		"\"type\":\"long\"}],\"connect.version\":1,\"connect.name\":\"event.block\"}],\"default\":null},"
		"{\"name\":\"op\",\"type\":\"string\"},{\"name\":\"ts_ms\",\"type\":[\"null\",\"long\"],\"default\":null}],"
		"\"connect.version\":2,\"connect.name\":\"%s.Envelope\"}",
		schema->table, schema->fields, schema->table, schema->table);
}

static FILE *open_file(const char *format, ...)
{
	char path[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(path, sizeof path, format, args);
	va_end(args);
	FILE *file = fopen(path, "we");
	if (!file) {
		perror(path);
		exit(1);
	}
	return file;
}

/* The schema as text inside a JSON string. */
static void print_request(FILE *file, const struct schema_text *schema)
{
	char *text = NULL;
	size_t size;
	FILE *memory = open_memstream(&text, &size);

	print_schema(memory, schema);
	fclose(memory);
	fputs("{\"schema\":\"", file);
	for (const char *c = text; *c; c++) {
		if (*c == '"' || *c == '\\')
			putc('\\', file);
		putc(*c, file);
	}
	fputs("\"}\n", file);
	free(text);
}

static void write_schemas(const char *folder)
{
	for (int i = 0; i < SCHEMA_COUNT; i++) {
		FILE *file = open_file("%s/schemas/%d.%s.json", folder, i, schema_texts[i].subject);
		print_request(file, &schema_texts[i]);
		fclose(file);
	}
}

/* ---- The shop ---- */

struct topic {
	FILE *file;
	int key_id;
	const char *table;
};

struct shop {
	int ids[SCHEMA_COUNT];
	uint64_t random;
	int64_t now_ms;
	struct topic names, submits, purchases, options;
	int joined, buyers, switched; /* what the pipelines must find */
};

static unsigned below(struct shop *shop, unsigned limit)
{
	shop->random ^= shop->random << 13;
	shop->random ^= shop->random >> 7;
	shop->random ^= shop->random << 17;
	return (unsigned)(shop->random % limit);
}

static void print_iso(char *text, size_t size, int64_t time_ms)
{
	int64_t second = (time_ms - START_MS) / 1000 % 86400, day = (time_ms - START_MS) / 86400000;

	snprintf(text, size, "2024-03-%02dT%02d:%02d:%02dZ", (int)(20 + day), (int)((10 + second / 3600) % 24),
		(int)(second / 60 % 60), (int)(second % 60));
}

static void put_source(struct bytes *out, const struct shop *shop, const char *table, bool is_snapshot)
{
	put_string(out, "3.0.8.Final");
	put_string(out, "mysql");
	put_string(out, "EVENT_MYSQL");
	put_long(out, shop->now_ms);
	if (is_snapshot) {
		put_long(out, 0); /* branch "string" */
		put_string(out, "true");
	} else {
		put_long(out, 1); /* null: reads as the default "false" */
	}
	put_string(out, strchr(table, '.') ? "shop" : "event");
	put_long(out, 1);
	put_string(out, strrchr(table, '.') + 1);
	put_long(out, 223344);
	put_string(out, "mysql-bin.000003");
	put_long(out, shop->now_ms % 100000);
}

/* One record; value NULL: a tombstone. */
static void print_record(const struct topic *topic, int id, const struct bytes *value)
{
	struct bytes key;

	begin(&key, topic->key_id);
	put_long(&key, id);
	/* No timestamp: the record is stamped when it is produced, as Debezium's are. */
	fputs("{\"partition\":0,\"key_base64\":\"", topic->file);
	print_base64(topic->file, &key);
	if (!value) {
		fputs("\",\"value\":null}\n", topic->file);
		return;
	}
	fputs("\",\"value_base64\":\"", topic->file);
	print_base64(topic->file, value);
	fputs("\"}\n", topic->file);
}

struct row {
	int id;
	void (*put)(struct bytes *out, const struct row *row, int version);
	const char *text, *text2;
	int a, b;
	int64_t number;
	char time[32];
};

/* before or after NULL: there is none. */
static void change(
	struct shop *shop, const struct topic *topic, int schema, const char *op, const struct row *before, const struct row *after)
{
	struct bytes value;

	begin(&value, shop->ids[schema]);
	put_long(&value, before != NULL);
	if (before)
		before->put(&value, before, schema);
	put_long(&value, after != NULL);
	if (after)
		after->put(&value, after, schema);
	put_source(&value, shop, topic->table, *op == 'r');
	put_long(&value, 0); /* transaction */
	put_string(&value, op);
	put_long(&value, 1);
	put_long(&value, shop->now_ms);
	print_record(topic, (after ? after : before)->id, &value);
	shop->now_ms += 1 + below(shop, 40);
}

static void put_name(struct bytes *out, const struct row *row, int schema)
{
	(void)schema;
	put_long(out, row->id);
	put_string(out, row->text);
}

static void put_submit(struct bytes *out, const struct row *row, int schema)
{
	put_long(out, row->id);
	put_long(out, row->a);
	put_long(out, row->b != 0);
	if (row->b)
		put_long(out, row->b);
	put_string(out, row->time);
	if (schema == SUBMIT_VALUE_2) {
		put_long(out, 1);
		put_string(out, row->text);
	}
}

static void put_purchase(struct bytes *out, const struct row *row, int schema)
{
	(void)schema;
	put_long(out, row->id);
	put_long(out, row->a);
	put_string(out, row->text);
	put_long(out, row->number);
	put_string(out, row->text2);
	put_string(out, row->time);
}

static void put_option(struct bytes *out, const struct row *row, int schema)
{
	(void)schema;
	put_long(out, row->id);
	put_long(out, row->a);
	put_string(out, row->time);
}

static const char *const event_words[] = { "봄 맞이 이벤트", "여름 휴가 퀴즈", "가을 독서 모임", "겨울 나눔", "Spring sale",
	"첫 구매 감사", "出席チェック", "New year 🎉", "생일 축하 쿠폰", "친구 초대" };

static void write_names(struct shop *shop)
{
	static char texts[EVENTS + 1][80];

	for (int id = 1; id <= EVENTS; id++) {
		snprintf(texts[id], sizeof texts[id], id <= 10 ? "%s" : "%s %d", event_words[(id - 1) % 10], id);
		struct row row = { .id = id, .put = put_name, .text = texts[id] };
		change(shop, &shop->names, NAME_VALUE, id <= EVENTS / 2 ? "r" : "c", NULL, &row);
	}
	for (int id = 5; id <= EVENTS; id += 10) { /* renamed */
		struct row before = { .id = id, .put = put_name, .text = texts[id] }, after = before;
		char renamed[100];
		snprintf(renamed, sizeof renamed, "%s (앵콜)", texts[id]);
		after.text = renamed;
		change(shop, &shop->names, NAME_VALUE, "u", &before, &after);
	}
}

static void write_submits(struct shop *shop)
{
	static const char *const channels[] = { "app", "web", "kakao" };

	for (int id = 1; id <= SUBMITS; id++) {
		int schema = id > SUBMITS * 6 / 10 ? SUBMIT_VALUE_2 : SUBMIT_VALUE;
		struct row row = { .id = id,
			.put = put_submit,
			.a = id == 1 ? 1 : 1 + (int)below(shop, USERS),
			.text = channels[below(shop, 3)] };
		row.b = id == 1 ? 1 : (int)below(shop, EVENTS + 2); /* 0: no event; EVENTS + 1: one that is not known */
		shop->joined += row.b >= 1 && row.b <= EVENTS;
		print_iso(row.time, sizeof row.time, id == 1 ? START_MS : shop->now_ms);
		change(shop, &shop->submits, schema, id <= SUBMITS / 10 ? "r" : "c", NULL, &row);
		if (below(shop, 20) == 0) {
			struct row before = row;
			row.b = 1 + (int)below(shop, EVENTS);
			change(shop, &shop->submits, schema, "u", &before, &row);
		}
		if (below(shop, 50) == 0) {
			change(shop, &shop->submits, schema, "d", &row, NULL);
			print_record(&shop->submits, row.id, NULL);
		}
	}
}

static void write_purchases(struct shop *shop)
{
	bool has_bought[USERS + 1] = { false };
	static const char *const items[] = { "따뜻한 양말", "초콜릿 상자", "Notebook", "향초", "お茶セット", "Umbrella ☂" };

	for (int id = 1; id <= PURCHASES; id++) {
		struct row row = { .id = id,
			.put = put_purchase,
			.a = 1 + (int)below(shop, USERS),
			.text = items[below(shop, 6)],
			.text2 = "PAID",
			.number = 1000 * (1 + (int)below(shop, 90)) };
		shop->buyers += !has_bought[row.a];
		has_bought[row.a] = true;
		print_iso(row.time, sizeof row.time, shop->now_ms);
		change(shop, &shop->purchases, PURCHASE_VALUE, id <= 500 ? "r" : "c", NULL, &row);
		for (int times = (int)below(shop, 3); times > 0; times--) { /* paid → shipped → delivered */
			struct row before = row;
			row.text2 = times == 2 ? "SHIPPED" : "DELIVERED";
			change(shop, &shop->purchases, PURCHASE_VALUE, "u", &before, &row);
		}
	}
}

static void write_options(struct shop *shop)
{
	int enabled[USERS + 1];

	for (int user = 1; user <= USERS; user++) {
		struct row row = { .id = user, .put = put_option, .a = (int)below(shop, 2) };
		enabled[user] = row.a;
		print_iso(row.time, sizeof row.time, shop->now_ms);
		change(shop, &shop->options, OPTION_VALUE, "r", NULL, &row);
	}
	for (int i = 0; i < TOGGLES; i++) {
		int user = 1 + (int)below(shop, USERS);
		struct row before = { .id = user, .put = put_option, .a = enabled[user] }, after = before;
		if (below(shop, 3)) /* every third update leaves the option as it was */
			after.a = enabled[user] = !enabled[user];
		shop->switched += after.a != before.a;
		print_iso(before.time, sizeof before.time, shop->now_ms - 60000);
		print_iso(after.time, sizeof after.time, shop->now_ms);
		change(shop, &shop->options, OPTION_VALUE, "u", &before, &after);
	}
}

static void open_topic(struct topic *topic, const char *folder, const char *table, int key_id)
{
	topic->file = open_file("%s/%s.jsonl", folder, table);
	topic->table = table;
	topic->key_id = key_id;
}

static void write_expected(const struct shop *shop, const char *folder)
{
	FILE *file = open_file("%s/%s", folder, "expected");

	fprintf(file, "STREAM.EVENT.JOIN %d\nEVENT.FIRST.PURCHASE %d\nEVENT.PUSH.OPTION %d\n", shop->joined, shop->buyers,
		shop->switched);
	fclose(file);
}

static void write_records(const char *folder, char **ids)
{
	struct shop shop = { .random = 88172645463325252u, .now_ms = START_MS };

	for (int i = 0; i < SCHEMA_COUNT; i++)
		shop.ids[i] = atoi(ids[i]);
	open_topic(&shop.names, folder, "EVENT_MYSQL.EVENT.NAME", shop.ids[NAME_KEY]);
	open_topic(&shop.submits, folder, "EVENT_MYSQL.EVENT.SUBMIT", shop.ids[SUBMIT_KEY]);
	open_topic(&shop.purchases, folder, "EVENT_MYSQL.SHOP.PURCHASE", shop.ids[PURCHASE_KEY]);
	open_topic(&shop.options, folder, "EVENT_MYSQL.SHOP.USER_OPTION", shop.ids[OPTION_KEY]);
	write_names(&shop);
	write_submits(&shop);
	shop.now_ms = START_MS;
	write_purchases(&shop);
	shop.now_ms = START_MS;
	write_options(&shop);
	write_expected(&shop, folder);
	fclose(shop.names.file);
	fclose(shop.submits.file);
	fclose(shop.purchases.file);
	fclose(shop.options.file);
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "schemas") == 0) {
		write_schemas(argv[2]);
	} else if (argc == 3 + SCHEMA_COUNT && strcmp(argv[1], "records") == 0) {
		write_records(argv[2], argv + 3);
	} else {
		fprintf(stderr, "usage: make_shop schemas DIR | make_shop records DIR ID… (%d ids)\n", SCHEMA_COUNT);
		return 2;
	}
	return 0;
}
