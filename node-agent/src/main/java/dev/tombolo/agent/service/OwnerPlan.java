package dev.tombolo.agent.service;

import dev.tombolo.bpf.service.Reach;
import dev.tombolo.bpf.service.ServiceScope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whose an address is that several services have. Nothing else keeps two from naming the same external address. */
public final class OwnerPlan {
    private OwnerPlan() {}

    /** A service that is not reached under an address of its own, because that is another one's. */
    public record Contest(ServedService loser, Frontend place, ServedService owner) {}

    /**
     * The one whose address it is in the cluster, or else the oldest, or else the first by name. All rows of the place are
     * its own, or those inside would reach another service than those outside.
     */
    static Optional<ServedService> owner(Stream<ServedService> services, Frontend place) {
        return services.min(Comparator.<ServedService, Boolean>comparing(service -> !isOfCluster(service, place))
                .thenComparing(ServedService.OLDEST_FIRST));
    }

    private static boolean isOfCluster(ServedService service, Frontend place) {
        var set = service.ports().get(place);
        return set != null && set.clients().reach() == Reach.CLUSTER;
    }

    /** In the order of places. */
    public static List<Contest> contests(Collection<ServedService> services) {
        var claims = new HashMap<Frontend, List<ServedService>>();
        for (var service : services) {
            service.ports().keySet().stream()
                    .map(frontend -> frontend.in(ServiceScope.EVERYBODY))
                    .distinct()
                    .forEach(place -> claims.computeIfAbsent(place, _ -> new ArrayList<>(1))
                            .add(service));
        }
        var contests = new ArrayList<Contest>();
        claims.forEach((place, claimants) -> {
            var owner = owner(claimants.stream(), place).orElseThrow();
            claimants.stream()
                    .filter(claimant -> claimant != owner)
                    .forEach(loser -> contests.add(new Contest(loser, place, owner)));
        });
        contests.sort(Comparator.comparing(Contest::place));
        return contests;
    }
}
