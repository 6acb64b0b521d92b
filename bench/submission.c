// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From the write to the execlist port to the context status entry that a driver sees, beside two
 * threads that wake each other: no engine can answer sooner.
 */
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include "bench.h"
#include "machine.h"

/* Each waits until it is its turn. */
struct table_tennis {
	pthread_mutex_t lock;
	pthread_cond_t changed[2];
	int turn;
	bool over;
};

static bool await_turn(struct table_tennis *game, int me)
{
	while (game->turn != me && !game->over)
		pthread_cond_wait(&game->changed[me], &game->lock);
	return !game->over;
}

static void hand_over(struct table_tennis *game, int to)
{
	game->turn = to;
	pthread_cond_signal(&game->changed[to]);
}

static void *other_side(void *opaque)
{
	struct table_tennis *game = opaque;

	pthread_mutex_lock(&game->lock);
	while (await_turn(game, 1))
		hand_over(game, 0);
	pthread_mutex_unlock(&game->lock);
	return NULL;
}

static void play(void *opaque, uint64_t times)
{
	struct table_tennis *game = opaque;

	pthread_mutex_lock(&game->lock);
	while (times--) {
		hand_over(game, 1);
		await_turn(game, 0);
	}
	pthread_mutex_unlock(&game->lock);
}

static double measure_threads(void)
{
	struct table_tennis game = { .turn = 0 };
	struct bench_rate rate = { play, &game, 1 };
	pthread_t thread;
	double result;

	pthread_mutex_init(&game.lock, NULL);
	pthread_cond_init(&game.changed[0], NULL);
	pthread_cond_init(&game.changed[1], NULL);
	if (pthread_create(&thread, NULL, other_side, &game))
		bench_die("no thread");
	result = bench_measure(&rate);
	pthread_mutex_lock(&game.lock);
	game.over = true;
	pthread_cond_signal(&game.changed[1]);
	pthread_mutex_unlock(&game.lock);
	pthread_join(thread, NULL);
	return result;
}

static void submit(void *opaque, uint64_t times)
{
	while (times--)
		machine_submit_nothing(opaque);
}

void bench_submission(void)
{
	struct machine *machine = machine_new(MACHINE_RCS);
	struct bench_rate rate = { submit, machine, 1 };
	struct bench_result result = { "submission",	  "empty request, port to status",
				       BENCH_TRIPS,	  bench_measure(&rate),
				       measure_threads(), "two threads in turn" };

	bench_report(&result);
	machine_free(machine);
}
