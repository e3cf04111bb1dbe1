package dev.tombolo.agent.bgp;

import dev.tombolo.bgp.bfd.SessionReport;
import dev.tombolo.kube.object.BgpNodeConfigObject.BfdStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/** What a node says of BFD with a router in its CiliumBGPNodeConfig. */
final class BfdReport {
    private static final String UNKNOWN = "unknown";

    private BfdReport() {}

    /** @param report empty: nobody has said anything yet */
    static BfdStatus of(Optional<SessionReport> report) {
        return report.map(BfdReport::of)
                .orElseGet(() -> new BfdStatus(
                        UNKNOWN, Optional.empty(), "NotReported", "BFD's process has not said how it is"));
    }

    static BfdStatus unheard(Instant since) {
        var second = since.truncatedTo(ChronoUnit.SECONDS);
        return new BfdStatus(
                UNKNOWN, Optional.of(second), "NotWatched", "BFD's process has not been heard since " + second);
    }

    private static BfdStatus of(SessionReport report) {
        var why = report.isUp() ? new Why("", "") : why(report);
        return new BfdStatus(
                report.state().name().toLowerCase(Locale.ROOT).replace("_", ""),
                Optional.of(report.since().truncatedTo(ChronoUnit.SECONDS)),
                why.reason(),
                why.message());
    }

    private record Why(String reason, String message) {}

    private static Why why(SessionReport report) {
        if (report.isEndedByNeighbour()) {
            return new Why("EndedByRouter", "the router has ended BFD");
        }
        return switch (report.diagnostic()) {
            case NONE -> new Why("NotAnswered", "the router does not speak BFD with this node");
            case DETECTION_TIME_EXPIRED -> new Why("RouterSilent", "the router has fallen silent");
            case NEIGHBOR_SIGNALED_DOWN -> new Why("NodeSilent", "the router has not heard this node");
            default -> new Why("NotUp", "diagnostic " + report.diagnostic());
        };
    }
}
