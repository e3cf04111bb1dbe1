package dev.tombolo.bgp.plan;

import dev.tombolo.bgp.plan.PeerProblem.Kind;
import dev.tombolo.model.bgp.Asn;
import dev.tombolo.model.bgp.BgpClusterConfig;
import dev.tombolo.model.bgp.BgpFamily;
import dev.tombolo.model.bgp.BgpInstance;
import dev.tombolo.model.bgp.BgpInstance.Place;
import dev.tombolo.model.bgp.BgpInstance.Router;
import dev.tombolo.model.bgp.BgpNodeOverride;
import dev.tombolo.model.bgp.BgpPeer;
import dev.tombolo.model.bgp.BgpPeer.Password;
import dev.tombolo.model.bgp.BgpPeerConfig;
import dev.tombolo.model.bgp.PeerId;
import dev.tombolo.model.label.LabelSelector;
import dev.tombolo.model.net.IpAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The session with one router, or why there is none. */
record SessionDerivation(PeerInput input, BgpClusterConfig config, BgpInstance instance, List<PeerProblem> problems) {
    /** As systems send by default: a router of the same system may be anywhere in it. */
    private static final int INTERNAL_HOPS = 64;

    Optional<PlannedPeer> session(Router router) {
        if (isUnclear()) {
            return problem(
                    router,
                    Kind.OVERRIDE_REFUSED,
                    "what CiliumBGPNodeConfigOverride " + input.node().name() + " says of instance " + instance.name()
                            + " cannot be meant; mend it or remove it");
        }
        var asn = override().localAsn().or(instance::localAsn);
        if (asn.isEmpty()) {
            return problem(
                    router,
                    Kind.NO_LOCAL_ASN,
                    "instance " + instance.name()
                            + " has no localASN; add it there or in the CiliumBGPNodeConfigOverride of this node");
        }
        var settings = new PeerSettings(input).of(router);
        return switch (settings) {
            case PeerSettings.Missing(var kind, var message) -> problem(router, kind, message);
            case PeerSettings.Found(var peerConfig, var password) -> addressed(router, asn.get(), peerConfig, password);
        };
    }

    private Optional<PlannedPeer> addressed(
            Router router, Asn localAsn, BgpPeerConfig peerConfig, Optional<Password> password) {
        var there = there(router);
        if (there.isEmpty()) {
            return problem(
                    router,
                    Kind.NO_DEFAULT_GATEWAY,
                    "this node has no default route of that family with a gateway beyond its link; add one, or write "
                            + "peerAddress in place of autoDiscovery");
        }
        var here = here(router, there.get(), peerConfig);
        if (here.isEmpty()) {
            return problem(router, Kind.NO_LOCAL_ADDRESS, noLocalAddress(there.get(), peerConfig));
        }
        if (here.get().isV4() != there.get().isV4()) {
            return problem(
                    router,
                    Kind.FAMILY_MISMATCH,
                    "localAddress " + here.get() + " cannot reach " + there.get()
                            + ", which is of the other family; mend it in CiliumBGPNodeConfigOverride "
                            + input.node().name());
        }
        if (isOwn(there.get())) {
            return problem(
                    router,
                    Kind.OWN_ADDRESS,
                    there.get()
                            + " is an address of this node itself; write the router's, or leave this node out by nodeSelector");
        }
        return Optional.of(planned(router, localAsn, peerConfig, password, there.get(), here.get()));
    }

    private PlannedPeer planned(
            Router router,
            Asn localAsn,
            BgpPeerConfig peerConfig,
            Optional<Password> password,
            IpAddress there,
            IpAddress here) {
        var families = peerConfig.families().stream()
                .map(BgpPeerConfig.Family::family)
                .collect(Collectors.toCollection(TreeSet::new));
        var session = new BgpPeer(
                id(router),
                localAsn,
                router.asn(),
                RouterIds.of(override(), input.node()),
                here,
                there,
                peerConfig.peerPort(),
                peerConfig.holdTime(),
                localAsn.equals(router.asn()) ? INTERNAL_HOPS : peerConfig.hops(),
                peerConfig.restartTime(),
                password,
                families);
        return new PlannedPeer(
                session,
                config.name(),
                router.peerConfig(),
                advertisements(peerConfig),
                nextHops(here, families),
                peerConfig.bfd(),
                config.drain());
    }

    private Map<BgpFamily, IpAddress> nextHops(IpAddress here, TreeSet<BgpFamily> families) {
        var hops = new EnumMap<BgpFamily, IpAddress>(BgpFamily.class);
        for (BgpFamily family : families) {
            nextHop(here, family).ifPresent(hop -> hops.put(family, hop));
        }
        return hops;
    }

    /** The family's own; what is IPv4 can also be sent to an IPv6 address (RFC 8950), and not the other way round. */
    private Optional<IpAddress> nextHop(IpAddress here, BgpFamily family) {
        if (NodeNetwork.family(here) == family) {
            return Optional.of(here);
        }
        return input.network()
                .beside(here, family)
                .or(() -> input.node().address(family))
                .or(() -> family == BgpFamily.IPV4 ? Optional.of(here) : Optional.empty());
    }

    private static Map<BgpFamily, LabelSelector> advertisements(BgpPeerConfig peerConfig) {
        return peerConfig.families().stream()
                .filter(family -> family.advertisements().isPresent())
                .collect(Collectors.toMap(
                        BgpPeerConfig.Family::family,
                        family -> family.advertisements().get()));
    }

    private Optional<IpAddress> there(Router router) {
        return switch (router.place()) {
            case Place.At(var address) -> Optional.of(address);
            case Place.DefaultGateway(var family) -> input.network().defaultGateway(family);
        };
    }

    private Optional<IpAddress> here(Router router, IpAddress there, BgpPeerConfig peerConfig) {
        var family = NodeNetwork.family(there);
        var said = Optional.ofNullable(override().localAddresses().get(router.name()));
        if (said.isPresent() || peerConfig.sourceInterface().isPresent()) {
            return said.or(() -> input.network().on(peerConfig.sourceInterface().orElseThrow(), family));
        }
        return input.network().sourceTo(there).or(() -> input.node().address(family));
    }

    private String noLocalAddress(IpAddress there, BgpPeerConfig peerConfig) {
        String where = peerConfig.sourceInterface().map(" on device "::concat).orElse("");
        return "this node has no address" + where + " that reaches " + there
                + "; CiliumBGPNodeConfigOverride can name one as localAddress";
    }

    private boolean isOwn(IpAddress address) {
        return input.node().addresses().contains(address)
                || input.network().interfaces().values().stream().anyMatch(own -> own.contains(address));
    }

    private boolean isUnclear() {
        return input.override()
                .filter(reading -> reading.unclear().contains(instance.name()))
                .isPresent();
    }

    private BgpNodeOverride.Instance override() {
        return input.override()
                .map(reading -> reading.override().instance(instance.name()))
                .orElse(BgpNodeOverride.Instance.NOTHING);
    }

    private PeerId id(Router router) {
        return new PeerId(instance.name(), router.name());
    }

    private Optional<PlannedPeer> problem(Router router, Kind kind, String message) {
        problems.add(new PeerProblem(kind, config.name(), Optional.of(id(router)), router.peerConfig(), message));
        return Optional.empty();
    }
}
