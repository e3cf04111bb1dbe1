package dev.tombolo.model.egress;

import dev.tombolo.model.Invalid;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.label.SelectorFields;
import dev.tombolo.model.label.SelectorSpec;
import dev.tombolo.model.net.IpAddress;
import dev.tombolo.model.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the fields of a policy's spec. Each problem says what was read, what was expected, and what to do about it. */
record EgressFields(String where, List<Invalid> refused, List<Invalid> ignored) {
    private static final int LONGEST_INTERFACE = 15;

    List<EgressSource> sources(List<EgressPolicySpec.Source> selectors) {
        if (selectors.isEmpty()) {
            refuse("spec.selectors", "none", "at least one entry; one with podSelector: {} selects every pod");
        }
        var sources = new ArrayList<EgressSource>();
        for (int i = 0; i < selectors.size(); i++) {
            sources.add(source("spec.selectors[" + i + "]", selectors.get(i)));
        }
        return sources;
    }

    private EgressSource source(String field, EgressPolicySpec.Source text) {
        if (text.podSelector().isEmpty() && text.namespaceSelector().isEmpty()) {
            refuse(
                    field,
                    "neither podSelector nor namespaceSelector",
                    "one of them or both; to select every pod, add podSelector: {}");
        }
        return new EgressSource(
                selector(field + ".podSelector", text.podSelector()),
                selector(field + ".namespaceSelector", text.namespaceSelector()),
                selector(field + ".nodeSelector", text.nodeSelector()));
    }

    List<Prefix> destinations(List<String> texts) {
        if (texts.isEmpty()) {
            refuse("spec.destinationCIDRs", "none", "at least one CIDR; 0.0.0.0/0 and ::/0 are everything outside");
        }
        return prefixes("spec.destinationCIDRs", texts);
    }

    List<Prefix> excluded(List<String> texts, List<Prefix> destinations) {
        var excluded = prefixes("spec.excludedCIDRs", texts);
        for (Prefix hole : excluded) {
            if (destinations.stream().noneMatch(destination -> destination.contains(hole))) {
                ignored.add(new Invalid(
                        where + " spec.excludedCIDRs",
                        Invalid.Reason.BAD_CONFIGURATION,
                        hole.toString(),
                        "a range within a destination; this one has no effect and can be removed"));
            }
        }
        return excluded;
    }

    List<EgressGateway> gateways(EgressPolicySpec spec, List<Prefix> destinations) {
        if (spec.egressGateways().isEmpty()) {
            if (spec.egressGateway().isEmpty()) {
                refuse("spec.egressGateway", "nothing", "egressGateway or egressGateways with a nodeSelector");
            }
            return spec.egressGateway().stream()
                    .flatMap(only -> gateway("spec.egressGateway", only, destinations).stream())
                    .toList();
        }
        // The single field repeats the first of the list, so that a version that knows no list still has a gateway.
        spec.egressGateway()
                .filter(single -> !spec.egressGateways().contains(single))
                .ifPresent(_ -> ignored.add(new Invalid(
                        where + " spec.egressGateway",
                        Invalid.Reason.BAD_CONFIGURATION,
                        "a gateway that is not in spec.egressGateways",
                        "an entry of that list, which is what counts; add it there or remove it here")));
        var gateways = new ArrayList<EgressGateway>();
        for (int i = 0; i < spec.egressGateways().size(); i++) {
            gateway("spec.egressGateways[" + i + "]", spec.egressGateways().get(i), destinations)
                    .ifPresent(gateways::add);
        }
        return gateways;
    }

