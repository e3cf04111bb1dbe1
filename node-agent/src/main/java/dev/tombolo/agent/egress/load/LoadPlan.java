package dev.tombolo.agent.egress.load;

import dev.tombolo.agent.egress.load.GatewayLoad.AddressLoad;
import dev.tombolo.agent.egress.load.GatewayLoad.State;
import dev.tombolo.bpf.egress.NatUse.AddressUse;
import dev.tombolo.bpf.egress.NatUse.Destination;
import dev.tombolo.kube.object.MeshNodeObject.Problem;
import dev.tombolo.model.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** What a gateway's load means, and what a person should do about it. */
public final class LoadPlan {
    private static final int HIGH = 80;
    private static final int LOW = 70;

    /** A word that is said for a moment only is read by nobody. */
    static final int LATELY_MINUTES = 5;

    private LoadPlan() {}

    static boolean isFull(boolean before, int entries, int capacity) {
        return isHigh(before, entries, capacity);
    }

    /** Once high, it is so until it is clearly low: what is at the border does not come and go. */
    private static boolean isHigh(boolean before, int used, int all) {
        return all > 0 && 100L * used >= (long) (before ? LOW : HIGH) * all;
    }

    /**
     * An address.
     *
     * @param use null where it has no connection
     * @param lately whether connections were refused lately
     */
    static AddressLoad address(int ports, AddressUse use, long refused, boolean lately, State before) {
        int used = use == null ? 0 : use.ports();
        var state = lately
                ? State.REFUSING
                : isHigh(before != State.FINE, used, ports) ? State.NEARLY_EXHAUSTED : State.FINE;
        return new AddressLoad(
                use == null ? 0 : use.connections(),
                ports,
                used,
                Optional.ofNullable(use).map(AddressUse::busiest).map(LoadPlan::text),
                refused,
                state);
    }

    private static String text(Destination destination) {
        String protocol = switch (destination.protocol()) {
            case 1 -> "ICMP";
            case 6 -> "TCP";
            case 17 -> "UDP";
            case 58 -> "ICMPv6";
            default -> "protocol " + destination.protocol();
        };
        var address = destination.address();
        return destination.port() == 0
                ? address + " " + protocol
                : (address.isV4() ? address : "[" + address + "]") + ":" + destination.port() + " " + protocol;
    }

    /** What a person should mend. Says no number that changes with every connection. */
    public static List<Problem> problems(GatewayLoad load, UnaryOperator<String> setting) {
        var problems = new ArrayList<Problem>();
        new TreeMap<>(load.addresses())
                .forEach((address, of) -> said(address, of)
                        .ifPresent(said -> problems.add(new Problem(
                                "egress address " + address,
                                said,
                                "give its policies another egress IP, or more gateways (annotation"
                                        + " egress.tombolo.dev/max-gateways where the address does not float);"
                                        + " tombolo egress list -o json shows the destination"))));
        if (load.full()) {
            problems.add(new Problem(
                    "map eg_nat",
                    saidOfTranslations(),
                    "tombolo upgrade --set " + setting.apply("eg_nat") + "=NUMBER with more than " + load.capacity()
                            + ", or give the policies more gateways"));
        }
        return problems;
    }

    /** Empty where there is nothing to say. */
    static Optional<String> said(IpAddress address, AddressLoad of) {
        return switch (of.state()) {
            case FINE -> Optional.empty();
            case NEARLY_EXHAUSTED ->
                Optional.of(
                        HIGH + " % of the ports of " + address + towards(of) + " are in use, or were until shortly");
            case REFUSING ->
                Optional.of("connections from " + address + " were refused in the last " + LATELY_MINUTES
                        + " minutes: no free port" + towards(of));
        };
    }

    private static String towards(AddressLoad of) {
        return of.destination().map(destination -> " towards " + destination).orElse("");
    }

    static String saidOfTranslations() {
        return HIGH
                + " % of the room for connections is in use, or was until shortly; new ones are dropped once it is full";
    }
}
