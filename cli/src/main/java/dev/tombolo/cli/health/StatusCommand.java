package dev.tombolo.cli.health;

import dev.tombolo.cli.Session;
import dev.tombolo.cli.bgp.BgpSessionsPlan;
import dev.tombolo.cli.bgp.ObservedBgp;
import dev.tombolo.cli.egress.PolicyRow;
import dev.tombolo.cli.install.WaitOptions;
import dev.tombolo.cli.output.Patience;
import dev.tombolo.kube.KubeApi;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description = "Show on one screen whether all is well; exit 1 when something is wrong.",
        footerHeading = "%nExamples:%n",
        footer = {"  tombolo status --context west", "  tombolo status --wait --wait-duration 2m"})
public final class StatusCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--wait", description = "Wait until all is well.")
    private boolean wait;

    @Mixin
    private WaitOptions waiting;

    public StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        try (KubeApi api = session.cluster()) {
            if (wait) {
                new Patience(session.console(), waiting.longest()).await(() -> firstProblem(read(api)));
            }
            var health = read(api);
            session.console().show(session.format(), StatusText.document(health), () -> StatusText.of(health));
            return health.isWell() ? 0 : 1;
        }
    }

    private static Health read(KubeApi api) throws IOException {
        Instant now = Clock.systemUTC().instant();
        var health = HealthPlan.of(Observed.read(api).with(PolicyRow.read(api, now)), now)
                .with(addressProblems(api));
        return ObservedBgp.readIfUsed(api)
                .map(seen -> BgpHealthPlan.with(health, BgpSessionsPlan.of(seen, now)))
                .orElse(health);
    }

    /** None where there are no pools of addresses for services, or where they are Cilium's own. */
    private static List<Health.Problem> addressProblems(KubeApi api) throws IOException {
        if (!api.writes().statuses().ownsAddressPools()) {
            return List.of();
        }
        var pools = api.writes().mesh().addressPools();
        return pools.isEmpty()
                ? List.of()
                : AddressProblemPlan.of(pools, api.reads().services());
    }

    private static Optional<String> firstProblem(Health health) {
        return health.problems().stream().map(Health.Problem::what).findFirst();
    }
}
