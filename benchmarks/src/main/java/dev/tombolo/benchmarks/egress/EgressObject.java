package dev.tombolo.benchmarks.egress;

import dev.tombolo.benchmarks.kernel.Frames;
import dev.tombolo.bpf.BpfException;
import dev.tombolo.bpf.BpfObject;
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

/**
 * The egress programs, attached nowhere, with the rows of so many policies: each selects one pod, names five ranges and
 * shares one of a hundred addresses.
 */
final class EgressObject implements AutoCloseable {
    /** The verdict of a packet that goes to another device. */
    static final int REDIRECTED = 7;

    /** And of one that the stack or another program decides on. */
    static final int PASSED = -1;

    /** Of a packet on its way through the stack to a gateway. */
    static final int STEERED = 0x1000;

    private static final int RANGES = 5;
    private static final int RANGE_SIZE = 256;
    private static final int GROUPS = 100;
    private static final int FIRST_GATEWAY = 1_000;
    private static final int LOOPBACK = 1;
    private static final int CARRIER_MTU = 1_420;
    private static final int FIRST_PORT = 1_024;
    private static final int LAST_PORT = 65_535;
    private static final IpAddress PODS = IpAddress.parse("10.0.0.1");
    private static final IpAddress OUTSIDE = IpAddress.parse("20.0.0.0");
    private static final IpAddress ADDRESSES = IpAddress.parse("198.51.100.0");

    private final int policies;
    private final BpfObject object;
    private final EgressMaps maps;

    EgressObject(int policies) throws IOException {
        this.policies = policies;
        object = BpfObject.open("egress").constant("carrier_l3_offset", Frames.L3);
        object.load();
        maps = EgressMaps.of(object);
        maps.internal().put(EgressInternalKey.of(Prefix.parse("10.0.0.0/8")), new EgressInternal(0));
        for (int group = 0; group < Math.min(policies, GROUPS); group++) {
            int gateway = FIRST_GATEWAY + group;
            maps.gateways().put(new EgressGatewayKey(gateway), EgressGateway.remote(LOOPBACK, CARRIER_MTU));
            maps.groups().put(new EgressGroupKey(1 + group), EgressGroup.of(List.of(gateway)));
            address(1 + group, FIRST_PORT, LAST_PORT);
        }
        for (int policy = 0; policy < policies; policy++) {
            policy(policy);
        }
    }

    private void policy(int policy) throws BpfException {
        int set = 1 + policy;
        for (int range = 0; range < RANGES; range++) {
            var prefix = new Prefix(OUTSIDE.plus((long) RANGE_SIZE * (policy * RANGES + range)), 24);
            maps.rules()
                    .put(
                            EgressRuleKey.of(set, prefix),
                            new EgressRule(EgressAction.GATEWAY, 1 + policy % GROUPS, 1 + policy));
            maps.rules().put(EgressRuleKey.of(EgressRuleKey.UNION, prefix), new EgressRule(EgressAction.DROP, 0, 0));
        }
        select(pod(policy), set);
    }

    void select(IpAddress pod, int set) throws BpfException {
        maps.sources().put(new EgressSourceKey(pod), EgressSource.ofSet(set));
    }

    /** What new flows of a group get. */
    void address(int group, int portMin, int portMax) throws BpfException {
        maps.addresses()
                .put(
                        new EgressAddressKey(group, 4),
                        new EgressAddress(ADDRESSES.plus(group), LOOPBACK, portMin, portMax));
    }

    static IpAddress addressOf(int group) {
        return ADDRESSES.plus(group);
    }

    int policies() {
        return policies;
    }

    EgressMaps maps() {
        return maps;
    }

    static IpAddress pod(int policy) {
        return PODS.plus(policy);
    }

    /** Within one of the ranges of a policy. */
    static IpAddress destination(int policy, int number) {
        return OUTSIDE.plus((long) RANGE_SIZE * (policy * RANGES + number % RANGES) + 1 + number % (RANGE_SIZE - 2));
    }

    BpfObject.TestRun run(String program, byte[] frame) throws BpfException {
        return run(program, frame, 0);
    }

    BpfObject.TestRun run(String program, byte[] frame, int mark) throws BpfException {
        return object.testRun(program, frame, mark, 0);
    }

    @Override
    public void close() {
        object.close();
    }
}
