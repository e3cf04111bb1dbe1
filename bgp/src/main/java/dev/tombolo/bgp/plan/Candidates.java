package dev.tombolo.bgp.plan;

import dev.tombolo.model.bgp.BgpAdvertisement;
import dev.tombolo.model.bgp.BgpAdvertisement.Entry;
import dev.tombolo.model.bgp.BgpAdvertisement.Subject;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the entries of one advertisement ask for, whoever is told. */
final class Candidates {
    private final RouteInput input;
    private final BgpAdvertisement advertisement;
    private final List<RouteCandidate> candidates = new ArrayList<>();
    private final List<Withheld> withheld;

    private Candidates(RouteInput input, BgpAdvertisement advertisement, List<Withheld> withheld) {
        this.input = input;
        this.advertisement = advertisement;
        this.withheld = withheld;
    }

    static List<RouteCandidate> of(RouteInput input, BgpAdvertisement advertisement, List<Withheld> withheld) {
        var candidates = new Candidates(input, advertisement, withheld);
        advertisement.entries().forEach(candidates::add);
        return candidates.candidates;
    }

    private void add(Entry entry) {
        switch (entry.subject()) {
            case Subject.PodRanges() ->
                input.node().podRanges().forEach(range -> add(entry, range, "pods of this node " + range));
            case Subject.Interface(var device) -> interfaces(entry, device);
            case Subject.EgressAddresses() ->
                input.egress().stream()
                        .filter(offer -> selects(entry, offer.selectable()))
                        .forEach(offer -> add(entry, offer));
            case Subject.Services services ->
                input.services().stream()
                        .filter(service -> !services.meshOnly() || service.global())
                        .filter(service -> selects(entry, service.selectable()))
                        .forEach(service -> new ServiceCandidates(input.mesh(), entry, services, this).of(service));
        }
    }

    private void interfaces(Entry entry, String device) {
        List<IpAddress> addresses = input.node().interfaces().getOrDefault(device, List.of());
        if (addresses.isEmpty()) {
            withhold("interface " + device, "there is no such device on this node, or it is down");
        }
        addresses.stream()
                .filter(NodeNetwork::canBeReached)
                .forEach(address -> add(entry, Prefix.host(address), "interface " + device + " " + address));
    }

    private void add(Entry entry, EgressOffer offer) {
        var ranked = offer.med().isPresent() ? entry.orMed(offer.med().getAsLong()) : entry;
        add(ranked, Prefix.host(offer.address()), "egress address " + offer.address());
    }

    /** Without a selector nothing is selected. */
    private static boolean selects(Entry entry, Map<String, String> labels) {
        return entry.selector().filter(selector -> selector.matches(labels)).isPresent();
    }

    private void add(Entry entry, Prefix prefix, String subject) {
        add(entry, prefix, subject, false);
    }

    void add(Entry entry, Prefix prefix, String subject, boolean standby) {
        boolean second = standby || !entry.standby().isActive(input.mesh().self());
        candidates.add(
                new RouteCandidate(prefix, entry, second, new PlannedRoute.Reason(advertisement.name(), subject)));
    }

    void withhold(String subject, String why) {
        withheld.add(new Withheld(advertisement.name(), Optional.empty(), subject, why));
    }
}
