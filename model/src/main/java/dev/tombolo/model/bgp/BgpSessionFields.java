package dev.tombolo.model.bgp;

import dev.tombolo.model.bgp.BgpPeerConfig.Family;
import dev.tombolo.model.bgp.BgpPeerConfigSpec.GracefulRestart;
import dev.tombolo.model.bgp.BgpPeerConfigSpec.Timers;
import dev.tombolo.model.bgp.BgpPeerConfigSpec.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** Reads the fields of a CiliumBGPPeerConfig. */
record BgpSessionFields(BgpFields fields) {
    private static final int LARGEST_PORT = 65_535;
    private static final int LONGEST_RESTART = 4_095;
    private static final int RESTART = 120;
    private static final int CONNECT_RETRY = 120;
    private static final int SHORTEST_HOLD = 3;
    private static final int KEEPALIVES = 3;

    /** Empty where one of the fields that make a session cannot be meant. */
    Optional<BgpPeerConfig> config(String name, BgpPeerConfigSpec spec) {
        int before = fields.refused().size();
        var transport = spec.transport().orElse(new Transport(null, null));
        var port = fields.number("spec.transport.peerPort", transport.peerPort(), 1, LARGEST_PORT, BgpPeerConfig.PORT);
        var source = transport.sourceInterface().flatMap(text -> fields.device("spec.transport.sourceInterface", text));
        var hold = holdTime(spec.timers());
        var hops = fields.number("spec.ebgpMultihop", spec.ebgpMultihop(), 1, 255, 1);
        var restart = spec.gracefulRestart().flatMap(this::restartTime);
        spec.authSecretRef().filter(String::isEmpty).ifPresent(this::refuseNameless);
        boolean clear = fields.refused().size() == before;
        var families = families(spec.families());
        if (!clear || families.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new BgpPeerConfig(
                name,
                port.orElseThrow(),
                source,
                Duration.ofSeconds(hold.orElseThrow()),
                hops.orElseThrow(),
                restart,
                spec.authSecretRef(),
                families,
                Optional.empty()));
    }

    /** Whoever wrote the field wanted a password. */
    private void refuseNameless(String name) {
        fields.refuse(
                "spec.authSecretRef",
                "nothing",
                "the name of a Secret, or no such field where sessions are to have no password");
    }

    private Optional<Integer> holdTime(Optional<Timers> timers) {
        return fields.number(
                "spec.timers.holdTimeSeconds",
                timers.flatMap(Timers::holdTimeSeconds),
                SHORTEST_HOLD,
                LARGEST_PORT,
                (int) BgpPeerConfig.HOLD_TIME.toSeconds());
    }

    private Optional<Duration> restartTime(GracefulRestart text) {
        if (!text.enabled()) {
            return Optional.empty();
        }
        return fields.number(
                        "spec.gracefulRestart.restartTimeSeconds",
                        text.restartTimeSeconds(),
                        1,
                        LONGEST_RESTART,
                        RESTART)
                .map(Duration::ofSeconds);
    }

    /** The time that the API server writes beside what is off is nobody's. */
    void reportRestart(Optional<GracefulRestart> text) {
        text.filter(restart -> !restart.enabled())
                .flatMap(GracefulRestart::restartTimeSeconds)
                .filter(seconds -> seconds != RESTART)
                .ifPresent(seconds -> fields.refuse(
                        "spec.gracefulRestart.restartTimeSeconds",
                        seconds.toString(),
                        "enabled: true beside it, to have an effect"));
    }

    /** The speaker has no say in these: sessions are up all the same, and whoever wrote them hears what is so instead. */
    void reportTimers(Optional<Timers> timers) {
        timers.flatMap(Timers::connectRetryTimeSeconds)
                .filter(retry -> retry != CONNECT_RETRY)
                .ifPresent(
                        retry -> fields.refuse(
                                "spec.timers.connectRetryTimeSeconds",
                                retry.toString(),
                                "nothing: this speaker tries again after 1 second and then more and more seldom, up to a minute"));
        int hold = timers.flatMap(Timers::holdTimeSeconds).orElse((int) BgpPeerConfig.HOLD_TIME.toSeconds());
        timers.flatMap(Timers::keepAliveTimeSeconds)
                .filter(keepAlive -> keepAlive != hold / KEEPALIVES)
                .ifPresent(keepAlive -> fields.refuse(
                        "spec.timers.keepAliveTimeSeconds",
                        keepAlive.toString(),
                        hold / KEEPALIVES + ", a third of the hold time, which is what this speaker has"));
    }

    /** Where none are written, both and nothing to tell; a family that is no unicast is left out. */
    private List<Family> families(List<BgpPeerConfigSpec.Family> texts) {
        if (texts.isEmpty()) {
            return Family.BOTH_WITHOUT_ROUTES;
        }
        var families = new ArrayList<Family>();
        var taken = EnumSet.noneOf(BgpFamily.class);
        for (int i = 0; i < texts.size(); i++) {
            family("spec.families[" + i + "]", texts.get(i), taken).ifPresent(families::add);
        }
        return families;
    }

    private Optional<Family> family(String field, BgpPeerConfigSpec.Family text, EnumSet<BgpFamily> taken) {
        var family = named(text);
        if (family.isEmpty()) {
            fields.refuse(
                    field,
                    text.afi() + "/" + text.safi(),
                    "ipv4/unicast or ipv6/unicast: the session is up without this family");
            return Optional.empty();
        }
        if (!taken.add(family.get())) {
            fields.refuse(field, family.get().toString(), "each family once: the first entry counts");
            return Optional.empty();
        }
        int before = fields.refused().size();
        var advertisements = text.advertisements()
                .map(selector -> fields.selector(field + ".advertisements", Optional.of(selector)));
        // Half a selector would choose more than was meant.
        boolean clear = fields.refused().size() == before;
        return Optional.of(new Family(family.get(), clear ? advertisements : Optional.empty()));
    }

    private static Optional<BgpFamily> named(BgpPeerConfigSpec.Family text) {
        return switch (text.afi() + "/" + text.safi()) {
            case "ipv4/unicast" -> Optional.of(BgpFamily.IPV4);
            case "ipv6/unicast" -> Optional.of(BgpFamily.IPV6);
            default -> Optional.empty();
        };
    }
}
