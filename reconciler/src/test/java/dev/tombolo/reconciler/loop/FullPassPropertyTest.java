package dev.tombolo.reconciler.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.reconciler.table.Table;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Changes that come while a full pass reads its target. */
class FullPassPropertyTest {
    private static final int KEYS = 12;
    private static final int FIRST_PASS = 1;
    private static final int CHANGED_PASS = 2;
    private static final int PASS_AFTER = 3;
    private static final long LONGEST_SECONDS = 20;

    @Property(tries = 300)
    void areMadeBeforeThePassIsOverAndStay(@ForAll long seed) throws InterruptedException {
        var desired = new Table<Integer, Integer>("numbers");
        var target = new SlowlyRead(desired, new Random(seed));
        desired.replaceAll(target.randomRows());
        desired.markInitialized();
        var reconciler = new Reconciler<>(desired, target, Duration.ofHours(1), Clock.systemUTC(), new Random(seed));
        target.known = reconciler.applied();
        try (reconciler) {
            reconciler.start();
            for (int pass = FIRST_PASS; pass <= PASS_AFTER; pass++) {
                assertThat(target.begun.tryAcquire(LONGEST_SECONDS, TimeUnit.SECONDS))
                        .isTrue();
                reconciler.requestFullPass();
            }
        }
        assertThat(target.problems).isEmpty();
    }

    /** Changes the table and says what it is to look like while it is read; rows are also changed behind the loop's back. */
    private static final class SlowlyRead implements Target<Integer, Integer> {
        private final Table<Integer, Integer> desired;
        private final Random random;
        private final Map<Integer, Integer> rows = new TreeMap<>();
        private final Set<Integer> refused = new HashSet<>();
        private final List<String> problems = new ArrayList<>();
        private final Semaphore begun = new Semaphore(0);
        private Table<Integer, Integer> known;
        private int passes;

        SlowlyRead(Table<Integer, Integer> desired, Random random) {
            this.desired = desired;
            this.random = random;
            rows.putAll(randomRows());
        }

        private Map<Integer, Integer> randomRows() {
            var some = new HashMap<Integer, Integer>();
            for (int key = 0; key < KEYS; key++) {
                if (random.nextBoolean()) {
                    some.put(key, random.nextInt(3));
                }
            }
            return some;
        }

        @Override
        public Map<Integer, Integer> observe() {
            throw new AssertionError("it takes long");
        }

        @Override
        public Map<Integer, Integer> observe(Runnable between) {
            passes++;
            if (passes > FIRST_PASS) {
                isMadeEqual(desired);
                isMadeEqual(known);
            }
            if (passes == CHANGED_PASS) {
                rows.putAll(randomRows());
                rows.keySet().removeIf(_ -> random.nextInt(4) == 0);
            }
            var read = read(between);
            begun.release();
            return read;
        }

        private void isMadeEqual(Table<Integer, Integer> table) {
            var wanted = table.snapshot().toMap();
            if (!rows.equals(wanted)) {
                problems.add("there is " + rows + " after a pass, and in " + table.name() + " is " + wanted);
            }
        }

        private Map<Integer, Integer> read(Runnable between) {
            var read = new HashMap<Integer, Integer>();
            var changed = new HashSet<Integer>();
            for (int key = 0; key < KEYS; key++) {
                if (rows.containsKey(key)) {
                    read.put(key, rows.get(key));
                }
                if (passes == CHANGED_PASS && random.nextBoolean()) {
                    change(changed);
                    between.run();
                    compare(changed);
                }
            }
            refused.clear();
            return read;
        }

        private void change(Set<Integer> changed) {
            int key = random.nextInt(KEYS);
            var before = desired.snapshot().get(key);
            if (random.nextBoolean()) {
                desired.remove(key);
            } else {
                desired.put(key, random.nextInt(3));
            }
            if (!before.equals(desired.snapshot().get(key))) {
                changed.add(key);
            }
            if (random.nextInt(4) == 0) {
                refused.add(key);
            }
        }

        private void compare(Set<Integer> changed) {
            for (int key : changed) {
                if (!refused.contains(key) && !isWanted(key, Optional.ofNullable(rows.get(key)))) {
                    problems.add(key + " waits for the pass");
                }
            }
        }

        private boolean isWanted(int key, Optional<Integer> value) {
            return desired.snapshot().get(key).equals(value);
        }

        @Override
        public void put(Integer key, Integer value) throws IOException {
            make(key, Optional.of(value));
            rows.put(key, value);
        }

        @Override
        public void remove(Integer key) throws IOException {
            make(key, Optional.empty());
            rows.remove(key);
        }

        private void make(int key, Optional<Integer> value) throws IOException {
            if (!isWanted(key, value)) {
                problems.add(key + " is made " + value + ", which was wanted before");
            }
            if (refused.contains(key)) {
                throw new IOException("not now");
            }
        }
    }
}
