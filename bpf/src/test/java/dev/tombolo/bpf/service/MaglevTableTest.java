package dev.tombolo.bpf.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tombolo.model.net.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables as nodes would write them. */
class MaglevTableTest {
    private static final int SLOTS = 16_381;

    @Test
    void nobodysTableDependsOnWhatWasLearntFirst() {
        var shuffled = new ArrayList<>(backends(100, _ -> 1));
        Collections.shuffle(shuffled, new Random(7));
        assertThat(places(shuffled)).isEqualTo(places(backends(100, _ -> 1)));
    }

    /** Or a version that fills it otherwise would move connections from node to node while it is rolled out. */
    @Test
    void theTableIsTheSameInAllVersions() {
        assertThat(MaglevTable.of(backends(3, number -> number + 1), 13))
                .containsExactly(2, 2, 1, 2, 0, 2, 1, 2, 0, 0, 1, 2, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 33, 100, 1_000})
    void everyBackendHasItsShare(int count) {
        var slots = slotsEach(backends(count, _ -> 1), SLOTS);
        assertThat(Arrays.stream(slots).max().orElseThrow()
                        - Arrays.stream(slots).min().orElseThrow())
                .isLessThanOrEqualTo(1);
    }

    @ParameterizedTest(name = "1 of {0} leaves")
    @CsvSource({"33, 0.015", "100, 0.015", "160, 0.02"})
    void whoLeavesMovesFewOfTheOthers(int count, double most) {
        var all = backends(count, _ -> 1);
        var before = places(all);
        for (int gone = 0; gone < count; gone += 11) {
            var left = all.get(gone);
            var after = places(all.stream().filter(backend -> backend != left).toList());
            long others =
                    Arrays.stream(before).filter(place -> !place.equals(left)).count();
            long moved = IntStream.range(0, SLOTS)
                    .filter(slot -> !before[slot].equals(left) && !before[slot].equals(after[slot]))
                    .count();
            assertThat((double) moved / others).as("without %s", left).isLessThanOrEqualTo(most);
        }
    }

    @ParameterizedTest(name = "{0} and {1} in {2} slots")
    @CsvSource({"3, 1, 1021", "80, 20, 1021", "80, 20, 4093", "65535, 1, 4093", "7, 5, 16381"})
    void sharesAreInProportionToWeights(int heavy, int light, int size) {
        var slots = slotsEach(backends(8, number -> number % 2 == 0 ? heavy : light), size);
        double heavyShare = IntStream.range(0, 4).mapToDouble(i -> slots[2 * i]).sum() / size;
        assertThat(heavyShare).isCloseTo((double) heavy / (heavy + light), within(0.01));
        assertThat(slots).as("nobody is left out").doesNotContain(0);
    }

    @ParameterizedTest
    @CsvSource({
        "CLUSTER, 100, 1, 0",
        "CLUSTER, 2, 5, 1021",
        "CLUSTER, 40, 5, 16381",
        "OUTSIDE, 32, 1, 0",
        "OUTSIDE, 33, 1, 16381",
        "OUTSIDE, 2, 5, 4093",
        "NODE_PORT_LOCAL, 33, 1, 16381",
        "OUTSIDE, 8190, 1, 16381",
        "OUTSIDE, 8191, 1, 0"
    })
    void aTableIsAsLargeAsIsNeeded(Reach reach, int count, int weightOfTheFirst, int size) {
        var rows = backends(count, number -> number == 0 ? weightOfTheFirst : 1).stream()
                .map(backend -> BackendRow.of(backend, 1))
                .toArray(BackendRow[]::new);
        assertThat(TableSize.of(reach, rows)).isEqualTo(size);
    }

    private static int[] slotsEach(List<ServiceBackend> backends, int size) {
        var slots = new int[backends.size()];
        Arrays.stream(MaglevTable.of(backends, size)).forEach(number -> slots[number]++);
        return slots;
    }

    /** As an entry puts them in order. */
    private static ServiceBackend[] places(List<ServiceBackend> backends) {
        var inOrder = new ServiceEntry(backends, true).backends();
        return Arrays.stream(MaglevTable.of(inOrder, SLOTS))
                .mapToObj(inOrder::get)
                .toArray(ServiceBackend[]::new);
    }

    private static List<ServiceBackend> backends(int count, IntUnaryOperator weight) {
        return IntStream.range(0, count)
                .mapToObj(number -> new ServiceBackend(
                        IpAddress.parse("10.1.0.0").plus(number),
                        8080,
                        1,
                        BackendState.ACTIVE,
                        weight.applyAsInt(number)))
                .toList();
    }
}
