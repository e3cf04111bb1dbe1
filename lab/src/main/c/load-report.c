// SPDX-License-Identifier: Apache-2.0
/* What became of the requests. */
#define _GNU_SOURCE
#include "lab-load.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES = 512, NAME = 96, SAMPLES = 1 << 20 };
static const char *kinds[KINDS] = { "ok", "dns", "refused", "unreachable", "timeout", "reset", "other" };

static atomic_long counts[KINDS], sampled;
static unsigned *samples;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct tally { char name[NAME]; long count; } responders[NAMES], sources[NAMES];

void prepare_report(void)
{
	samples = calloc(SAMPLES, sizeof(*samples));
}

void count_request(enum kind result, double seconds)
{
	atomic_fetch_add(&counts[result], 1);
	if (result == OK)
		samples[atomic_fetch_add(&sampled, 1) % SAMPLES] = seconds * 1e6;
}

static void field(const char *body, const char *key, char *out, size_t size)
{
	const char *at = strstr(body, key), *end;

	*out = 0;
	if (!at)
		return;
	at += strlen(key);
	end = strchr(at, '"');
	if (end)
		snprintf(out, size, "%.*s", (int)(end - at), at);
}

static void count(struct tally *tallies, const char *name)
{
	for (int i = 0; i < NAMES; i++) {
		if (!*tallies[i].name)
			strcpy(tallies[i].name, name);
		if (!strcmp(tallies[i].name, name)) {
			tallies[i].count++;
			break;
		}
	}
}

void credit(const char *body)
{
	char pod[48], cluster[32], name[NAME], source[NAME], *source_port;

	field(body, "\"pod\":\"", pod, sizeof(pod));
	field(body, "\"cluster\":\"", cluster, sizeof(cluster));
	field(body, "\"source\":\"", source, sizeof(source));
	snprintf(name, sizeof(name), "%s/%s", cluster, pod);
	source_port = strrchr(source, ':');
	if (source_port)
		*source_port = 0;
	/* Of [address]:port. */
	if (*source == '[') {
		source[strcspn(source, "]")] = 0;
		memmove(source, source + 1, strlen(source));
	}
	pthread_mutex_lock(&lock);
	count(responders, name);
	if (*source)
		count(sources, source);
	pthread_mutex_unlock(&lock);
}

static int ascending(const void *a, const void *b)
{
	unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

	return (x > y) - (x < y);
}

static void print_tallies(const struct tally *tallies)
{
	const char *comma = "";

	for (int i = 0; i < NAMES && *tallies[i].name; i++) {
		printf("%s\"%s\":%ld", comma, tallies[i].name, tallies[i].count);
		comma = ",";
	}
}

int report(double begin)
{
	long n = sampled < SAMPLES ? sampled : SAMPLES, sent = 0;
	const char *comma = "";

	qsort(samples, n, sizeof(*samples), ascending);
	for (int k = 0; k < KINDS; k++)
		sent += counts[k];
	printf("{\"sent\":%ld,\"ok\":%ld,\"errors\":{", sent, counts[OK]);
	for (int k = 1; k < KINDS; k++) {
		if (counts[k]) {
			printf("%s\"%s\":%ld", comma, kinds[k], counts[k]);
			comma = ",";
		}
	}
	printf("},\"responders\":{");
	print_tallies(responders);
	printf("},\"sources\":{");
	print_tallies(sources);
	printf("},\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"seconds\":%.2f}\n", n ? samples[n / 2] / 1e3 : 0,
	       n ? samples[n * 99 / 100] / 1e3 : 0, now() - begin);
	return sent > 0 && sent == counts[OK] ? 0 : 1;
}
