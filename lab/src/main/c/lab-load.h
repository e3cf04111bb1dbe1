/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of lab-load share: what was asked for, and what became of a request. */
#pragma once

enum kind { OK, DNS, REFUSED, UNREACHABLE, TIMEOUT, RESET, OTHER, KINDS };

/* Written before the threads start. */
extern struct options {
	char host[256], port[16], path[512];
	long total, rate, timeout_ms, duration, bulk;
	int keepalive, udp, until_eof, concurrency, connections;
} options;

double now(void);

/* Asks over a connection, which is made where fd is -1, as it is again where it was not to be kept. */
enum kind ask(int *fd);

/* Who answered, and as whom it saw who asked. */
void credit(const char *body);

void prepare_report(void);
void count_request(enum kind result, double seconds);

/* One line of JSON; what the program ends with. */
int report(double begin);
