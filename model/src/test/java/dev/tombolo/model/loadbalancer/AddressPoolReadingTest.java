package dev.tombolo.model.loadbalancer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.model.loadbalancer.AddressPoolSpec.Block;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressPoolReadingTest {
    private static final Instant CREATED = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void everyFieldIsRead() {
        var pool = read(new AddressPoolSpec(
                        List.of(cidr("192.0.2.0/29"), ends("192.0.2.20", "192.0.2.29"), ends("2001:db8::1", null)),
                        Optional.of(new SelectorSpec(Map.of("team", "red"), List.of())),
                        Optional.of("No"),
                        true))
                .pool()
                .orElseThrow();
        assertThat(pool.created()).isEqualTo(CREATED);
        assertThat(pool.services()).isEqualTo(LabelSelector.of(Map.of("team", "red")));
        assertThat(pool.disabled()).isTrue();
        assertThat(pool.blocks())
                .extracting(block -> block.all() + " " + block.free())
                .containsExactly(
                        "192.0.2.0-192.0.2.7 192.0.2.1-192.0.2.6",
                        "192.0.2.20-192.0.2.29 192.0.2.20-192.0.2.29",
                        "2001:db8::1 2001:db8::1");
        assertThat(pool.size()).isEqualTo(17);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/30, 192.0.2.1-192.0.2.2",
        "192.0.2.0/31, 192.0.2.0-192.0.2.1",
        "192.0.2.7/32, 192.0.2.7",
        "2001:db8::/126, 2001:db8::1-2001:db8::2",
        "2001:db8::/127, 2001:db8::-2001:db8::1",
        "2001:db8::/64, 2001:db8::1-2001:db8::ffff:ffff:ffff:fffe"
    })
    void theEndsOfACidrAreKeptBackWhereSomethingIsLeft(String cidr, String free) {
        var spec = new AddressPoolSpec(List.of(cidr(cidr)), Optional.empty(), Optional.of("No"), false);
        assertThat(read(spec).pool().orElseThrow().blocks().getFirst().free()).hasToString(free);
    }

    @Test
    void aBlockOfAnySizeIsCountedAndNotWrittenOut() {
        assertThat(read(blocks(cidr("2000::/4"))).pool().orElseThrow().size()).isEqualTo(BigInteger.TWO.pow(124));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/33,,, BAD_CONFIGURATION",
        "192.0.2.0,,, BAD_CONFIGURATION",
        "everything,,, BAD_CONFIGURATION",
        "192.0.2.0/24, 192.0.2.1,, BAD_CONFIGURATION",
        ", 192.0.2.9, 192.0.2.1, BAD_CONFIGURATION",
        ", 192.0.2.9, 2001:db8::1, BAD_CONFIGURATION",
        ",, 192.0.2.9, BAD_CONFIGURATION",
        ",,, BAD_CONFIGURATION",
        "0.0.0.0/0,,, ADDRESS_FORBIDDEN",
        "127.0.0.0/24,,, ADDRESS_FORBIDDEN",
        "::/0,,, ADDRESS_FORBIDDEN",
        "fe80::/64,,, ADDRESS_FORBIDDEN",
        ", 223.255.255.1, 224.0.0.9, ADDRESS_FORBIDDEN"
    })
    void aBlockThatCannotBeMeantIsLeftOutAndTheOthersAreInForce(
            String cidr, String start, String stop, Invalid.Reason reason) {
        var bad = new Block(Optional.ofNullable(cidr), Optional.ofNullable(start), Optional.ofNullable(stop));
        var reading = read(blocks(bad, cidr("192.0.2.64/26")));
        assertThat(reading.refused()).extracting(Invalid::reason).containsExactly(reason);
        assertThat(reading.refused().getFirst().where()).isEqualTo("CiliumLoadBalancerIPPool blue spec.blocks[0]");
        assertThat(reading.pool().orElseThrow().blocks())
                .extracting(AddressBlock::all)
                .hasToString("[192.0.2.64-192.0.2.127]");
    }

    @Test
    void whereItIsNotClearWhoMayHaveWhatThereIsNoPool() {
        var near = new SelectorSpec(Map.of(), List.of(new SelectorSpec.Expression("team", "Near", List.of())));
        var block = List.of(cidr("192.0.2.0/24"));
        var selector = read(new AddressPoolSpec(block, Optional.of(near), Optional.empty(), false));
        assertThat(selector.pool()).isEmpty();
        assertThat(selector.refused()).hasSize(1);
        var ends = read(new AddressPoolSpec(block, Optional.empty(), Optional.of("Perhaps"), false));
        assertThat(ends.pool()).isEmpty();
        assertThat(ends.refused()).hasSize(1);
    }

    @Test
    void aPoolOfNothingIsNoMistake() {
        assertThat(read(blocks())).isEqualTo(new AddressPoolReading("blue", Optional.empty(), List.of()));
    }

    private static AddressPoolReading read(AddressPoolSpec spec) {
        return AddressPoolReading.of("blue", CREATED, spec);
    }

    private static AddressPoolSpec blocks(Block... blocks) {
        return new AddressPoolSpec(List.of(blocks), null, null, false);
    }

    private static Block cidr(String cidr) {
        return new Block(Optional.of(cidr), Optional.empty(), Optional.empty());
    }

    private static Block ends(String start, String stop) {
        return new Block(Optional.empty(), Optional.of(start), Optional.ofNullable(stop));
    }
}
