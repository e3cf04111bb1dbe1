package dev.tombolo.agent.egress.legs;

import dev.tombolo.agent.egress.legs.Sight.RouteQuestion;
import dev.tombolo.kube.object.NodeLegs;
import dev.tombolo.kube.object.NodeLegs.Leg;
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
        legs.addAll(CrossingRouteLegPlan.legs(duty.crossings(), sight));
        legs.addAll(ForwardingLegPlan.legs(duty.crossings(), sight));
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
        duty.exits().forEach(exit -> {
            exit.on()
                    .ifPresent(place -> exit.destinations().forEach(range -> {
                        routes.add(RoutesSeen.question(range, Optional.of(place.device())));
                        routes.add(RoutesSeen.question(range, Optional.empty()));
                    }));
            settings.addAll(RouteLegPlan.settings(exit));
        });
        routes.addAll(CrossingRouteLegPlan.questions(duty.crossings()));
        settings.addAll(ForwardingLegPlan.settings(duty.crossings()));
        duty.ways().forEach(way -> tunnels.add(way.device()));
        duty.gatewayDevice().ifPresent(device -> tunnels.add(device.name()));
        return new Questions(settings, routes, tunnels, duty.crossings().podDevices());
    }
}
