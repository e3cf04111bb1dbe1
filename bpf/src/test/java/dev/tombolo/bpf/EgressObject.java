package dev.tombolo.bpf;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tombolo.bpf.egress.EgressAction;
import dev.tombolo.bpf.egress.EgressAddress;
import dev.tombolo.bpf.egress.EgressAddressKey;
import dev.tombolo.bpf.egress.EgressGateway;
import dev.tombolo.bpf.egress.EgressGatewayKey;
import dev.tombolo.bpf.egress.EgressGroup;
import dev.tombolo.bpf.egress.EgressGroupKey;
import dev.tombolo.bpf.egress.EgressInternal;
import dev.tombolo.bpf.egress.EgressInternalKey;
import dev.tombolo.bpf.egress.EgressMaps;
import dev.tombolo.bpf.egress.EgressRule;
import dev.tombolo.bpf.egress.EgressRuleKey;
import dev.tombolo.bpf.egress.EgressSource;
import dev.tombolo.bpf.egress.EgressSourceKey;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The programs with the rows of a small cluster. Pods are 10.1.0.0/16; set 7 reaches 203.0.113.0/24 by group 1 with
 * egress address 198.51.100.7.
 */
final class EgressObject implements AutoCloseable {
    static final int PORT_MIN = 32_768;
    static final int PORT_MAX = 60_999;
    private static final Map<Integer, String> VERDICTS = Map.of(-1, "pass", 2, "drop", 7, "redirect");

    /** By room for translations. */
    private interface Programs {
        BpfObject withRoomFor(int translations) throws IOException;
    }

    final BpfObject object;
    final EgressMaps maps;
    private final int translations;
    private Map<String, Long> before;

    EgressObject(int translations) throws Exception {
        this(translations, LoadedEgress::take);
    }

    /** With counters, events and their pace that no test before it has touched. */
    static EgressObject fresh(int translations) throws Exception {
        return new EgressObject(translations, LoadedEgress::load);
    }

    private EgressObject(int translations, Programs programs) throws Exception {
        assumeTrue(BpfSupport.check() instanceof BpfSupport.Available, () -> "skipped: " + BpfSupport.check());
        this.translations = translations;
        object = programs.withRoomFor(translations);
        maps = EgressMaps.of(object);
        maps.internal().put(EgressInternalKey.of(Prefix.parse("10.0.0.0/8")), new EgressInternal(0));
        source("10.1.0.2", EgressSource.ofSet(7));
        source("10.1.0.3", EgressSource.HELD);
        source("10.1.0.4", EgressSource.ofSet(8));
        rule(7, "203.0.113.0/24", EgressAction.GATEWAY, 1);
        source("2001:db8:1::2", EgressSource.ofSet(7));
        maps.internal().put(EgressInternalKey.of(Prefix.parse("2001:db8:1::/48")), new EgressInternal(0));
        rule(7, "2001:db8:9::/48", EgressAction.GATEWAY, 1);
        rule(7, "203.0.113.128/25", EgressAction.EXCLUDE, 0);
        rule(7, "203.0.113.66/32", EgressAction.DROP, 0);
        rule(7, "203.0.113.77/32", EgressAction.GATEWAY, 9);
        rule(8, "0.0.0.0/0", EgressAction.GATEWAY, 2);
        rule(EgressRuleKey.UNION, "203.0.113.0/24", EgressAction.GATEWAY, 1);
        maps.groups().put(new EgressGroupKey(1), EgressGroup.of(List.of(11)));
        maps.groups().put(new EgressGroupKey(2), EgressGroup.of(List.of(12)));
        maps.gateways().put(new EgressGatewayKey(11), EgressGateway.remote(1, 1420));
        maps.gateways().put(new EgressGatewayKey(12), EgressGateway.LOCAL);
        address(1, "198.51.100.7", PORT_MIN, PORT_MAX);
        address(1, "2001:db8:7::7", PORT_MIN, PORT_MAX);
        address(2, "198.51.100.8", PORT_MIN, PORT_MAX);
    }

    void source(String pod, EgressSource row) throws Exception {
        maps.sources().put(new EgressSourceKey(IpAddress.parse(pod)), row);
    }

    void rule(int setId, String range, EgressAction action, int group) throws Exception {
        maps.rules().put(EgressRuleKey.of(setId, Prefix.parse(range)), new EgressRule(action, group, 70));
    }

    /** As it is where the group's address moves from gateway to gateway. */
    void follow(int setId, String range, int group) throws Exception {
        var row = new EgressRule(EgressAction.GATEWAY, group, 70, EgressRule.FOLLOWS);
        maps.rules().put(EgressRuleKey.of(setId, Prefix.parse(range)), row);
    }

    void address(int group, String address, int portMin, int portMax) throws Exception {
        var parsed = IpAddress.parse(address);
        var key = new EgressAddressKey(group, parsed.isV4() ? 4 : 6);
        maps.addresses().put(key, new EgressAddress(parsed, 1, portMin, portMax));
    }

    /** @param mtu of the way to pods there; 0 for that of the carrier */
    void internal(String range, int mtu) throws Exception {
        maps.internal().put(EgressInternalKey.of(Prefix.parse(range)), new EgressInternal(mtu));
    }

    BpfObject.TestRun run(String program, String packet) throws Exception {
        return run(program, Frame.of(packet), 0, 0);
    }

    /** A pod's packet on its way out of the pod's node: the run of the program that had the last word on it. */
    BpfObject.TestRun leave(String packet) throws Exception {
        var steered = run("egress_source", packet);
        return steered.mark() == 0 ? steered : run("egress_local", steered.packet(), steered.mark(), 0);
    }

    BpfObject.TestRun run(String program, byte[] frame, int mark, int segmentSize) throws Exception {
        return run(program, frame, mark, segmentSize, 0);
    }

    /** @param cameBy the device that it came by; 0: it is the node's own */
    BpfObject.TestRun run(String program, byte[] frame, int mark, int segmentSize, int cameBy) throws Exception {
        before = counters();
        return object.testRun(program, frame, mark, segmentSize, cameBy);
    }

    /** The verdict, and what the last run counted: {@code "drop DROP_HELD"}. */
    String outcome(BpfObject.TestRun run) throws Exception {
        var counted = counters();
        String reasons = counted.entrySet().stream()
                .filter(counter -> !counter.getValue().equals(before.get(counter.getKey())))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(" "));
        return (VERDICTS.get(run.verdict()) + " " + reasons).trim();
    }

    Map<String, Long> counters() throws Exception {
        return new Counters(object)
                .byReason().stream()
                        .collect(Collectors.toMap(Counters.Counter::reason, Counters.Counter::packets, Long::sum));
    }

    @Override
    public void close() throws BpfException {
        Branches.add(object);
        LoadedEgress.giveBack(translations, object);
    }
}
