package dev.tombolo.egress.plan;

import dev.tombolo.model.cluster.ClusterName;
import dev.tombolo.model.egress.EgressNode;
import dev.tombolo.model.egress.EgressPod;
import dev.tombolo.model.egress.EgressPolicy;
import dev.tombolo.model.egress.EgressSource;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.reconciler.table.PersistentMap;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@link PodSelection} selects, kept from one time to the next: pods that did not change are looked at again only when
 * something changed that selects, and in their set only if it is another one by now.
 */
final class KeptSelection {
    /** What no pod looks like any more is forgotten beyond so many. */
    private static final int SPARE_LOOKS = 1_024;

    private Selecting selecting;
    private PodSelection selection;
    private Map<Look, Look> looks = new HashMap<>();
    private Collection<EgressPod> pods = PodRows.none();
    private PersistentMap<IpAddress, Claim> claims = PersistentMap.empty();
    private SetTally tally = new SetTally();

    /** All that selects pods; of nodes nothing where no policy asks for it. */
    private record Selecting(
            ClusterName self,
            List<Selector> policies,
            Map<String, Map<String, String>> namespaces,
            Map<String, EgressNode> nodes) {
        private record Selector(String policy, List<EgressSource> sources, int entries, boolean zoned) {
            boolean asksForNodes() {
                return zoned
                        || sources.stream().anyMatch(source -> !source.nodes().selectsEverything());
            }
        }

        static Selecting of(EgressState state, List<EgressPolicy> policies) {
            var selectors = policies.stream()
                    .map(policy -> new Selector(
                            policy.name(),
                            policy.sources(),
                            policy.gateways().size(),
                            policy.preferences().sameZone()))
                    .toList();
            boolean nodes = selectors.stream().anyMatch(Selector::asksForNodes);
            return new Selecting(
                    state.self(), selectors, Map.copyOf(state.namespaces()), nodes ? labels(state) : Map.of());
        }

        /** What else there is of a node selects nothing. */
        private static Map<String, EgressNode> labels(EgressState state) {
            var nodes = PodSelection.nodes(state);
            nodes.replaceAll((_, node) -> new EgressNode(node.id(), node.labels(), true, false));
            return nodes;
        }
    }

    PodSelection.Selected selected(EgressState state, List<EgressPolicy> policies) {
        var now = Selecting.of(state, policies);
        if (!now.equals(selecting) || looks.size() > 2 * claims.size() + SPARE_LOOKS) {
            selectAgain(new PodSelection(state, new PolicyIndex(policies)));
            selecting = now;
        }
        take(state.pods());
        return new PodSelection.Selected(new SourceSets(claims, tally.addresses()), tally.pods());
    }

    private void selectAgain(PodSelection next) {
        var kept = new HashMap<Look, Look>();
        // Claims are in order, and stay so: to sort as many anew would cost more than to select.
        var changed = new LinkedHashMap<IpAddress, Optional<Claim>>();
        for (var row : claims) {
            var claim = seen(row.getValue(), next, kept).selectedBy(next);
            if (claim != row.getValue()) {
                changed.put(row.getKey(), Optional.of(claim));
            }
        }
        replace(changed);
        looks = kept;
        selection = next;
    }

    /** The look of a pod is the same unless policies ask for other things. */
    private static Claim seen(Claim claim, PodSelection by, Map<Look, Look> kept) {
        var look = by.look(claim.pod());
        if (look.node().equals(claim.look().node())) {
            kept.putIfAbsent(claim.look(), claim.look());
            return claim;
        }
        return claim.lookedAtBy(by);
    }

    private void take(Collection<EgressPod> now) {
        var changed = new HashMap<IpAddress, Optional<Claim>>();
        PodRows.forEachChange(pods, now, (before, after) -> {
            before.filter(KeptSelection::claims).ifPresent(pod -> drop(pod, changed));
            after.filter(KeptSelection::claims).ifPresent(pod -> add(pod, changed));
        });
        replace(changed);
        pods = now;
    }

    /** A pod on the host's network has no address of its own to claim. */
    private static boolean claims(EgressPod pod) {
        return !pod.hostNetwork() && !pod.addresses().isEmpty();
    }

    private void drop(EgressPod pod, Map<IpAddress, Optional<Claim>> changed) {
        for (var address : pod.addresses()) {
            changed.put(address, known(address, changed).flatMap(claim -> claim.without(pod)));
        }
    }

    /** A pod that has an address twice has it once. */
    private void add(EgressPod pod, Map<IpAddress, Optional<Claim>> changed) {
        var look = looks.computeIfAbsent(selection.look(pod), same -> same);
        var added = Claim.of(pod, look, selection.set(pod, look));
        var alone = Optional.of(added);
        var addresses = pod.addresses();
        for (int i = 0; i < addresses.size(); i++) {
            var address = addresses.get(i);
            if (addresses.indexOf(address) == i) {
                var known = known(address, changed);
                changed.put(address, known.isEmpty() ? alone : known.map(claim -> claim.and(added)));
            }
        }
    }

    private Optional<Claim> known(IpAddress address, Map<IpAddress, Optional<Claim>> changed) {
        var changing = changed.get(address);
        return changing == null ? claims.get(address) : changing;
    }

    private void replace(Map<IpAddress, Optional<Claim>> changed) {
        var next = tally.copy();
        var puts = LinkedHashMap.<IpAddress, Claim>newLinkedHashMap(changed.size());
        var gone = new HashSet<IpAddress>();
        changed.forEach((address, claim) -> {
            var before = claims.get(address);
            before.ifPresent(old -> next.remove(old, address));
            claim.ifPresentOrElse(
                    now -> {
                        next.add(now, address);
                        puts.put(address, now);
                    },
                    () -> before.ifPresent(_ -> gone.add(address)));
        });
        claims = claims.with(puts, gone);
        tally = next;
    }
}
