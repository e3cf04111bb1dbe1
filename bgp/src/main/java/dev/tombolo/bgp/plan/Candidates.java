package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpAdvertisement;
import dev.tombolo.model.bgp.BgpAdvertisement.Entry;
import dev.tombolo.model.bgp.BgpAdvertisement.Subject;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adds up what the entries of one advertisement ask for. */
record Candidates(
        RouteInput.Mesh mesh,
        BgpAdvertisement advertisement,
        List<RouteCandidate> candidates,
        List<Withheld> withheld) {
    void add(RouteInput.Node node, Collection<EgressOffer> egress) {
        for (Entry entry : advertisement.entries()) {
            switch (entry.subject()) {
                case Subject.PodRanges() ->
                    node.podRanges().forEach(range -> add(entry, range, "pods of this node " + range, false));
                case Subject.Interface(var device) ->
                    interfaces(entry, device, node.interfaces().getOrDefault(device, List.of()));
                case Subject.EgressAddresses() ->
                    egress.stream()
                            .filter(offer -> selects(entry, offer.selectable()))
                            .forEach(offer -> add(entry, offer));
                case Subject.Services _ -> {}
            }
        }
    }

    void add(BgpService service) {
        for (Entry entry : advertisement.entries()) {
            if (entry.subject() instanceof Subject.Services asked
                    && (service.global() || !asked.meshOnly())
                    && selects(entry, service.selectable())) {
                new ServiceCandidates(mesh, entry, asked, this).of(service);
            }
        }
    }

    private void interfaces(Entry entry, String device, List<IpAddress> addresses) {
        if (addresses.isEmpty()) {
            withhold("interface " + device, "there is no such device on this node, or it is down");
        }
        addresses.stream()
                .filter(NodeNetwork::canBeReached)
                .forEach(address -> add(entry, Prefix.host(address), "interface " + device + " " + address, false));
    }

    private void add(Entry entry, EgressOffer offer) {
        var ranked = offer.med().isPresent() ? entry.orMed(offer.med().getAsLong()) : entry;
        add(ranked, Prefix.host(offer.address()), "egress address " + offer.address(), false);
    }

    /** Without a selector nothing is selected. */
    private static boolean selects(Entry entry, Map<String, String> labels) {
        return entry.selector().filter(selector -> selector.matches(labels)).isPresent();
    }

    void add(Entry entry, Prefix prefix, String subject, boolean standby) {
        boolean second = standby || !entry.standby().isActive(mesh.self());
        candidates.add(new RouteCandidate(prefix, advertisement, entry, second, subject));
    }

    void withhold(String subject, String why) {
        withheld.add(new Withheld(advertisement.name(), Optional.empty(), subject, why));
    }
}
