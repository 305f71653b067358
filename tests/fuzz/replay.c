/* Runs a fuzzer's entry point over the files of a folder (its corpus and past findings), and over each file cut short at a few
 * places. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint8_t *read_file(const char *path, size_t *ret_size)
{
	FILE *file = fopen(path, "rb");

	if (!file)
		return NULL;
	uint8_t *data = malloc(1 << 24);
	*ret_size = fread(data, 1, 1 << 24, file);
	fclose(file);
	return data;
}

/* An exact heap copy, so that a sanitizer sees the first byte read too far. */
static void run(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static void replay(const char *path)
{
	size_t size;
	uint8_t *data = read_file(path, &size);

	if (!data)
		return;
	run(data, size);
	for (size_t part = 1; part < 16; part++)
		run(data, size * part / 16);
	free(data);
}

int main(int argc, char **argv)
{
	int files = 0;

	for (int i = 1; i < argc; i++) {
		DIR *folder = opendir(argv[i]);
		struct dirent *entry;
		while (folder && (entry = readdir(folder))) {
			char path[4096];
			if (entry->d_name[0] == '.')
				continue;
			snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
			replay(path);
			files++;
		}
		if (folder)
			closedir(folder);
	}
	printf("%d files replayed\n", files);
	return files ? 0 : 1;
}
