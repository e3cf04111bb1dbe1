package dev.tombolo.agent.egress.connections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.BpfObject;
import dev.tombolo.bpf.BpfSupport;
import dev.tombolo.bpf.egress.EgressAction;
import dev.tombolo.bpf.egress.EgressInternal;
import dev.tombolo.bpf.egress.EgressInternalKey;
import dev.tombolo.bpf.egress.EgressMaps;
import dev.tombolo.bpf.egress.EgressRule;
import dev.tombolo.bpf.egress.EgressRuleKey;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.bpf.egress.EgressSourceKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of the kernel's maps, by the kernel's own look-ups. */
class SteeringTest {
    @AutoClose
    private BpfObject object;

    private EgressMaps maps;

    @BeforeEach
    void load() throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        object = BpfObject.open("egress")
                .maxEntries("eg_nat", 64)
                .maxEntries("eg_flow", 64)
                .load();
        maps = EgressMaps.of(object);
        rule(1, "198.51.100.0/24", EgressAction.GATEWAY);
        rule(1, "198.51.100.128/25", EgressAction.EXCLUDE);
        rule(1, "198.51.100.200/32", EgressAction.GATEWAY);
        rule(1, "203.0.113.0/24", EgressAction.DROP);
        rule(1, "2001:db8::/32", EgressAction.GATEWAY);
        rule(2, "0.0.0.0/0", EgressAction.GATEWAY);
        rule(EgressRuleKey.UNION, "198.51.100.0/24", EgressAction.DROP);
        maps.internal().put(EgressInternalKey.of(Prefix.parse("10.0.0.0/8")), new EgressInternal(0));
        source("10.1.0.2", EgressSource.ofSet(1));
        source("fd00::2", EgressSource.ofSet(1));
        source("10.1.0.3", EgressSource.ofSet(2));
        source("10.1.0.4", EgressSource.HELD);
    }

    private void rule(int set, String range, EgressAction action) throws Exception {
        maps.rules().put(EgressRuleKey.of(set, Prefix.parse(range)), new EgressRule(action, 1, 1));
    }

    private void source(String pod, EgressSource row) throws Exception {
        maps.sources().put(new EgressSourceKey(IpAddress.parse(pod)), row);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.2, 198.51.100.7,   STEERED",
        "10.1.0.2, 198.51.100.129, NOT_STEERED",
        "10.1.0.2, 198.51.100.200, STEERED",
        "10.1.0.2, 203.0.113.1,    NOT_STEERED",
        "10.1.0.2, 192.0.2.1,      NOT_STEERED",
        "fd00::2,  2001:db8::7,    STEERED",
        "fd00::2,  2001:dead::7,   NOT_STEERED",
        "10.1.0.3, 192.0.2.1,      STEERED",
        "10.1.0.3, 10.9.0.1,       NOT_STEERED",
        "10.1.0.4, 198.51.100.7,   HELD",
        "10.1.0.4, 10.9.0.1,       HELD",
        "10.1.0.9, 198.51.100.7,   NOT_STEERED"
    })
    void readsTheRowsAsTheDataPathDoes(String pod, String destination, Fate expected) throws Exception {
        var steering = new Steering(maps);
        for (int again = 0; again < 2; again++) {
            assertThat(steering.fate(IpAddress.parse(pod), IpAddress.parse(destination)))
                    .isEqualTo(expected);
        }
    }
}
