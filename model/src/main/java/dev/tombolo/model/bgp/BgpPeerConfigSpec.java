package dev.tombolo.model.bgp;

import dev.tombolo.model.label.SelectorSpec;
import java.util.List;
import java.util.Optional;

/** The fields of a CiliumBGPPeerConfig as they were written; nothing of it has been checked. */
public record BgpPeerConfigSpec(
        Optional<Transport> transport,
        Optional<Timers> timers,
        Optional<String> authSecretRef,
        Optional<GracefulRestart> gracefulRestart,
        Optional<Integer> ebgpMultihop,
        List<Family> families) {
    public static final BgpPeerConfigSpec EMPTY = new BgpPeerConfigSpec(null, null, null, null, null, null);

    public BgpPeerConfigSpec {
        transport = Written.orEmpty(transport);
        timers = Written.orEmpty(timers);
        authSecretRef = Written.orEmpty(authSecretRef).map(String::strip);
        gracefulRestart = Written.orEmpty(gracefulRestart);
        ebgpMultihop = Written.orEmpty(ebgpMultihop);
        families = Written.orEmpty(families);
    }

    /** How the connection is made. */
    public record Transport(Optional<Integer> peerPort, Optional<String> sourceInterface) {
        public Transport {
            peerPort = Written.orEmpty(peerPort);
            sourceInterface = Written.text(sourceInterface);
        }
    }

    /** In seconds, all three. */
    public record Timers(
            Optional<Integer> connectRetryTimeSeconds,
            Optional<Integer> holdTimeSeconds,
            Optional<Integer> keepAliveTimeSeconds) {
        public Timers {
            connectRetryTimeSeconds = Written.orEmpty(connectRetryTimeSeconds);
            holdTimeSeconds = Written.orEmpty(holdTimeSeconds);
            keepAliveTimeSeconds = Written.orEmpty(keepAliveTimeSeconds);
        }
    }

    public record GracefulRestart(boolean enabled, Optional<Integer> restartTimeSeconds) {
        public GracefulRestart {
            restartTimeSeconds = Written.orEmpty(restartTimeSeconds);
        }
    }

    /** @param advertisements labels of the CiliumBGPAdvertisements that count; without it none does */
    public record Family(String afi, String safi, Optional<SelectorSpec> advertisements) {
        public Family {
            afi = Written.orEmpty(afi);
            safi = Written.orEmpty(safi);
            advertisements = Written.orEmpty(advertisements);
        }
    }
}
