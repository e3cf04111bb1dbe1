package dev.tombolo.model.bgp;

import dev.tombolo.model.Invalid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of reading a CiliumBGPPeerConfig. A timer that the speaker has no say in is reported, and sessions are up with
 * what the speaker has; where it is not clear how a session is to be, there is none.
 *
 * @param config empty where sessions that name it stay down
 * @param refused what is wrong; empty for one that is in force as it was written
 */
public record BgpPeerConfigReading(String name, Optional<BgpPeerConfig> config, List<Invalid> refused) {
    public static final String KIND = "CiliumBGPPeerConfig";

    public BgpPeerConfigReading {
        refused = List.copyOf(refused);
    }

    public static BgpPeerConfigReading of(String name, BgpPeerConfigSpec spec, Map<String, String> annotations) {
        String where = KIND + " " + name;
        var refused = new ArrayList<Invalid>();
        var fields = new BgpSessionFields(new BgpFields(where, refused));
        var config = fields.config(name, spec);
        fields.reportTimers(spec.timers());
        fields.reportRestart(spec.gracefulRestart());
        var bfd = new BfdAnnotations(new BgpAnnotations(where, annotations, refused)).timing();
        return new BgpPeerConfigReading(name, config.map(read -> read.with(bfd)), refused);
    }
}
