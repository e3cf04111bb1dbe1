package dev.tombolo.model.bgp;

import dev.tombolo.model.bgp.BgpClusterConfigSpec.AutoDiscovery;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Instance;
import dev.tombolo.model.bgp.BgpClusterConfigSpec.Peer;
import dev.tombolo.model.bgp.BgpInstance.Place;
import dev.tombolo.model.bgp.BgpInstance.Router;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the instances of a CiliumBGPClusterConfig; one that cannot be meant is left out, and so is a peer. */
record BgpInstanceFields(BgpFields fields) {
    List<BgpInstance> instances(String field, List<Instance> texts) {
        var instances = new ArrayList<BgpInstance>();
        var names = new HashSet<String>();
        for (int i = 0; i < texts.size(); i++) {
            instance(field + "[" + i + "]", texts.get(i), names).ifPresent(instances::add);
        }
        return instances;
    }

    private Optional<BgpInstance> instance(String field, Instance text, Set<String> taken) {
        fields.without(field + ".localPort", text.localPort(), "nothing: this speaker calls and does not listen");
        if (!text.bmpServers().isEmpty()) {
            fields.refuse(
                    field + ".bmpServers",
                    text.bmpServers().getFirst().name(),
                    "nothing: this speaker sends no BMP; the sessions are up without it");
        }
        var name = unique(field + ".name", text.name(), taken);
        var asn = text.localASN().map(number -> fields.asn(field + ".localASN", number));
        if (name.isEmpty() || asn.filter(Optional::isEmpty).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                new BgpInstance(name.get(), asn.flatMap(read -> read), routers(field + ".peers", text.peers())));
    }

    private Optional<String> unique(String field, String text, Set<String> taken) {
        var name = fields.name(field, text);
        if (name.isPresent() && !taken.add(name.get())) {
            fields.refuse(field, text, "a name that no other of the list has");
            return Optional.empty();
        }
        return name;
    }

    private List<Router> routers(String field, List<Peer> texts) {
        var routers = new ArrayList<Router>();
        var names = new HashSet<String>();
        for (int i = 0; i < texts.size(); i++) {
            router(field + "[" + i + "]", texts.get(i), names).ifPresent(routers::add);
        }
        return routers;
    }

    private Optional<Router> router(String field, Peer text, Set<String> taken) {
        var name = unique(field + ".name", text.name(), taken);
        var place = place(field, text);
        var asn = asn(field + ".peerASN", text.peerASN().orElse(0L));
        var config = text.peerConfigRef().map(BgpClusterConfigSpec.Reference::name);
        boolean isNameless = config.filter(String::isEmpty).isPresent();
        if (isNameless) {
            fields.refuse(
                    field + ".peerConfigRef.name",
                    "nothing",
                    "the name of a CiliumBGPPeerConfig, or no peerConfigRef where defaults are meant");
        }
        if (name.isEmpty() || place.isEmpty() || asn.isEmpty() || isNameless) {
            return Optional.empty();
        }
        return Optional.of(new Router(name.get(), place.get(), asn.get(), config));
    }

    private Optional<Asn> asn(String field, long number) {
        if (number == 0) {
            fields.refuse(
                    field,
                    "0",
                    "the router's number: this speaker cannot take whichever one it has, so the peer is left out");
            return Optional.empty();
        }
        return fields.asn(field, number);
    }

    private Optional<Place> place(String field, Peer text) {
        if (text.peerAddress().isPresent() == text.autoDiscovery().isPresent()) {
            fields.refuse(
                    field,
                    text.peerAddress().isPresent() ? "peerAddress and autoDiscovery" : "neither",
                    "peerAddress or autoDiscovery");
            return Optional.empty();
        }
        return text.peerAddress().isPresent()
                ? fields.address(field + ".peerAddress", text.peerAddress().get())
                        .map(Place.At::new)
                : discovered(field + ".autoDiscovery", text.autoDiscovery().orElseThrow());
    }

    private Optional<Place> discovered(String field, AutoDiscovery text) {
        if (!text.mode().equals("DefaultGateway")) {
            fields.refuse(
                    field + ".mode",
                    text.mode(),
                    "DefaultGateway: this speaker holds no sessions between link-local addresses");
            return Optional.empty();
        }
        fields.without(field + ".unnumbered", text.unnumbered(), "nothing: it is for the mode Unnumbered");
        String family = text.defaultGateway()
                .map(BgpClusterConfigSpec.DefaultGateway::addressFamily)
                .orElse("nothing");
        return switch (family) {
            case "ipv4" -> Optional.of(new Place.DefaultGateway(BgpFamily.IPV4));
            case "ipv6" -> Optional.of(new Place.DefaultGateway(BgpFamily.IPV6));
            default -> {
                fields.refuse(field + ".defaultGateway.addressFamily", family, "ipv4 or ipv6");
                yield Optional.empty();
            }
        };
    }
}