    /** The gateways, of which those that name no address get one of the pool. */
    List<EgressGateway> pooled(List<EgressGateway> gateways, Optional<String> pool, List<Prefix> destinations) {
        boolean open = gateways.stream().anyMatch(EgressFields::namesNoAddress);
        if (pool.isEmpty() || gateways.isEmpty()) {
            return gateways;
        }
        if (!open) {
            ignored.add(new Invalid(
                    where + " annotation " + EgressAnnotations.POOL,
                    Invalid.Reason.BAD_ANNOTATION,
                    pool.get(),
                    "a gateway with neither interface nor egressIP; remove that, or the annotation"));
        } else if (destinations.stream().map(Prefix::isV4).distinct().count() > 1) {
            refuse(
                    "spec.destinationCIDRs",
                    "IPv4 and IPv6 for an address of pool " + pool.get(),
                    "destinations of one family, as the address is of one: use a policy for each family");
        }
        return gateways.stream()
                .map(gateway -> namesNoAddress(gateway)
                        ? new EgressGateway(gateway.nodes(), new EgressAddress.OfPool(pool.get()))
                        : gateway)
                .toList();
    }

    private static boolean namesNoAddress(EgressGateway gateway) {
        return gateway.address() instanceof EgressAddress.OfDefaultRoute;
    }

    private Optional<EgressGateway> gateway(String field, EgressPolicySpec.Gateway text, List<Prefix> destinations) {
        if (text.nodeSelector().isEmpty()) {
            refuse(field + ".nodeSelector", "nothing", "a selector of the nodes that may be gateways");
            return Optional.empty();
        }
        return address(field, text, destinations)
                .map(address -> new EgressGateway(selector(field + ".nodeSelector", text.nodeSelector()), address));
    }

    private Optional<EgressAddress> address(String field, EgressPolicySpec.Gateway text, List<Prefix> destinations) {
        if (text.device().isPresent() && text.egressIP().isPresent()) {
            refuse(
                    field,
                    "interface " + text.device().get() + " and egressIP "
                            + text.egressIP().get(),
                    "one of them or neither: remove one");
            return Optional.empty();
        }
        if (text.egressIP().isPresent()) {
            return fixed(field + ".egressIP", text.egressIP().get(), destinations);
        }
        return text.device()
                .<Optional<EgressAddress>>map(name -> device(field + ".interface", name))
                .orElse(Optional.of(new EgressAddress.OfDefaultRoute()));
    }

    private Optional<EgressAddress> device(String field, String name) {
        if (name.length() > LONGEST_INTERFACE || name.contains("/") || name.contains(" ")) {
            refuse(field, name, "the name of a network device of the gateways, for instance eth1");
            return Optional.empty();
        }
        return Optional.of(new EgressAddress.OfInterface(name));
    }

    private Optional<EgressAddress> fixed(String field, String text, List<Prefix> destinations) {
        var address = IpAddress.tryParse(text.strip()).filter(EgressFields::canBeASource);
        if (address.isEmpty()) {
            refuse(field, text, "an IP address that can be the source of packets, for instance 192.0.2.10");
            return Optional.empty();
        }
        var other = destinations.stream()
                .filter(destination -> destination.isV4() != address.get().isV4())
                .findFirst();
        if (other.isPresent()) {
            String family = other.get().isV4() ? "IPv4" : "IPv6";
            refuse(
                    field,
                    text + " for destination " + other.get(),
                    "an " + family + " address for " + family + " destinations: use a policy for each family");
            return Optional.empty();
        }
        return Optional.of(new EgressAddress.Fixed(address.get()));
    }

    private static boolean canBeASource(IpAddress address) {
        return !address.isUnspecified() && !address.isLoopback() && !address.isMulticast();
    }

    private LabelSelector selector(String field, Optional<SelectorSpec> text) {
        return new SelectorFields(where, refused).selector(field, text);
    }

    private List<Prefix> prefixes(String field, List<String> texts) {
        var prefixes = new ArrayList<Prefix>();
        for (String text : texts) {
            Prefix.tryParse(text.strip())
                    .ifPresentOrElse(prefixes::add, () -> refuse(field, text, "a CIDR, for instance 192.0.2.0/24"));
        }
        return prefixes.stream().distinct().toList();
    }

    private void refuse(String field, String read, String expected) {
        refused.add(new Invalid(where + " " + field, Invalid.Reason.BAD_CONFIGURATION, read, expected));
    }
}
