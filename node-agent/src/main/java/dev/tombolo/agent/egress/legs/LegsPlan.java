package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.legs.Sight.RouteQuestion;
import dev.tombolo.kube.object.NodeLegs;
import dev.tombolo.kube.object.NodeLegs.Leg;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Which legs of a node hold, by what was seen of them. */
final class LegsPlan {
    /** A status has to fit into etcd: what is broken comes first then. */
    private static final int MOST_LEGS = 300;

    private static final Comparator<Leg> ORDER = Comparator.comparing(Leg::leg).thenComparing(Leg::of);

    /** An address that no network has, for a range that is everything. */
    private static final IpAddress ANYWHERE = IpAddress.parse("192.88.99.1");

    private static final IpAddress ANYWHERE_V6 = IpAddress.parse("2001:db8::1");

    private LegsPlan() {}

    static NodeLegs legs(Duty duty, Sight sight) {
        var legs = new ArrayList<Leg>();
        for (var exit : duty.exits()) {
            legs.add(AddressLegPlan.address(exit));
            AddressLegPlan.owner(exit).ifPresent(legs::add);
            exit.on().ifPresent(place -> {
                legs.add(DeviceLegPlan.device(exit, place, sight));
                legs.add(RouteLegPlan.route(exit, place, sight));
                legs.add(RouteLegPlan.reversePath(exit, place, sight));
                legs.add(MtuLegPlan.exit(duty, exit, place, sight));
            });
        }
        duty.ways().forEach(way -> {
            legs.add(CarrierLegPlan.gateway(way, sight));
            MtuLegPlan.way(way, sight).ifPresent(legs::add);
        });
        duty.gatewayDevice()
                .ifPresent(device -> legs.add(CarrierLegPlan.device(device.name(), device.policies(), sight)));
        legs.addAll(ForwardingLegPlan.legs(duty, sight));
        duty.works().forEach(work -> legs.add(work(work)));
        return new NodeLegs(bounded(legs), duty.held());
    }

    private static Leg work(Duty.Work work) {
        var note = new LegNote(work.leg(), work.of(), List.of());
        return work.failure()
                .map(why -> note.broken(why, work.done(), work.cause(), work.fix()))
                .orElseGet(() -> note.holds(work.done()));
    }

    private static List<Leg> bounded(List<Leg> legs) {
        return legs.stream()
                .distinct()
                .sorted(Comparator.comparing((Leg leg) -> leg.state() == NodeLegs.State.Holds))
                .limit(MOST_LEGS)
                .sorted(ORDER)
                .toList();
    }

    /** What has to be looked at for that. */
    static Questions questions(Duty duty) {
        var settings = new HashSet<String>();
        var routes = new HashSet<RouteQuestion>();
        var tunnels = new HashSet<String>();
        var forwarded = new HashSet<String>();
        duty.exits().forEach(exit -> {
            forwarded.addAll(exit.podDevices());
            exit.on()
                    .ifPresent(place -> exit.destinations().forEach(range -> {
                        routes.add(new RouteQuestion(sample(range), Optional.of(place.device())));
                        routes.add(new RouteQuestion(sample(range), Optional.empty()));
                    }));
            settings.addAll(RouteLegPlan.settings(exit));
        });
        settings.addAll(ForwardingLegPlan.settings(duty));
        duty.ways().forEach(way -> tunnels.add(way.device()));
        duty.gatewayDevice().ifPresent(device -> tunnels.add(device.name()));
        return new Questions(settings, routes, tunnels, forwarded);
    }

    /** An address of a range. */
    static IpAddress sample(Prefix range) {
        if (range.length() > 0) {
            return range.address();
        }
        return range.isV4() ? ANYWHERE : ANYWHERE_V6;
    }
}
